"""What no part of the console may forget: who may do what, whose form it is, and what is run."""
