"""Keys for one purpose each, so that what is signed for one is worth nothing for another."""

from __future__ import annotations

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from clinic.settings import settings


@lru_cache
def derived_key(purpose: str) -> bytes:
    """32 bytes that follow from CLINIC_SEARCH_KEY and the purpose, and give neither away."""
    return derive(settings().search_key.get_secret_value().encode(), purpose)


def derive(secret: bytes, purpose: str) -> bytes:
    """The same from any secret. With another algorithm, nothing derived before agrees again."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
