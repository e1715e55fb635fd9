"""Who of staff is here for chats: they said so, and a console page of theirs is open."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.clock import now
from clinic.tables import Staff

FRESH = timedelta(seconds=90)
"""A page that was not heard of for so long is closed, or its computer is asleep."""

SWITCHED_OFF_AFTER = timedelta(minutes=30)
"""Who comes back after so long says anew that they are here: nobody takes chats by surprise."""

SEEN_EVERY = timedelta(seconds=15)
"""How often it is written down that a page is open; more would be writes for nothing."""


def somebody_is_here(session: Session) -> bool:
    """Whether a visitor who asks for a person can be told that one may come."""
    return session.scalar(select(Staff.id).where(_takes_chats()).limit(1)) is not None


def who_is_here(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).where(_takes_chats()).order_by(Staff.username)))


def is_here(staff: Staff) -> bool:
    return staff.is_here and staff.deactivated_at is None and has_a_page_open(staff)


def has_a_page_open(staff: Staff) -> bool:
    return staff.last_seen_at is not None and now() - staff.last_seen_at <= FRESH


def seen(session: Session, staff: Staff) -> None:
    """A console page of theirs is open."""
    moment, before = now(), staff.last_seen_at
    if before is not None and moment - before < SEEN_EVERY:
        return
    if staff.is_here and (before is None or moment - before > SWITCHED_OFF_AFTER):
        _switch(session, staff, on=False)
    staff.last_seen_at = moment


def come(session: Session, staff: Staff) -> None:
    """They take chats from now on."""
    staff.last_seen_at = now()
    if not staff.is_here:
        _switch(session, staff, on=True)


def go(session: Session, staff: Staff) -> None:
    """They take no more chats; those that they have stay with them."""
    if staff.is_here:
        _switch(session, staff, on=False)


def signed_out(session: Session, staff: Staff) -> None:
    """Nobody sees the page any more. Another browser of theirs is heard of within seconds."""
    go(session, staff)
    staff.last_seen_at = None


def _switch(session: Session, staff: Staff, *, on: bool) -> None:
    staff.is_here = on
    action = "presence.began" if on else "presence.ended"
    audit.record(session, actor=f"staff:{staff.id}", action=action, subject=f"staff:{staff.id}")


def _takes_chats() -> ColumnElement[bool]:
    return and_(
        Staff.is_here,
        Staff.deactivated_at.is_(None),
        Staff.last_seen_at >= now() - FRESH,
    )
