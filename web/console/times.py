"""Times as staff read them: how long ago, and exactly when."""

from __future__ import annotations

from datetime import UTC, datetime

from clinic.clock import now
from clinic.facts import facts

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def ago(moment: datetime) -> str:
    return f"{how_long(moment)} ago"


def how_long(moment: datetime) -> str:
    """The time since then, in the largest unit that says enough."""
    return _in_words(int((now() - moment).total_seconds()))


def due(moment: datetime) -> str:
    """How long until then, or since then."""
    left = int((moment - now()).total_seconds())
    if left < 0:
        return f"late by {_in_words(-left)}"
    return "due now" if left < MINUTE else f"due in {_in_words(left)}"


def _in_words(seconds: int) -> str:
    if seconds < MINUTE:
        return "under a minute"
    if seconds < HOUR:
        return f"{seconds // MINUTE} min"
    if seconds < 2 * DAY:
        return f"{seconds // HOUR} h"
    return f"{seconds // DAY} days"


def exact(moment: datetime) -> str:
    return f"{moment.astimezone(facts().zone):%a %-d %b %Y, %H:%M %Z}"


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(facts().zone):%-d %b %Y, %H:%M}"


def machine(moment: datetime) -> str:
    """For the `datetime` attribute of a <time> element."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def day(moment: datetime) -> str:
    return f"{moment.astimezone(facts().zone):%a %-d %b %Y (%Z)}"


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(facts().zone):%H:%M}"
