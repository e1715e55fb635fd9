"""Invitations: a link with which one new colleague makes an account, once, within three days."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from clinic import audit, staff
from clinic.clock import now
from clinic.roles import Role
from clinic.staff import StaffError, actor
from clinic.tables import Invitation, Staff

LASTS = timedelta(hours=72)


class NoInvitation(StaffError):
    """Never sent, used before, withdrawn, or too old. Does not say which."""

    def __init__(self) -> None:
        super().__init__(
            "This invitation is not open. It may be older than three days, used before or "
            "withdrawn. Please ask for a new one."
        )


def invite(session: Session, username: str, role: Role, *, by: int | None = None) -> str:
    """Open an invitation; returns its token, which is kept nowhere else.

    An earlier one for the same name is withdrawn, so that a link which went astray is worthless.
    """
    username = staff.usable_name(username)
    if staff.find(session, username) is not None:
        raise StaffError(f"There is already an account called {username}.")
    for earlier in session.scalars(_open().where(Invitation.username == username)):
        _withdraw(session, earlier, by=by)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=_hash(token),
        username=username,
        role=role,
        invited_by=by,
        expires_at=now() + LASTS,
    )
    session.add(invitation)
    session.flush()
    _record(session, invitation, "invitation.sent", by=by, detail=role)
    return token


def open_ones(session: Session) -> list[Invitation]:
    return list(session.scalars(_open().order_by(Invitation.created_at)))


def find(session: Session, token: str) -> Invitation:
    """The open invitation that belongs to this token."""
    found = session.scalar(_open().where(Invitation.token_hash == _hash(token.strip())))
    if found is None:
        raise NoInvitation
    return found


def accept(session: Session, token: str, password_hash: str) -> Staff:
    """Make the account. Of two who use one link at the same time, one gets it."""
    invitation = find(session, token)
    used = session.execute(
        update(Invitation)
        .where(Invitation.token_hash == invitation.token_hash)
        .where(Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(used_at=now())
        .returning(Invitation.token_hash)
    )
    if used.first() is None:
        raise NoInvitation
    return staff.join(session, invitation.username, Role(invitation.role), password_hash)


def withdraw(session: Session, token_hash: str, *, by: int | None) -> bool:
    """False if it was not open any more."""
    found = session.scalar(_open().where(Invitation.token_hash == token_hash))
    if found is None:
        return False
    _withdraw(session, found, by=by)
    return True


def withdraw_all_of(session: Session, member: Staff, *, by: int | None) -> None:
    """Who may not invite any more leaves no open door behind."""
    for invitation in session.scalars(_open().where(Invitation.invited_by == member.id)):
        _withdraw(session, invitation, by=by)


def _open() -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now(),
    )


def _withdraw(session: Session, invitation: Invitation, *, by: int | None) -> None:
    invitation.withdrawn_at = now()
    _record(session, invitation, "invitation.withdrawn", by=by)


def _record(
    session: Session,
    invitation: Invitation,
    action: str,
    *,
    by: int | None,
    detail: str | None = None,
) -> None:
    # A part of the hash names it well enough; nobody gets in with a hash.
    subject = f"invitation:{invitation.token_hash[:16]}"
    audit.record(session, actor=actor(by), action=action, subject=subject, detail=detail)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
