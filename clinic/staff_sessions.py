"""Signed-in browsers: opened at sign-in, closed at sign-out or when their time is over."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from clinic import audit
from clinic.clock import now
from clinic.settings import settings
from clinic.tables import Staff, StaffSession

SEEN_EVERY = timedelta(minutes=1)
"""How often a visit is written down; every click would be a write for nothing."""


def open_session(session: Session, member: Staff) -> tuple[str, StaffSession]:
    """A new session with a new token, whatever the browser held before.

    The token goes into the cookie and is kept nowhere else.
    """
    _sweep(session)
    token = secrets.token_urlsafe(32)
    opened = StaffSession(
        token_hash=_hash(token), staff=member, csrf_token=secrets.token_urlsafe(32)
    )
    session.add(opened)
    session.flush()
    return token, opened


def session_for(session: Session, token: str) -> StaffSession | None:
    """The session this token opens, if it is neither too old nor left alone for too long."""
    found = session.get(StaffSession, _hash(token))
    if found is None or _is_over(found):
        return None
    if now() - found.last_seen_at >= SEEN_EVERY:
        found.last_seen_at = now()
    return found


def close_session(session: Session, opened: StaffSession) -> None:
    """Sign this browser out."""
    session.delete(opened)
    session.flush()
    audit.record(
        session,
        actor=f"staff:{opened.staff_id}",
        action="staff.signed_out",
        subject=f"staff:{opened.staff_id}",
    )


def close_all(session: Session, member: Staff) -> None:
    """Sign every browser of this member out."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == member.id))


def _is_over(found: StaffSession) -> bool:
    oldest = timedelta(hours=settings().staff_session_hours)
    longest_idle = timedelta(minutes=settings().staff_idle_minutes)
    return now() - found.created_at > oldest or now() - found.last_seen_at > longest_idle


def _sweep(session: Session) -> None:
    """Forget sessions nobody can use any more."""
    oldest = now() - timedelta(hours=settings().staff_session_hours)
    session.execute(delete(StaffSession).where(StaffSession.created_at < oldest))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
