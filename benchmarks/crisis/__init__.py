"""How much danger is heard, how often is nothing called danger, and what does listening cost?"""
