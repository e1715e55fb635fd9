"""Columns that are unreadable without the keys: names, contacts, answers, transcripts, notes."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from clinic.settings import settings


class UnreadableValue(Exception):
    """None of the keys in CLINIC_ENCRYPTION_KEYS opens a stored value."""


@lru_cache
def cipher() -> MultiFernet:
    """The first key encrypts; every key decrypts, so that keys can be rotated."""
    keys = settings().encryption_keys.get_secret_value().split(",")
    return MultiFernet([Fernet(key.strip().encode()) for key in keys])


class Encrypted(TypeDecorator[Any]):
    """Any JSON value, encrypted and authenticated (Fernet: AES-128-CBC with HMAC-SHA256)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return cipher().encrypt(json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            return json.loads(cipher().decrypt(bytes(value)))
        except InvalidToken:
            raise UnreadableValue(
                "a stored value cannot be opened; was CLINIC_ENCRYPTION_KEYS changed?"
            ) from None
