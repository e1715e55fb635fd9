"""From a fresh clone to a running product.

Standard library only, and readable by any Python 3: it runs before anything is installed.
"""
