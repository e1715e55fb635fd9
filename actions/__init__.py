"""What the bot does when Rasa asks: it translates between Rasa and the clinic."""
