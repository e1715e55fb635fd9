"""The outbox: words to staff, queued with the deed and sent later, at least once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.tables import Notice

Send = Callable[[str, str], bool]
"""Sends a title and a body; true when somebody took it."""

# No notice says anything about health or about who it is: mail and chat servers are not ours.
WORDS = {
    "new_lead": ("New request", "A visitor asks to be contacted."),
    "crisis": ("Please look now", "A conversation needs a person's attention."),
}
LONGEST_WAIT = timedelta(hours=1)


def queue(session: Session, *, kind: str, subject: str) -> None:
    """Put a notice in the outbox; it leaves only if the caller's transaction commits."""
    if kind not in WORDS:
        raise ValueError(f"unknown kind of notice: {kind}")
    session.add(Notice(kind=kind, subject=subject, due_at=now()))


def deliver_due(session: Session, send: Send, *, staff_url: str) -> int:
    """Try every notice that is due; returns how many were sent.

    A failed one is tried again after 1, 2, 4 ... minutes, at most an hour apart, for ever.
    """
    due = session.scalars(
        select(Notice).where(Notice.sent_at.is_(None), Notice.due_at <= now()).limit(100)
    )
    sent = 0
    for notice in due:
        title, body = WORDS[notice.kind]
        notice.attempts += 1
        if send(title, f"{body}\n{staff_url}"):
            notice.sent_at = now()
            sent += 1
        else:
            wait = timedelta(minutes=2 ** min(notice.attempts - 1, 10))
            notice.due_at = now() + min(wait, LONGEST_WAIT)
    return sent
