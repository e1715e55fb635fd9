"""Sign in: how staff prove who they are, and what a wrong password costs."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit, second_factor, staff, staff_sessions, tries
from clinic.passwords import Proof
from clinic.tables import Staff
from clinic.tries import Place, Secret


class SignInRefused(Exception):
    """Catch it inside the transaction: the failure is counted there and must be committed."""


class WrongCredentials(SignInRefused):
    """No such user, or another password. Never says which."""


class SignInLocked(SignInRefused):
    """Too many failures; even the right password has to wait."""


def password_hash_of(session: Session, username: str) -> str | None:
    """What to compare a password with before signing in; nothing for an unknown name."""
    member = staff.find(session, username)
    return member.password_hash if member else None


def sign_in(session: Session, username: str, proof: Proof, place: Place | None = None) -> Staff:
    """The member of staff whose password was proved; a second factor may still be to come.

    Raises:
        SignInRefused: commit the transaction all the same, or the failure is not counted.
    """
    member = staff.find(session, username)
    if member is None:
        audit.record(
            session, actor="visitor", action="staff.sign_in_failed", subject="staff:unknown"
        )
        raise WrongCredentials
    accept(session, member, proof, place or Place(), actor="visitor")
    if proof.renewed is not None:
        member.password_hash = proof.renewed
    deed = "staff.code_asked" if second_factor.is_on(member) else "staff.signed_in"
    _record(session, member, deed)
    return member


def change_password(
    session: Session, member: Staff, proof: Proof, *, new_hash: str, place: Place | None = None
) -> None:
    """Set a password of the member's own choice and sign out every browser of theirs.

    Raises:
        SignInRefused: the current password is wrong; it counts like a failed sign-in, so commit.
    """
    accept(session, member, proof, place or Place(), actor=f"staff:{member.id}")
    member.password_hash = new_hash
    member.must_change_password = False
    staff_sessions.close_all(session, member)
    _record(session, member, "staff.password_changed")


def accept(session: Session, member: Staff, proof: Proof, place: Place, *, actor: str) -> None:
    """Return only if the password is right, is still the password, and may be tried.

    Raises:
        SignInRefused: commit the transaction all the same.
    """
    current = _current(session, member)
    # Nobody guesses a one-time password. Without a count on it, a colleague who was locked out
    # by somebody's guesses gets in again with a new one, whoever goes on guessing.
    is_counted = not current.must_change_password
    if is_counted and not tries.may_try(session, Secret.PASSWORD, member.id, place):
        _record(session, member, "staff.sign_in_failed", actor=actor, detail="too_many")
        raise SignInLocked
    if not proof.is_right or proof.password_hash != current.password_hash:
        _record(session, member, "staff.sign_in_failed", actor=actor, detail="password")
        raise WrongCredentials
    if is_counted:
        tries.was_right(session, Secret.PASSWORD, member.id, place)
    if current.deactivated_at is not None:
        _record(session, member, "staff.sign_in_failed", actor=actor, detail="deactivated")
        raise WrongCredentials


def _current(session: Session, member: Staff) -> Staff:
    """As the database has it now, whatever this session read before."""
    query = select(Staff).where(Staff.id == member.id)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _record(
    session: Session,
    member: Staff,
    action: str,
    *,
    actor: str | None = None,
    detail: str | None = None,
) -> None:
    audit.record(
        session,
        actor=actor or f"staff:{member.id}",
        action=action,
        subject=f"staff:{member.id}",
        detail=detail,
    )
