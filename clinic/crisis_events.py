"""Crisis events: that words of crisis were heard, and whether staff have seen it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit, notices
from clinic.clock import now
from clinic.tables import CrisisEvent, Lead

URGENCY = 3
"""How urgent a lead is at least, once words of crisis were heard: urgent, by a clinician."""


def record_crisis(
    session: Session, *, conversation_id: str, message_key: str, category: str
) -> CrisisEvent:
    """Keep the event and queue a notice. The same message twice is one event."""
    existing = session.scalar(
        select(CrisisEvent).where(
            CrisisEvent.conversation_id == conversation_id,
            CrisisEvent.message_key == message_key,
        )
    )
    if existing is not None:
        return existing
    event = CrisisEvent(conversation_id=conversation_id, message_key=message_key, category=category)
    session.add(event)
    session.flush()  # gives the event its id
    _raise_urgency(session, conversation_id)
    notices.queue(session, kind="crisis", subject=f"crisis:{event.id}")
    audit.record(session, actor="bot", action="crisis.recorded", subject=f"crisis:{event.id}")
    return event


def were_heard(session: Session, conversation_id: str) -> bool:
    """Whether words of crisis were ever heard in this conversation."""
    found = select(CrisisEvent.id).where(CrisisEvent.conversation_id == conversation_id)
    return session.scalar(found.limit(1)) is not None


def _raise_urgency(session: Session, conversation_id: str) -> None:
    """A lead of this conversation that waits already moves up."""
    lead = session.scalar(select(Lead).where(Lead.conversation_id == conversation_id))
    if lead is not None:
        lead.urgency = max(lead.urgency, URGENCY)


def unseen(session: Session) -> list[CrisisEvent]:
    """What staff have not looked at yet, newest first."""
    query = select(CrisisEvent).where(CrisisEvent.seen_at.is_(None))
    return list(session.scalars(query.order_by(CrisisEvent.at.desc(), CrisisEvent.id.desc())))


def mark_seen(session: Session, event: CrisisEvent, *, staff_id: int) -> None:
    """A member of staff has looked; the first one is remembered."""
    if event.seen_at is None:
        event.seen_at = now()
        event.seen_by = staff_id
        audit.record(
            session, actor=f"staff:{staff_id}", action="crisis.seen", subject=f"crisis:{event.id}"
        )
