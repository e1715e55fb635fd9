"""Words to staff that something happened: queued with the deed, sent until somebody looks."""

from __future__ import annotations

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.notice_words import KINDS
from clinic.tables import Notice, NoticeDelivery


def queue(session: Session, *, kind: str, subject: str, urgency: int | None = None) -> None:
    """Put a notice in the outbox; it leaves only if the caller's transaction commits.

    One that still waits for somebody to look is not joined by a second of the same: it is said
    anew, at once.

    Args:
        kind: one of KINDS.
        subject: `lead:<id>`, `crisis:<id>` or `handoff:<id>`: what the link in it opens.
        urgency: that of the lead, 0 to 4; left out, that of the kind.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of notice: {kind}")
    if urgency is None:
        urgency = KINDS[kind].urgency
    waiting = session.scalar(
        select(Notice)
        .where(Notice.subject == subject, Notice.kind == kind, Notice.settled_at.is_(None))
        .limit(1)
        .with_for_update()
    )
    if waiting is None:
        session.add(Notice(kind=kind, subject=subject, urgency=urgency, due_at=now()))
        return
    waiting.urgency = max(waiting.urgency, urgency)
    waiting.due_at = now()
    waiting.rounds = 0


def settle(session: Session, subject: str) -> None:
    """Somebody of staff has opened it: nothing about it is repeated, nor sent late."""
    session.execute(
        update(Notice)
        .where(Notice.subject == subject, Notice.settled_at.is_(None))
        .values(settled_at=now())
    )
    # After the notices: who plans them holds them, so that what was planned meanwhile is seen.
    session.execute(
        delete(NoticeDelivery).where(
            NoticeDelivery.sent_at.is_(None), NoticeDelivery.notice_id.in_(_about(subject))
        )
    )


def forget(session: Session, subject: str) -> None:
    """Erase every notice about this record, also those that were sent."""
    # Held first: who is just planning them ends first, and what was planned is seen.
    session.execute(_about(subject).order_by(Notice.id).with_for_update())
    session.execute(delete(NoticeDelivery).where(NoticeDelivery.notice_id.in_(_about(subject))))
    session.execute(delete(Notice).where(Notice.subject == subject))


def _about(subject: str) -> Select[int]:
    return select(Notice.id).where(Notice.subject == subject)
