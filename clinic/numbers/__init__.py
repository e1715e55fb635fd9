"""What happened in a period: figures for staff, one file for each group of them."""
