"""One folder for each question we measure: one command, and the last result as a table."""
