"""Settings that are not ours but Rasa's, read where `make run` reads them: environment, `.env`."""

from __future__ import annotations

import os

from dotenv import dotenv_values

from clinic.settings import HOME

DOTENV = HOME / ".env"


def written(name: str) -> str:
    """Empty where it is set nowhere; the environment wins."""
    return os.environ.get(name) or dotenv_values(DOTENV).get(name) or ""
