"""What codes are called on the pages: urgency, outcome, status, kind of crisis."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import phonenumbers

from clinic.questionnaires import rules
from clinic.screening.hand_written import UnusableFileError
from clinic.tables import Staff

URGENCIES = ("No call needed", "Normal", "Soon", "Urgent", "At once")
"""By the number in screening/triage.yml: a higher one is more urgent."""

STATUSES = {
    "todo": "To do",
    "new": "New",
    "contacted": "Contacted",
    "booked": "Booked",
    "closed": "Closed",
    "all": "All",
}

CATEGORIES = {
    "medical_emergency": "Medical emergency",
    "overdose": "Overdose",
    "suicide": "Suicide",
    "child_at_risk": "Child at risk",
    "sexual_assault": "Sexual assault",
    "domestic_violence": "Domestic violence",
    "harm_to_others": "Harm to others",
    "psychosis": "Psychosis or mania",
    "third_person": "Worry about someone else",
    "self_harm": "Self-harm",
    "emergency": "Emergency, said in the screening",
    "unclear": "Not clear",
    "again": "Yes, no or maybe after words of crisis",
}


ROLES = {
    "staff": ("Front desk", "Leads, notes, live chats."),
    "clinician": ("Clinician", "Also exports, triage verdicts, numbers and teaching the bot."),
    "admin": ("Admin", "Also accounts, notices, the audit log and erasing people."),
}


@dataclass(frozen=True)
class Urgency:
    """A word for people and a level for the stylesheet."""

    word: str
    level: int


def urgency(number: int) -> Urgency:
    level = min(max(number, 0), len(URGENCIES) - 1)
    return Urgency(word=URGENCIES[level], level=level)


def outcome(code: str | None) -> str:
    """What screening/triage.yml calls it; a code that is not there is shown as it is."""
    return outcomes().get(code, code) if code else "Callback request"


@lru_cache
def outcomes() -> dict[str, str]:
    try:
        return {outcome.code: outcome.label for outcome in rules().outcomes}
    except UnusableFileError:
        # Someone is editing the file: staff still have to see who waits.
        return {}


def status(name: str) -> str:
    return STATUSES.get(name, name)


def category(name: str) -> str:
    return CATEGORIES.get(name, name.replace("_", " ").capitalize())


def role(name: str) -> str:
    return ROLES[name][0] if name in ROLES else name


def may_do(role: str) -> str:
    """What somebody with this role can do."""
    return ROLES[role][1] if role in ROLES else ""


def colleague(member: Staff) -> str:
    """Whose name stands on a page, also after they have left."""
    return f"{member.username} (former colleague)" if member.deactivated_at else member.username


def spaced(phone: str) -> str:
    """A telephone number as people read it aloud."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def dialled(phone: str) -> str:
    """The address of a telephone link, with an extension if there is one."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return "tel:" + re.sub(r"[^0-9+]", "", phone)
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"tel:{plain}" + (f";ext={number.extension}" if number.extension else "")


def mailto(email: str) -> str:
    """The address of a mail link; a `?` in it must not add recipients."""
    return "mailto:" + quote(email, safe="@+")
