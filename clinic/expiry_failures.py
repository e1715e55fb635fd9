"""What should have expired and could not be erased: noted once a day, so that somebody looks."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from clinic import audit
from clinic.clock import now
from clinic.tables import AuditEntry

LEAD, CONVERSATION = "lead", "conversation"
ACTIONS = {LEAD: "lead.not_expired", CONVERSATION: "conversation.not_expired"}
GONE = ("lead.erased", "conversation.erased")
A_DAY = timedelta(days=1)


def note(session: Session, subject: str, error: Exception) -> None:
    """Keep the type of the error; its text could hold what somebody said."""
    known = select(AuditEntry.id).where(AuditEntry.subject == subject, *_of_the_last_day())
    if session.scalar(known.limit(1)) is not None:
        return
    kind, _, _ = subject.partition(":")
    audit.record(
        session,
        actor="system",
        action=ACTIONS[kind],
        subject=subject,
        detail=type(error).__name__,
    )


def how_many(session: Session) -> int:
    """Records that could not be erased in the last day, and have not been since."""
    later = aliased(AuditEntry)
    is_gone = exists().where(
        later.subject == AuditEntry.subject, later.action.in_(GONE), later.id > AuditEntry.id
    )
    number = func.count(AuditEntry.subject.distinct())
    return session.scalar(select(number).where(*_of_the_last_day(), ~is_gone)) or 0


def _of_the_last_day() -> tuple[ColumnElement[bool], ...]:
    return AuditEntry.action.in_(ACTIONS.values()), AuditEntry.at >= now() - A_DAY
