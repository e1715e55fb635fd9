"""Whose conversation Rasa still has to forget, and whose turn it is to tell it."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import audit
from clinic.clock import now
from clinic.tables import Erasure

MOST = 20
LEASE = timedelta(minutes=1)
"""So long one process has for a conversation before another tries."""
LONGEST_WAIT = timedelta(hours=1)
REMEMBERED_FOR = timedelta(days=31)
"""A visitor's browser keeps its key no longer; until then nothing is written under an erased id."""


def due(session: Session) -> list[str]:
    """Ids of conversations whose turn it is, the longest waiting first."""
    query = select(Erasure.conversation_id).where(
        Erasure.done_at.is_(None), Erasure.due_at <= now()
    )
    return list(session.scalars(query.order_by(Erasure.due_at).limit(MOST)))


def claim(session: Session, conversation_id: str) -> bool:
    """Be the one who tells Rasa. False if another process is at it, or it is done.

    A claim is over after a while. So if this process dies, or Rasa does not answer, it is tried
    again: after 1, 2, 4 … minutes, at most an hour apart, for ever.
    """
    mine = (
        select(Erasure)
        .where(
            Erasure.conversation_id == conversation_id,
            Erasure.done_at.is_(None),
            Erasure.due_at <= now(),
        )
        .with_for_update(skip_locked=True)
    )
    erasure = session.scalar(mine)
    if erasure is None:
        return False
    erasure.due_at = now() + min(LEASE * 2 ** min(erasure.attempts, 10), LONGEST_WAIT)
    erasure.attempts += 1
    return True


def is_done(session: Session, conversation_id: str) -> None:
    """Rasa has said that it begins anew."""
    done = update(Erasure).where(
        Erasure.conversation_id == conversation_id, Erasure.done_at.is_(None)
    )
    if session.execute(done.values(done_at=now())).rowcount:  # type: ignore[attr-defined]
        audit.record(
            session,
            actor="system",
            action="conversation.forgotten_by_bot",
            subject=f"conversation:{conversation_id}",
        )
