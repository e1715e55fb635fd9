"""Crisis events: that words of crisis were heard, and whether staff have seen it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit, bell, conversations, first_line, lead_merge, lead_urgency, notices
from clinic.clock import now
from clinic.tables import CrisisEvent, Lead, new_id

URGENCY = 3
"""How urgent a lead is at least, once words of crisis were heard: urgent, by a clinician."""

HARD, SOFT = "hard", "soft"
"""Help lines were shown at once; or only a hint was heard, and we asked whether all is well."""

UNCLEAR = "unclear"
"""Something was heard, and nobody can say what."""

CATEGORIES = (*first_line.CATEGORIES, UNCLEAR, "emergency")
"""The most urgent first; `emergency` is one that came out in the screening."""


def record_crisis(
    session: Session,
    *,
    conversation_id: str,
    message_key: str,
    category: str,
    outcome: str = HARD,
    urgency: int = URGENCY,
    at: datetime | None = None,
) -> CrisisEvent:
    """Keep the event, heard now if not `at` another moment, and call staff if it is a hard one.

    A lead of the conversation is at least of this urgency then. The same message twice is one
    event, and the graver of the two: a crisis stays a crisis, and what was first taken for a hint
    still calls staff once it was heard as one.
    """
    if conversations.is_erased(session, conversation_id):
        conversation_id = new_id()  # staff still learn of it, and nothing leads to who was erased
    if outcome == HARD:
        _raise_urgency(session, conversation_id, urgency)
    event = _find(session, conversation_id, message_key)
    is_new = event is None
    if event is None:
        event = CrisisEvent(
            conversation_id=conversation_id,
            message_key=message_key,
            category=category,
            outcome=outcome,
            at=at or now(),
        )
        try:
            with session.begin_nested():
                session.add(event)
        except IntegrityError:
            # Web and the action server both record; the other did between our look and our write.
            event, is_new = _find(session, conversation_id, message_key), False
            if event is None:
                raise
    if is_new:
        audit.record(session, actor="bot", action="crisis.recorded", subject=f"crisis:{event.id}")
    elif event.outcome == SOFT and outcome == HARD:
        event.category, event.outcome = category, HARD
        event.seen_at = event.seen_by = None  # who looked saw a hint, not this
        audit.record(session, actor="bot", action="crisis.raised", subject=f"crisis:{event.id}")
    else:
        return event
    bell.ring(session, bell.chat(conversation_id))
    if event.outcome == HARD:
        notices.queue(session, kind="crisis", subject=f"crisis:{event.id}")
    return event


def _find(session: Session, conversation_id: str, message_key: str) -> CrisisEvent | None:
    """The event of this message; who may raise it waits until another has."""
    found = select(CrisisEvent).where(
        CrisisEvent.conversation_id == conversation_id, CrisisEvent.message_key == message_key
    )
    return session.scalar(found.with_for_update())


def were_heard(session: Session, conversation_id: str) -> bool:
    """Whether words of crisis were ever heard in this conversation; a hint does not count."""
    found = select(CrisisEvent.id).where(
        CrisisEvent.conversation_id == conversation_id, CrisisEvent.outcome == HARD
    )
    return session.scalar(found.limit(1)) is not None


def _raise_urgency(session: Session, conversation_id: str, urgency: int) -> None:
    """A lead of this conversation that waits already moves up, and the one it was merged into."""
    lead = session.scalar(select(Lead).where(Lead.conversation_id == conversation_id))
    if lead is not None:
        for each in lead_merge.locked_with_those_it_was_merged_into(session, lead):
            lead_urgency.raise_to(each, urgency)


def mark_seen(session: Session, event: CrisisEvent, *, staff_id: int) -> None:
    """A member of staff has looked; the first one is remembered."""
    if event.seen_at is None:
        event.seen_at = now()
        event.seen_by = staff_id
        audit.record(
            session, actor=f"staff:{staff_id}", action="crisis.seen", subject=f"crisis:{event.id}"
        )
        notices.settle(session, f"crisis:{event.id}")
