"""Staff accounts: who may open the console, and how they prove it."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit, passwords, staff_sessions
from clinic.clock import now
from clinic.passwords import Proof
from clinic.roles import Role
from clinic.tables import Staff

FAILURES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=15)
USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


class StaffError(Exception):
    """An account that cannot be made or found; the message says why."""


class SignInRefused(Exception):
    """Catch it inside the transaction: the failure is counted there and must be committed."""


class WrongCredentials(SignInRefused):
    """No such user, or another password. Never says which."""


class SignInLocked(SignInRefused):
    """Too many failures; even the right password has to wait."""


def create_staff(session: Session, username: str, role: Role = Role.STAFF) -> str:
    """Make an account; returns its one-time password, which is not kept anywhere else."""
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        raise StaffError(
            "A username has 2 to 64 letters, digits, dots, dashes, underscores or an @, "
            "and begins with a letter or a digit."
        )
    password = passwords.one_time_password()
    member = Staff(username=username, role=role, password_hash=passwords.hashed(password))
    session.add(member)
    try:
        session.flush()  # gives the account its id
    except IntegrityError:
        raise StaffError(f"There is already an account called {username}.") from None
    audit.record(
        session, actor="system", action="staff.created", subject=f"staff:{member.id}", detail=role
    )
    return password


def reset_password(session: Session, username: str) -> str:
    """Give out a new one-time password, open the lock and sign every browser out."""
    member = _find(session, username)
    if member is None:
        raise StaffError(f"There is no account called {username.strip().lower()}.")
    password = passwords.one_time_password()
    member.password_hash = passwords.hashed(password)
    member.must_change_password = True
    member.failed_sign_ins = 0
    member.locked_until = None
    staff_sessions.close_all(session, member)
    audit.record(
        session, actor="system", action="staff.password_reset", subject=f"staff:{member.id}"
    )
    return password


def is_anybody_there(session: Session) -> bool:
    """Whether the clinic has any account yet."""
    return session.scalar(select(Staff.id).limit(1)) is not None


def password_hash_of(session: Session, username: str) -> str | None:
    """What to compare a password with before signing in; nothing for an unknown name."""
    member = _find(session, username)
    return member.password_hash if member else None


def sign_in(session: Session, username: str, proof: Proof) -> Staff:
    """The member of staff whose password was proved.

    Raises:
        SignInRefused: commit the transaction all the same, or the failure is not counted.
    """
    member = _find(session, username)
    if member is None:
        audit.record(
            session, actor="visitor", action="staff.sign_in_failed", subject="staff:unknown"
        )
        raise WrongCredentials
    _accept(session, member, proof, actor="visitor")
    if proof.renewed is not None:
        member.password_hash = proof.renewed
    _record(session, member, "staff.signed_in")
    return member


def change_password(session: Session, member: Staff, proof: Proof, *, new_hash: str) -> None:
    """Set a password of the member's own choice and sign out every browser of theirs.

    Raises:
        SignInRefused: the current password is wrong; it counts like a failed sign-in, so commit.
    """
    _accept(session, member, proof, actor=f"staff:{member.id}")
    member.password_hash = new_hash
    member.must_change_password = False
    staff_sessions.close_all(session, member)
    _record(session, member, "staff.password_changed")


def _find(session: Session, username: str) -> Staff | None:
    username = username.strip().lower()
    if not USERNAME.fullmatch(username):
        return None
    return session.scalar(select(Staff).where(Staff.username == username))


def _accept(session: Session, member: Staff, proof: Proof, *, actor: str) -> None:
    """Return only if the password is right, is still the password, and nothing is locked."""
    if not proof.is_right or proof.password_hash != member.password_hash:
        _count_failure(session, member, actor=actor)
        raise WrongCredentials
    # Asked of the database and not of `member`: of a hundred guesses sent at once, those
    # that arrive after the fifth failure must find the lock.
    unlocked = session.execute(
        update(Staff)
        .where(Staff.id == member.id)
        .where(or_(Staff.locked_until.is_(None), Staff.locked_until <= now()))
        .values(failed_sign_ins=0, locked_until=None)
        .returning(Staff.id)
    )
    if unlocked.first() is None:
        audit.record(
            session, actor=actor, action="staff.sign_in_failed", subject=f"staff:{member.id}"
        )
        raise SignInLocked


def _count_failure(session: Session, member: Staff, *, actor: str) -> None:
    failures = session.execute(
        update(Staff)
        .where(Staff.id == member.id)
        .values(failed_sign_ins=Staff.failed_sign_ins + 1)
        .returning(Staff.failed_sign_ins)
    ).scalar_one()
    if failures >= FAILURES_BEFORE_LOCK:
        member.locked_until = now() + LOCKED_FOR
        member.failed_sign_ins = 0
    audit.record(session, actor=actor, action="staff.sign_in_failed", subject=f"staff:{member.id}")


def _record(session: Session, member: Staff, action: str) -> None:
    audit.record(session, actor=f"staff:{member.id}", action=action, subject=f"staff:{member.id}")
