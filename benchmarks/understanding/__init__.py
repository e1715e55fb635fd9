"""How well, how fast and at what cost are messages understood?"""
