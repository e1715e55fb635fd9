"""How soon staff should call: words that a clinician writes, such as “1 open hour”."""

import re
from dataclasses import dataclass

from clinic.screening.hand_written import Entry

KEY = "contact_within"
FORMS = "at once, 30 open minutes, 1 open hour, same day, 2 open days, never"
_COUNTED = re.compile(r"([1-9]\d{0,3}) open (minute|hour|day)s?")


@dataclass(frozen=True)
class ContactWithin:
    """So many minutes in which the clinic is open, or until so many open days later end.

    Day 0 is the day itself. With neither, nobody needs to call.
    """

    minutes: int | None = None
    days: int | None = None


def contact_within(entry: Entry) -> ContactWithin:
    """What stands under `contact_within`, which must not be forgotten."""
    written = entry.text(KEY)
    match " ".join(written.split()).lower():
        case "at once":
            return ContactWithin(minutes=0)
        case "same day":
            return ContactWithin(days=0)
        case "never":
            return ContactWithin()
        case words if found := _COUNTED.fullmatch(words):
            return _counted(int(found[1]), found[2])
    raise entry.wrong(f"'{KEY}: {written}' is not one of: {FORMS}, or such with another number.")


def _counted(number: int, unit: str) -> ContactWithin:
    if unit == "day":
        return ContactWithin(days=number)
    return ContactWithin(minutes=number * (60 if unit == "hour" else 1))
