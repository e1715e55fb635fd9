"""The team: roles, accounts that are closed or opened again, and help for whoever is locked out."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import (
    audit,
    invitations,
    passwords,
    presence,
    second_factor,
    staff_sessions,
    tries,
)
from clinic.clock import now
from clinic.roles import Role
from clinic.staff import StaffError, actor
from clinic.tables import Staff


class LastAdmin(StaffError):
    """Somebody has to be left who can look after the accounts."""

    def __init__(self) -> None:
        super().__init__(
            "This is the only admin. Give somebody else the role admin first, so that the "
            "accounts are not left to nobody."
        )


def everybody(session: Session) -> list[Staff]:
    """Every account, those that are closed at the end."""
    query = select(Staff).order_by(Staff.deactivated_at.is_not(None), Staff.username)
    return list(session.scalars(query))


def change_role(session: Session, member: Staff, role: Role, *, by: int | None = None) -> None:
    """Give another role. Invitations of somebody who is no admin any more are withdrawn."""
    if member.role == role:
        return
    if role is not Role.ADMIN:
        _refuse_the_last_admin(session, member)
        invitations.withdraw_all_of(session, member, by=by)
    member.role = role
    _record(session, member, "staff.role_changed", by=by, detail=role)


def deactivate(session: Session, member: Staff, *, by: int | None = None) -> None:
    """Close the account at once; what was done with it and is assigned to it stays."""
    if member.deactivated_at is not None:
        return
    _refuse_the_last_admin(session, member)
    invitations.withdraw_all_of(session, member, by=by)
    member.deactivated_at = now()
    presence.signed_out(session, member)  # a colleague can take over their chats at once
    staff_sessions.close_all(session, member)
    _record(session, member, "staff.deactivated", by=by)


def reactivate(session: Session, member: Staff, *, by: int | None = None) -> str:
    """Open the account again, with a one-time password: the old one may have got about."""
    member.deactivated_at = None
    _record(session, member, "staff.reactivated", by=by)
    return reset_password(session, member, by=by)


def reset_password(session: Session, member: Staff, *, by: int | None = None) -> str:
    """Give out a new one-time password, open the lock and sign every browser out."""
    password = passwords.one_time_password()
    member.password_hash = passwords.hashed(password)
    member.must_change_password = True
    tries.forget(session, member.id)
    staff_sessions.close_all(session, member)
    _record(session, member, "staff.password_reset", by=by)
    return password


def take_away_second_factor(session: Session, member: Staff, *, by: int | None = None) -> None:
    """For somebody whose phone and recovery codes are gone. Every browser is signed out."""
    second_factor.turn_off(session, member, by=by)
    tries.forget(session, member.id)
    staff_sessions.close_all(session, member)


def end_sessions(session: Session, member: Staff, *, by: int | None = None) -> int:
    """Sign every browser of this person out; returns how many."""
    ended = staff_sessions.close_all(session, member)
    _record(session, member, "staff.sessions_ended", by=by, detail="all")
    return ended


def _refuse_the_last_admin(session: Session, member: Staff) -> None:
    """Locks the admins: of two who demote each other at the same time, the second is refused."""
    query = select(Staff.id).where(Staff.role == Role.ADMIN, Staff.deactivated_at.is_(None))
    admins = session.scalars(query.order_by(Staff.id).with_for_update(key_share=True))
    if list(admins) == [member.id]:
        raise LastAdmin


def _record(
    session: Session, member: Staff, action: str, *, by: int | None, detail: str | None = None
) -> None:
    audit.record(
        session, actor=actor(by), action=action, subject=f"staff:{member.id}", detail=detail
    )
