"""Passwords of staff: how they are kept and made up. Knows no database.

Hashing and comparing are slow on purpose. Do both outside of a transaction: SQLite has one
writer, and a visitor's message must not wait behind somebody who guesses passwords.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 256
EASY_TO_READ_OUT = "abcdefghjkmnpqrstuvwxyz23456789"

# One hash takes 64 MiB of memory on purpose; a burst of sign-ins must not take all there is.
HASHES_AT_ONCE = BoundedSemaphore(4)


@dataclass(frozen=True)
class Proof:
    """How a password compared with a hash; `renewed` replaces a hash of too low a cost."""

    password_hash: str | None
    is_right: bool
    renewed: str | None = None


@lru_cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's recommended cost."""
    return PasswordHasher()


def hashed(password: str) -> str:
    with HASHES_AT_ONCE:
        return hasher().hash(same_on_every_keyboard(password))


def compare(password_hash: str | None, password: str) -> Proof:
    """Compare with a hash; no hash, for an unknown name, takes as long as a wrong password."""
    known = password_hash or _hash_of_nobody(hasher())
    try:
        with HASHES_AT_ONCE:
            hasher().verify(known, same_on_every_keyboard(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return Proof(password_hash, is_right=False)
    if password_hash is None:
        return Proof(None, is_right=False)
    is_outdated = hasher().check_needs_rehash(password_hash)
    return Proof(password_hash, is_right=True, renewed=hashed(password) if is_outdated else None)


def one_time_password() -> str:
    """Four groups of five signs that are easy to read out; about 99 random bits."""
    groups = ("".join(secrets.choice(EASY_TO_READ_OUT) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def same_on_every_keyboard(password: str) -> str:
    """Some keyboards write é as one sign, others as two: both are the same password."""
    return unicodedata.normalize("NFKC", password)


@lru_cache
def _hash_of_nobody(cost: PasswordHasher) -> str:
    return cost.hash(secrets.token_urlsafe())
