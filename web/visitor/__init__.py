"""The visitor's door: the chat page and its API."""
