"""Whether the product answers faster than Rasa's starter, carries more, and stays so fast."""
