"""Where a lead stands, and why it was booked or closed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from clinic.screening.hand_written import UnusableFileError, read_file
from clinic.settings import HOME

STATUSES = ("new", "contacted", "booked", "closed")
TO_DO = ("new", "contacted")
"""Somebody still has to do something about these."""
DONE = ("booked", "closed")
"""These carry a reason."""

FILE = HOME / "console" / "lead_reasons.yml"
CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")

Reasons = Mapping[str, Mapping[str, str]]
"""Code and words of every reason, by status."""

ONLY_OTHER: Reasons = {status: {"other": "Something else"} for status in DONE}


class UnknownStatus(Exception):
    """A status that no lead can have."""


class UnknownReason(Exception):
    """A reason that is not offered for this status."""


@lru_cache
def reasons() -> Reasons:
    """What staff choose from. While somebody edits the file, leads can still be closed."""
    try:
        return load_reasons(FILE)
    except UnusableFileError:
        return ONLY_OTHER


def load_reasons(path: Path) -> Reasons:
    """Read the file of reasons.

    Raises:
        UnusableFileError: it says which line is wrong, and why.
    """
    file = read_file(path)
    file.only(DONE)
    found = {}
    for status in DONE:
        listed = file.entry(status)
        for code in listed.content:
            if not CODE.fullmatch(str(code)):
                raise listed.wrong(
                    f"'{code}' cannot be a code: small letters, digits and _, at most 32."
                )
        found[status] = {str(code): listed.text(str(code)) for code in listed.content}
    return found


def reason_in_words(status: str, code: str | None) -> str:
    """What a reason is called; one that is no longer offered is shown by its code."""
    if code is None:
        return ""
    return reasons().get(status, {}).get(code) or code.replace("_", " ").capitalize()


def refuse_unknown(status: str, reason: str | None) -> None:
    """Raises UnknownStatus or UnknownReason, unless a lead can have both together."""
    if status not in STATUSES:
        raise UnknownStatus(status)
    if reason is not None and reason not in reasons().get(status, {}):
        raise UnknownReason(reason)
