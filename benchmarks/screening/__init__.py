"""Do whole conversations end with what visitors meant, however they put it?"""
