"""What docs/operations.md promises of the files in deploy/."""
