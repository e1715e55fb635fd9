"""What becomes of hostile input: nothing may break, leak, run or fill a slot."""
