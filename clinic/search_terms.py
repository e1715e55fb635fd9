"""What a lead is found by: keyed hashes of a phone number, an e-mail address and a name.

Every term has the label of its kind inside, so that a name never equals an address. Names are
compared without case, accents, hyphens and apostrophes.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from clinic.derived_keys import derived_key

PURPOSE = "lead search"

LENGTH = 16
"""Bytes of a term: with a million leads two different words never meet by chance."""

SHORTEST_BEGINNING = 2
LONGEST_BEGINNING = 12
REGION = "US"  # a number without a country code is taken for a US number

PHONE, EMAIL, NAME, LAST, BEGINNING = "phone", "email", "name", "last", "beginning"

_A_NUMBER = re.compile(r"[\d\s().+/;=ext-]*", re.IGNORECASE)
_LEAST_DIGITS = 7
_WORD = re.compile(r"[^\W\d_]+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
_ENDINGS = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"})
# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)


@dataclass(frozen=True)
class Try:
    """One term to look up. `names`: how the words of the name that is meant begin."""

    term: bytes
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """What somebody typed: a phone number, an e-mail address or a name; the surest try first."""

    kind: str
    tries: tuple[Try, ...]


def terms_of(name: str, phone: str | None, email: str | None) -> set[bytes]:
    """Everything that a lead is found by."""
    return {*contact_terms(phone, email), *_name_terms(name_words(name))}


def contact_terms(phone: str | None, email: str | None) -> set[bytes]:
    """What a person has alone, or shares with few: two leads with one of these may be one."""
    found = set()
    if phone and (number := _plain_number(phone)):
        found.add(_term(PHONE, number))
    if email:
        found.add(_term(EMAIL, _plain_address(email)))
    return found


def search_for(typed: str) -> Search:
    """Without tries, if there is too little to look for."""
    typed = typed.strip()
    if "@" in typed:
        return Search(EMAIL, (Try(_term(EMAIL, _plain_address(typed))),))
    if any(letter.isdigit() for letter in typed) and _A_NUMBER.fullmatch(typed):
        number = _plain_number(typed)
        return Search(PHONE, (Try(_term(PHONE, number)),) if number else ())
    return Search(NAME, tuple(_tries(name_words(typed))))


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name in the order in which it is spoken, folded, without title and ending."""
    last, comma, first = name.partition(",")
    words = _folded(last)
    after = [word for word in _folded(first) if word not in _ENDINGS] if comma else []
    words = [*after, *words]
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _ENDINGS:
        words = words[:-1]
    return tuple(words)


def _folded(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _WORD.findall(plain.translate(_PLAIN))


def _name_terms(words: tuple[str, ...]) -> Iterator[bytes]:
    if not words:
        return
    yield _term(NAME, _whole(words))
    for last in _last_names(words):
        yield _term(LAST, last)
        for length in range(SHORTEST_BEGINNING, min(len(last), LONGEST_BEGINNING) + 1):
            yield _term(BEGINNING, last[:length])


def _last_names(words: tuple[str, ...]) -> set[str]:
    """Every word after the first, and what follows the first as one: "van der Berg", "O Brien".

    Who gave one word only is found by that.
    """
    after = words[1:] or words
    return {*after, *("".join(after[place:]) for place in range(len(after)))}


def _tries(words: tuple[str, ...]) -> Iterator[Try]:
    joined = "".join(words)
    if len(joined) < SHORTEST_BEGINNING:
        return
    yield Try(_term(NAME, _whole(words)))
    yield Try(_term(LAST, joined))
    beginning = joined[:LONGEST_BEGINNING]
    yield Try(_term(BEGINNING, beginning), (joined,) if len(joined) > LONGEST_BEGINNING else ())
    if len(words) > 1:
        for word in (words[-1], words[0]):  # "Ann Lee" and "Lee Ann"
            if len(word) >= SHORTEST_BEGINNING:
                yield Try(_term(BEGINNING, word[:LONGEST_BEGINNING]), words)


def _whole(words: tuple[str, ...]) -> str:
    """The same for "Ann Lee" and "Lee Ann"."""
    return " ".join(sorted(words))


def _plain_number(phone: str) -> str | None:
    if sum(letter.isdigit() for letter in phone) < _LEAST_DIGITS:
        return None
    try:
        number = phonenumbers.parse(phone, REGION)
    except phonenumbers.NumberParseException:
        return None
    how = phonenumbers.is_possible_number_with_reason(number)
    if how != phonenumbers.ValidationResult.IS_POSSIBLE:  # without area code is possible, too
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _plain_address(email: str) -> str:
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _term(kind: str, value: str) -> bytes:
    return hmac.digest(derived_key(PURPOSE), f"{kind}:{value}".encode(), "sha256")[:LENGTH]
