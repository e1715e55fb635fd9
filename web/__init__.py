"""Everything a browser sees: the visitor's chat and the staff console."""
