"""Calls to a visitor, by one click: they were reached, or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import audit, lead_changes, leads
from clinic.tables import AuditEntry, Lead, Note

REACHED = "reached"
OUTCOMES = {
    REACHED: "Reached",
    "no_answer": "No answer",
    "left_message": "Left a message",
}
ACTION = "lead.called"


class UnknownCall(Exception):
    """An outcome that a call cannot have."""


@dataclass(frozen=True)
class Calls:
    """How often somebody tried, and the newest try."""

    number: int
    newest: str
    at: datetime
    actor: str


def log(session: Session, lead: Lead, outcome: str, *, staff_id: int) -> None:
    """Note a call. Who was reached is no longer new.

    Raises:
        UnknownCall, LeadErased: nothing is written.
    """
    if outcome not in OUTCOMES:
        raise UnknownCall(outcome)
    lead_changes.locked_and_kept(session, lead)
    words = OUTCOMES[outcome]
    session.add(Note(lead_id=lead.id, staff_id=staff_id, text=f"Called: {words.lower()}."))
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action=ACTION,
        subject=f"lead:{lead.id}",
        detail=outcome,
    )
    if outcome == REACHED and lead.status == "new":
        leads.set_status(session, lead, "contacted", staff_id=staff_id)


def calls(session: Session, leads: Iterable[Lead]) -> Calls | None:
    """The calls to these leads of one person; None if nobody has tried."""
    subjects = [f"lead:{lead.id}" for lead in leads]
    are_calls = AuditEntry.subject.in_(subjects), AuditEntry.action == ACTION
    newest = session.scalar(
        select(AuditEntry).where(*are_calls).order_by(AuditEntry.id.desc()).limit(1)
    )
    if newest is None:
        return None
    number = session.scalar(select(func.count()).select_from(AuditEntry).where(*are_calls))
    words = OUTCOMES.get(newest.detail or "", "")
    return Calls(number=number or 0, newest=words, at=newest.at, actor=newest.actor)
