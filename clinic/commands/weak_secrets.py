"""Which secrets are no secrets: too short, made of words, taken from an example, used twice."""

from __future__ import annotations

import math
import re
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Mapping

from clinic.commands.written_settings import written
from clinic.settings import settings

FEWEST_BITS = 90
"""Of a token. Ours have 256; a sentence or a word with numbers has far fewer than this."""

FEWEST_DIFFERENT_BYTES = 20
"""Of the 32 of a key; chance alone gives fewer once in 10^12 keys."""

PLACEHOLDER = re.compile(
    r"change.?me|example|secret|password|placeholder|replace"
    r"|(?<![a-z0-9])(?:your|test|dummy|todo|token|key)(?![a-z0-9])|[<>]",
    re.IGNORECASE,
)
"""Short words count only where they stand alone: chance writes them, too."""
WORDS = re.compile(r"(?:[A-Za-z]?[a-z]+[-_. ])+[A-Za-z]?[a-z]+[-_. ]?\d{0,4}")
"""Words with something between them: what a person makes up."""

FERNET_KEYS = ("CLINIC_ENCRYPTION_KEYS", "CLINIC_RETIRED_KEYS", "RASA_TRACKER_KEYS")
TOKENS = ("CLINIC_ACTION_TOKEN", "CLINIC_SEARCH_KEY")


def secrets() -> dict[str, list[str]]:
    """Every secret that this process can see, by its setting."""
    ours = settings()
    known = {
        "CLINIC_ENCRYPTION_KEYS": ours.encryption_keys.get_secret_value(),
        "CLINIC_RETIRED_KEYS": ours.retired_keys.get_secret_value(),
        "RASA_TRACKER_KEYS": written("RASA_TRACKER_KEYS"),
        "CLINIC_ACTION_TOKEN": ours.action_token.get_secret_value(),
        "CLINIC_SEARCH_KEY": ours.search_key.get_secret_value(),
    }
    return {
        name: [one for each in value.split(",") if (one := each.strip())]
        if name in FERNET_KEYS
        else [value]
        for name, value in known.items()
    }


def weak(found: Mapping[str, list[str]]) -> list[str]:
    """Settings that hold something which can be guessed."""
    keys = [name for name in FERNET_KEYS if any(map(is_weak_key, found.get(name, ())))]
    return keys + [name for name in TOKENS if any(map(is_weak_token, found.get(name, ())))]


def used_twice(found: Mapping[str, list[str]]) -> list[str]:
    """Settings that hold a value which stands somewhere else, too, or twice in the same.

    A key may stand among the retired ones already, or again to open a backup of its time.
    """
    in_use = found.get("CLINIC_ENCRYPTION_KEYS", ())
    retired = [one for one in found.get("CLINIC_RETIRED_KEYS", ()) if one not in in_use]
    counted = {**found, "CLINIC_RETIRED_KEYS": retired}
    times = Counter(one for values in counted.values() for one in values if one)
    return [name for name, values in found.items() if any(times[one] > 1 for one in values)]


def is_weak_key(key: str) -> bool:
    """Whether these are not 32 bytes of chance."""
    try:
        secret = urlsafe_b64decode(key)
    except ValueError:
        return True
    return len(secret) != 32 or len(set(secret)) < FEWEST_DIFFERENT_BYTES


def is_weak_token(token: str) -> bool:
    is_written = PLACEHOLDER.search(token) or WORDS.fullmatch(token)
    return bool(is_written) or _repeats(token) or _bits(token) < FEWEST_BITS


def _repeats(token: str) -> bool:
    """Whether the same three letters come again and again."""
    threes = [token[at : at + 3] for at in range(len(token) - 2)]
    return len(set(threes)) < len(threes) / 2


def _bits(token: str) -> float:
    """The most that can be in it, by how often each of its letters stands there."""
    shares = [number / len(token) for number in Counter(token).values()]
    return -len(token) * sum(share * math.log2(share) for share in shares)
