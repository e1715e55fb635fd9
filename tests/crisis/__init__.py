"""Crisis detection and crisis answers. Runs where Rasa is installed."""
