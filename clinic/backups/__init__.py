"""Backups: one sealed file that holds the databases, and the way back from it."""
