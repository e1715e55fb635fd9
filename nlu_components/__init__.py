"""Our own parts of the language pipeline, the only Python that Rasa loads."""
