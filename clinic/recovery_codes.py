"""Recovery codes: each opens the door once, for somebody whose authenticator app is gone."""

from __future__ import annotations

import hashlib
import re
import secrets

from clinic.passwords import EASY_TO_READ_OUT

HOW_MANY = 10
SHAPE = re.compile(rf"[{EASY_TO_READ_OUT}]{{16}}")


def new_codes() -> list[str]:
    """Ten codes of about 79 random bits, so that a plain hash of one cannot be guessed."""
    return ["-".join(_group() for _ in range(4)) for _ in range(HOW_MANY)]


def hashed(code: str) -> str:
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def looks_like_one(code: str) -> bool:
    return SHAPE.fullmatch(_plain(code)) is not None


def _group() -> str:
    return "".join(secrets.choice(EASY_TO_READ_OUT) for _ in range(4))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", code).lower()
