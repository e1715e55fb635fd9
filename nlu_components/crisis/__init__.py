"""Crisis: find words of danger in a message, and hold the approved answers to them."""
