"""What the filters of the inbox offer, and what each is called once it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import inbox_pages
from clinic.inbox_filters import CALLBACK, DEFAULTS, LIVE_CHAT, ME, NOBODY, Filters
from clinic.screening.states import STATES
from clinic.tables import Staff
from web.console import labels

INBOX = "/staff/leads"

REASONS = {CALLBACK: "Wants a call", LIVE_CHAT: "Asked for a person in the chat"}

Names = Mapping[int, str]
"""What members of staff are called, by their number."""


@dataclass(frozen=True)
class Chip:
    """One filter that is on, and the address of the list without it."""

    name: str
    words: str
    without: str


def address(filters: Filters, **more: str) -> str:
    """Where this list is to be found."""
    query = urlencode({**filters.in_address(), **more})
    return f"{INBOX}?{query}" if query else INBOX


def names(session: Session) -> Names:
    rows = session.execute(
        select(Staff.id, Staff.username, Staff.deactivated_at).order_by(Staff.username)
    )
    return {id_: f"{name} (former)" if gone else name for id_, name, gone in rows.tuples()}


def choices(session: Session, known: Names, filters: Filters) -> dict[str, dict[str, str]]:
    """Value and words of everything that can be chosen, by filter."""
    sources = {source: source for source in inbox_pages.sources(session)}
    if filters.source:
        sources.setdefault(filters.source, filters.source)
    return {
        "urgency": urgencies(),
        "reason": {**REASONS, **labels.outcomes()},
        "state": dict(STATES),
        "assignee": {ME: "Me", NOBODY: "Nobody", **people(known)},
        "source": sources,
    }


def urgencies() -> dict[str, str]:
    """The most urgent first."""
    return {str(number): word for number, word in reversed(list(enumerate(labels.URGENCIES)))}


def people(known: Names) -> dict[str, str]:
    return {str(number): name for number, name in known.items()}


def chips(filters: Filters, known: Names) -> list[Chip]:
    return [
        Chip(name, _in_words(name, value, known), address(filters.but(**{name: DEFAULTS[name]})))
        for name, value in filters.narrowing().items()
    ]


def _in_words(name: str, value: str, known: Names) -> str:
    if name == "late":
        return "Late"
    if name == "urgency":
        return labels.urgency(int(value)).word
    if name == "reason":
        return REASONS.get(value) or labels.outcome(value)
    if name == "state":
        return STATES[value]
    if name == "assignee":
        return f"With {_person(value, known)}"
    if name == "source":
        return f"From {value}"
    return f"{'Since' if name == 'since' else 'Until'} {date.fromisoformat(value):%-d %b %Y}"


def _person(value: str, known: Names) -> str:
    if value in (ME, NOBODY):
        return "me" if value == ME else "nobody"
    return known.get(int(value), "somebody who is gone")
