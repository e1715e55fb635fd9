"""What became of a lead since somebody last saw it, so that the slower of two overwrites nothing.

A page remembers the newest change that it shows. Whoever sends a form of it later than somebody
else changed the lead is shown that change first.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clinic.tables import AuditEntry, Lead

CHANGES = (
    "lead.new",
    "lead.contacted",
    "lead.booked",
    "lead.closed",
    "lead.updated",
    "lead.merged",
    "lead.unmerged",
)
"""Deeds after which another status may be the right one. A look, a note or a call is none."""

SHOWN = 20


class LeadErased(Exception):
    """Somebody erased the person meanwhile."""


def locked(session: Session, lead: Lead) -> Lead:
    """The lead as it is now; whoever else wants to change it waits until this transaction ends."""
    session.flush()  # or what this session changed in it would be forgotten
    session.refresh(lead, with_for_update=True)
    return lead


def locked_and_kept(session: Session, lead: Lead) -> Lead:
    """The same, for who is about to write something of the person down.

    Raises:
        LeadErased: nothing may be written any more.
    """
    locked(session, lead)
    if lead.erased_at is not None:
        raise LeadErased
    return lead


def lock_all(session: Session, leads: Iterable[Lead]) -> None:
    """Always in the same order, so that two who need the same leads do not wait for each other."""
    for lead in sorted(leads, key=lambda each: each.id):
        locked(session, lead)


def newest(session: Session, leads: Iterable[Lead]) -> int:
    """The number of the newest change of any of them; 0 if there was none since they came in."""
    found = select(func.max(AuditEntry.id)).where(*_are_changes(leads))
    return session.scalar(found) or 0


def since(session: Session, leads: Iterable[Lead], seen: int) -> list[AuditEntry]:
    """The newest of the changes that came after this one, oldest first."""
    query = select(AuditEntry).where(*_are_changes(leads), AuditEntry.id > seen)
    return list(session.scalars(query.order_by(AuditEntry.id.desc()).limit(SHOWN)))[::-1]


def _are_changes(leads: Iterable[Lead]) -> tuple[ColumnElement[bool], ...]:
    subjects = [f"lead:{lead.id}" for lead in leads]
    return AuditEntry.subject.in_(subjects), AuditEntry.action.in_(CHANGES)
