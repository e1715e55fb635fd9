"""What can be done on the command line; one file for each command."""
