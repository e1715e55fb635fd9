"""Dates: which way round a country writes them, what may be an answer, and how we write them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Limit = date | Literal["today"]
"""The first or the last day that may be an answer."""

TODAY: Literal["today"] = "today"
FIRST_YEAR, LAST_YEAR = 1900, 2100  # any other is a slip

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def unknown() -> date:
    """Screening has no clock of its own: whoever loads a questionnaire about days brings one."""
    raise LookupError("nobody has said which day it is")


@dataclass(frozen=True)
class LocalDates:
    """Where the clinic is: whether 03/05/2024 is a day in March, and which day it is now."""

    month_first: bool = True
    today: Callable[[], date] = unknown

    def day(self, limit: Limit | None) -> date | None:
        return self.today() if limit == TODAY else limit


def day_of(written: object) -> date | None:
    """The day that an ISO date names, such as 2024-03-05; None for anything else."""
    if not isinstance(written, str) or not _ISO.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def in_words(day: date) -> str:
    """With the month as a word: nobody can read it the wrong way round."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
