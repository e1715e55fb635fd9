"""Staff accounts: who may open the console."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit, passwords
from clinic.roles import Role
from clinic.tables import Staff

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class StaffError(Exception):
    """Something that cannot be done with an account; the message says why."""


def create_staff(
    session: Session, username: str, role: Role = Role.STAFF, *, by: int | None = None
) -> str:
    """Make an account; returns its one-time password, which is not kept anywhere else."""
    password = passwords.one_time_password()
    member = _add(session, username, role, passwords.hashed(password))
    _record(session, member, "staff.created", by=by, detail=role)
    return password


def join(session: Session, username: str, role: Role, password_hash: str) -> Staff:
    """Make an account for somebody who was invited and chose a password of their own."""
    member = _add(session, username, role, password_hash)
    member.must_change_password = False
    _record(session, member, "staff.joined", by=member.id, detail=role)
    return member


def find(session: Session, username: str) -> Staff | None:
    username = normal(username)
    if not USERNAME.fullmatch(username):
        return None
    return session.scalar(select(Staff).where(Staff.username == username))


def named(session: Session, username: str) -> Staff:
    member = find(session, username)
    if member is None:
        raise StaffError(f"There is no account called {normal(username)}.")
    return member


def is_anybody_there(session: Session) -> bool:
    """Whether the clinic has any account yet."""
    return session.scalar(select(Staff.id).limit(1)) is not None


def usable_name(username: str) -> str:
    """The username as it is kept."""
    username = normal(username)
    if not USERNAME.fullmatch(username):
        raise StaffError(
            "A username has 2 to 64 letters, digits, dots, dashes, underscores or an @, "
            "and begins with a letter or a digit."
        )
    return username


def normal(username: str) -> str:
    return username.strip().lower()


def _add(session: Session, username: str, role: Role, password_hash: str) -> Staff:
    username = usable_name(username)
    member = Staff(username=username, role=role, password_hash=password_hash)
    try:
        with session.begin_nested():
            session.add(member)  # flushed at the end of the block, which gives it its id
    except IntegrityError:
        raise StaffError(f"There is already an account called {username}.") from None
    return member


def _record(session: Session, member: Staff, action: str, *, by: int | None, detail: str) -> None:
    audit.record(
        session,
        actor=actor(by),
        action=action,
        subject=f"staff:{member.id}",
        detail=detail,
    )


def actor(by: int | None) -> str:
    """Who did it, for the audit log: somebody of staff, or whoever sits at the command line."""
    return "system" if by is None else f"staff:{by}"
