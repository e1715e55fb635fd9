"""Members of staff for tests, and the ways they prove who they are."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import passwords, sign_in, staff
from clinic.roles import Role
from clinic.sign_in import SignInRefused
from clinic.tables import AuditEntry, Staff
from clinic.tries import Place

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OWN_PASSWORD = "four calm green boats"
DESK = Place("192.0.2.1")
ELSEWHERE = Place("198.51.100.7")


def newcomer(session: Session, username: str = "amira", role: Role = Role.STAFF) -> Staff:
    """A new account; its one-time password is not asked for."""
    staff.create_staff(session, username, role)
    return staff.named(session, username)


def member(session: Session, username: str = "amira", role: Role = Role.STAFF) -> Staff:
    """An account with a password of its own."""
    made = newcomer(session, username, role)
    made.password_hash = passwords.hashed(OWN_PASSWORD)
    made.must_change_password = False
    session.flush()
    return made


def try_to_sign_in(
    session: Session, password: str, place: Place = DESK, username: str = "amira"
) -> Staff:
    known = sign_in.password_hash_of(session, username)
    return sign_in.sign_in(session, username, passwords.compare(known, password), place)


def fail(session: Session, times: int, place: Place = DESK, username: str = "amira") -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            try_to_sign_in(session, "not the password", place, username)


def deeds(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def details(session: Session, action: str) -> list[str | None]:
    query = select(AuditEntry.detail).where(AuditEntry.action == action)
    return list(session.scalars(query.order_by(AuditEntry.id)))
