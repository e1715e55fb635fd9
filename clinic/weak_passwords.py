"""Which passwords are refused: too short, or made of what people try first.

As NIST SP 800-63B advises, length counts and no kinds of signs are asked for; what is refused are
the commonest passwords and what follows from the account. No list could hold them all, so the
guessable parts are taken out (words, the username, the clinic's name, years, rows of the
keyboard, also when written like p4ssw0rd), and what is left has to be long enough by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from clinic.passwords import LONGEST, same_on_every_keyboard

SHORTEST = 12
FEWEST_LEFT = 8
FEWEST_DIFFERENT_CHARACTERS = 5
SHORTEST_PART = 3
"""A shorter word stands in too many good passwords by chance."""

WORDS = Path(__file__).with_name("guessable_words.txt")
LIKE_LETTERS = str.maketrans("01345678@$!|+", "oleasgtbasilt")
YEAR = re.compile(r"(?:19|20)\d\d")
COUNTING = re.compile(
    r"0?123(?:4(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?)?|(?:098|987)(?:6(?:5(?:43?)?)?)?"
)
REPEATED = re.compile(r"(.+?)\1+")


class WeakPassword(Exception):
    """A new password that is too easy to guess; the message says what to do instead."""


def refuse_if_weak(password: str, *, username: str, clinic: str = "", current: str = "") -> None:
    """Return only if nobody guesses this password for this account within many years."""
    if same_on_every_keyboard(password) == same_on_every_keyboard(current):
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
    if what_is_left(password, {username, clinic}) < FEWEST_LEFT:
        raise WeakPassword(
            "Please choose less common words: this one is made of what people try first, such as "
            "names, years, the clinic's name or rows of the keyboard."
        )


def what_is_left(password: str, names: Iterable[str]) -> int:
    """How many signs nobody would think of at once."""
    plain = re.sub(r"[\s_.-]", "", same_on_every_keyboard(password).casefold())
    # Before digits are read as letters.
    plain = COUNTING.sub(" ", YEAR.sub(" ", plain))
    parts = _parts(frozenset(names))
    return min(_left(plain, parts), _left(plain.translate(LIKE_LETTERS), parts))


def _left(plain: str, parts: re.Pattern[str]) -> int:
    without = re.sub(r"\s", "", parts.sub(" ", plain))
    return len(REPEATED.sub(r"\1", without))


@lru_cache(maxsize=64)
def _parts(names: frozenset[str]) -> re.Pattern[str]:
    lines = WORDS.read_text("utf-8").splitlines()
    words = {line for line in lines if line and not line.startswith("#")}
    for name in names:
        words.update(re.findall(r"\w+", name.casefold()))
        words.add("".join(re.findall(r"\w+", name.casefold())))
    long_first = sorted((w for w in words if len(w) >= SHORTEST_PART), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, long_first)))
