"""What happened to a lead, and by whom: from the audit log, with what the hand-offs tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.facts import facts
from clinic.tables import AuditEntry, CrisisEvent, Handoff, Lead, Staff

STAFF = re.compile(r"staff:(\d+)")

MOST = 500
"""Newest deeds that are shown; nobody reads more of them, and the log has them all."""

LOOK = "lead.viewed"

GIVES_A_NOTE = ("handoff.given_back", "handoff.ended")
"""The deeds that a note on a hand-off belongs to."""

SAID_ELSEWHERE = ("lead.merged_into", "lead.parted", "crisis.seen")
"""Each goes with another entry of the same deed."""


@dataclass(frozen=True)
class Deed:
    """One thing that happened; `times` is how often, by the same person."""

    at: datetime
    actor: str
    action: str
    detail: str | None = None
    who: str = ""
    whom: str = ""
    """Names of staff, as they are today: who did it, and whom the detail names."""
    note: str = ""
    """What staff wrote with it."""
    times: int = 1


def timeline(session: Session, leads: Sequence[Lead]) -> list[Deed]:
    """The newest first. Several leads are those of one person that were merged."""
    handoffs = {f"handoff:{one.id}": one for one in _handoffs(session, leads)}
    heard = {f"crisis:{one.id}": one for one in _crisis_events(session, leads)}
    entries = _entries(session, [*_subjects(leads), *handoffs, *heard])
    told = deeds(session, entries)
    for place, entry in enumerate(entries):
        if entry.subject in heard:
            told[place] = replace(told[place], detail=_heard(heard[entry.subject]))
        elif entry.subject in handoffs and entry.action in GIVES_A_NOTE:
            told[place] = replace(told[place], note=handoffs[entry.subject].note or "")
    return _folded(each for each in told if each.action not in SAID_ELSEWHERE)


def deeds(session: Session, entries: Sequence[AuditEntry]) -> list[Deed]:
    """Entries of the log, with the names of those who are staff."""
    names = _names(session, entries)
    return [
        Deed(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            detail=entry.detail,
            who=names.get(entry.actor, ""),
            whom=names.get(entry.detail or "", ""),
        )
        for entry in entries
    ]


def _names(session: Session, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Today's usernames of the staff that these entries name, by `staff:<id>`."""
    named = {name for entry in entries for name in (entry.actor, entry.detail or "")}
    ids = {int(found[1]) for name in named if (found := STAFF.fullmatch(name))}
    query = select(Staff.id, Staff.username).where(Staff.id.in_(ids))
    return {f"staff:{number}": name for number, name in session.execute(query).tuples()}


def _handoffs(session: Session, leads: Sequence[Lead]) -> list[Handoff]:
    conversations = [lead.conversation_id for lead in leads]
    return list(session.scalars(select(Handoff).where(Handoff.conversation_id.in_(conversations))))


def _crisis_events(session: Session, leads: Sequence[Lead]) -> list[CrisisEvent]:
    conversations = [lead.conversation_id for lead in leads]
    heard = select(CrisisEvent).where(CrisisEvent.conversation_id.in_(conversations))
    return list(session.scalars(heard))


def _heard(event: CrisisEvent) -> str:
    return f"{event.outcome}:{event.category}"


def _subjects(leads: Sequence[Lead]) -> Iterator[str]:
    for lead in leads:
        yield f"lead:{lead.id}"
        yield f"conversation:{lead.conversation_id}"


def _entries(session: Session, subjects: Sequence[str]) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.subject.in_(subjects))
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(MOST)))


def _folded(deeds: Iterable[Deed]) -> list[Deed]:
    """One line for what somebody did again and again, and for all their looks of a day."""
    told: list[Deed] = []
    looks: dict[tuple[str, date], int] = {}
    for deed in deeds:
        by_day = deed.actor, deed.at.astimezone(facts().zone).date()
        place = looks.get(by_day) if deed.action == LOOK else len(told) - 1
        if place is not None and place >= 0 and _are_the_same(told[place], deed):
            told[place] = replace(told[place], times=told[place].times + 1)
            continue
        if deed.action == LOOK:
            # A page is opened anew after every form: a line for each would hide the deeds.
            looks[by_day] = len(told)
        told.append(deed)
    return told


def _are_the_same(one: Deed, other: Deed) -> bool:
    named = one.actor, one.action, one.detail, one.note
    return named == (other.actor, other.action, other.detail, other.note)
