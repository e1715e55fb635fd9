"""Signed-in browsers: opened at sign-in, closed at sign-out or when their time is over."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from clinic import audit, presence
from clinic.clock import now
from clinic.settings import settings
from clinic.tables import Staff, StaffSession

SEEN_EVERY = timedelta(minutes=1)
"""How often a visit is written down; every click would be a write for nothing."""

TIME_FOR_THE_CODE = timedelta(minutes=10)
"""How long a password that was right waits for the code of the second factor."""


def open_session(
    session: Session,
    member: Staff,
    *,
    address: str | None = None,
    browser: str | None = None,
    needs_second_factor: bool = False,
) -> tuple[str, StaffSession]:
    """A new session with a new token, whatever the browser held before.

    The token goes into the cookie and is kept nowhere else. `browser` is its name in words.
    """
    _sweep(session)
    token = secrets.token_urlsafe(32)
    opened = StaffSession(
        token_hash=_hash(token),
        staff=member,
        csrf_token=secrets.token_urlsafe(32),
        address=address,
        browser=browser,
        needs_second_factor=needs_second_factor,
    )
    session.add(opened)
    session.flush()
    return token, opened


def session_for(session: Session, token: str, *, by_hand: bool = True) -> StaffSession | None:
    """The session this token opens, if it is neither too old nor left alone for too long.

    Args:
        by_hand: false for what a page asks for by itself. It proves that the page is open, not
            that anybody sits before it, so it must not keep a forgotten browser signed in.
    """
    found = session.get(StaffSession, _hash(token))
    if found is None or _is_over(found) or found.staff.deactivated_at is not None:
        return None
    if by_hand and now() - found.last_seen_at >= SEEN_EVERY:
        found.last_seen_at = now()
    return found


def all_of(session: Session, member: Staff) -> list[StaffSession]:
    """The browsers in which this member is signed in now, the one used last first."""
    query = select(StaffSession).where(StaffSession.staff_id == member.id)
    found = session.scalars(query.order_by(StaffSession.last_seen_at.desc(), StaffSession.id))
    return [one for one in found if not _is_over(one) and not one.needs_second_factor]


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
    if not all_of(session, opened.staff):
        presence.signed_out(session, opened.staff)


def end_one(session: Session, member: Staff, session_id: str) -> bool:
    """Sign one other browser of this member out; false if it was gone already."""
    mine = StaffSession.staff_id == member.id
    ended = session.execute(
        delete(StaffSession)
        .where(mine, StaffSession.id == session_id)
        .returning(StaffSession.token_hash)
    )
    if ended.first() is None:
        return False
    _record_ended(session, member, "one")
    return True


def end_others(session: Session, kept: StaffSession) -> None:
    """Sign every browser of this member out but this one."""
    mine = StaffSession.staff_id == kept.staff_id
    session.execute(delete(StaffSession).where(mine, StaffSession.id != kept.id))
    _record_ended(session, kept.staff, "others")


def close_all(session: Session, member: Staff) -> int:
    """Sign every browser of this member out; returns how many."""
    ended = delete(StaffSession).where(StaffSession.staff_id == member.id)
    return len(session.execute(ended.returning(StaffSession.token_hash)).all())


def drop(session: Session, opened: StaffSession) -> None:
    """Close a session that another one replaces, or that never got as far as the code."""
    session.execute(delete(StaffSession).where(StaffSession.id == opened.id))


def is_fresh(opened: StaffSession) -> bool:
    """Whether the password was given so lately that it need not be asked for again."""
    return now() - opened.created_at <= TIME_FOR_THE_CODE


def began_second_factor(session: Session, opened: StaffSession) -> None:
    """A new key was made for this browser; one that another browser showed is worth nothing."""
    mine = StaffSession.staff_id == opened.staff_id
    session.execute(update(StaffSession).where(mine).values(second_factor_begun_at=None))
    opened.second_factor_begun_at = now()


def may_see_the_key(opened: StaffSession) -> bool:
    """Only here and only now: whoever finds the browser open later must not copy the key."""
    begun_at = opened.second_factor_begun_at
    return begun_at is not None and now() - begun_at <= TIME_FOR_THE_CODE


def _record_ended(session: Session, member: Staff, which: str) -> None:
    whose = f"staff:{member.id}"
    audit.record(session, actor=whose, action="staff.sessions_ended", subject=whose, detail=which)


def _is_over(found: StaffSession) -> bool:
    oldest = timedelta(hours=settings().staff_session_hours)
    longest_idle = timedelta(minutes=settings().staff_idle_minutes)
    if found.needs_second_factor:
        oldest = min(oldest, TIME_FOR_THE_CODE)
    return now() - found.created_at > oldest or now() - found.last_seen_at > longest_idle


def _sweep(session: Session) -> None:
    """Forget sessions nobody can use any more."""
    oldest = now() - timedelta(hours=settings().staff_session_hours)
    session.execute(delete(StaffSession).where(StaffSession.created_at < oldest))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
