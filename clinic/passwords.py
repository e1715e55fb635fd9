"""Passwords of staff: how they are kept, made up and judged. Knows no database.

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

SHORTEST = 12
LONGEST = 256
FEWEST_DIFFERENT_CHARACTERS = 5

# One hash takes 64 MiB of memory on purpose; a burst of sign-ins must not take all there is.
HASHES_AT_ONCE = BoundedSemaphore(4)


class WeakPassword(Exception):
    """A new password that is too easy to guess; the message says what to do instead."""


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
        return hasher().hash(_same_on_every_keyboard(password))


def compare(password_hash: str | None, password: str) -> Proof:
    """Compare with a hash; no hash, for an unknown name, takes as long as a wrong password."""
    known = password_hash or _hash_of_nobody(hasher())
    try:
        with HASHES_AT_ONCE:
            hasher().verify(known, _same_on_every_keyboard(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return Proof(password_hash, is_right=False)
    if password_hash is None:
        return Proof(None, is_right=False)
    is_outdated = hasher().check_needs_rehash(password_hash)
    return Proof(password_hash, is_right=True, renewed=hashed(password) if is_outdated else None)


def one_time_password() -> str:
    """Four groups of five signs that are easy to read out; about 99 random bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))
    return "-".join(groups)


def refuse_if_weak(password: str, *, username: str, current: str) -> None:
    """Length matters more than signs and digits, so only length and the obvious are judged."""
    if _same_on_every_keyboard(password) == _same_on_every_keyboard(current):
        raise WeakPassword("Please choose one that is different from the current one.")
    if len(password) < SHORTEST:
        raise WeakPassword(
            f"Please use at least {SHORTEST} characters. "
            "Four unrelated words are strong and easy to remember."
        )
    if len(password) > LONGEST:
        raise WeakPassword(f"Please use no more than {LONGEST} characters.")
    if len(set(password.lower())) < FEWEST_DIFFERENT_CHARACTERS:
        raise WeakPassword("Please use more different characters; this one is easy to guess.")
    if username in password.lower() and len(password) - len(username) < SHORTEST:
        raise WeakPassword("Please leave your username out; it is the first thing people try.")


def _same_on_every_keyboard(password: str) -> str:
    """Some keyboards write é as one sign, others as two: both are the same password."""
    return unicodedata.normalize("NFKC", password)


@lru_cache
def _hash_of_nobody(cost: PasswordHasher) -> str:
    return cost.hash(secrets.token_urlsafe())
