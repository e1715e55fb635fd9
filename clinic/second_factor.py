"""The second factor: a code from an authenticator app, after the password.

Time-based codes as every app knows them (RFC 6238: SHA-1, 6 digits, 30 seconds), one step early
or late. Whoever reads a code over a shoulder cannot use it: no step opens the door twice.
"""

from __future__ import annotations

import hmac
import re
from enum import StrEnum

import pyotp
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import audit, recovery_codes, tries
from clinic.clock import now
from clinic.settings import settings
from clinic.staff import actor
from clinic.tables import Staff
from clinic.tries import Place, Secret

STEP_SECONDS = 30
STEPS_OFF = (0, -1, 1)
"""Which steps count beside the present one: clocks are never quite the same."""
DIGITS = re.compile(r"[0-9]{6}")


class CodeRefused(Exception):
    """Catch it inside the transaction: the failure is counted there and must be committed."""


class WrongCode(CodeRefused):
    """Another code, or one that was used before."""


class TooManyCodes(CodeRefused):
    """Too many wrong codes; even the right one has to wait."""


class Used(StrEnum):
    """What opened the door."""

    APP = "app"
    RECOVERY_CODE = "recovery_code"


def is_on(member: Staff) -> bool:
    return member.totp_confirmed_at is not None


def is_missing(member: Staff) -> bool:
    """Whether the clinic asks everybody for one, and this account has none."""
    return settings().require_second_factor and not is_on(member)


def begin(session: Session, member: Staff) -> None:
    """Make a new key for the app; it counts once a code of it was given."""
    if is_on(member):
        return
    member.totp_secret = pyotp.random_base32()
    _record(session, member, "staff.second_factor_begun")


def key(member: Staff) -> str:
    """The key as a person types it into an app: groups of four."""
    return " ".join(re.findall(".{1,4}", member.totp_secret or ""))


def address(member: Staff, clinic: str) -> str:
    """What the QR code says to the app."""
    return _totp(member).provisioning_uri(name=member.username, issuer_name=clinic)


def turn_on(session: Session, member: Staff, code: str, place: Place) -> list[str]:
    """Turn it on with the app's first code; returns the recovery codes, which are shown once."""
    _take_a_try(session, member, place)
    if member.totp_secret is None or not _is_right_now(session, member, code):
        raise _refused(session, member)
    tries.was_right(session, Secret.CODE, member.id, place)
    member.totp_confirmed_at = now()
    _record(session, member, "staff.second_factor_turned_on")
    return _give_out_codes(member)


def prove(session: Session, member: Staff, code: str, place: Place) -> Used:
    """Return only for a code of the app or a recovery code that was never used.

    Raises:
        CodeRefused: commit the transaction all the same, or the failure is not counted.
    """
    _take_a_try(session, member, place)
    if _is_right_now(session, member, code):
        used = Used.APP
    elif _is_left(session, member, code):
        used = Used.RECOVERY_CODE
    else:
        raise _refused(session, member)
    tries.was_right(session, Secret.CODE, member.id, place)
    return used


def new_recovery_codes(session: Session, member: Staff) -> list[str]:
    """Ten new ones; those of before are worth nothing any more."""
    _record(session, member, "staff.recovery_codes_made")
    return _give_out_codes(member)


def turn_off(session: Session, member: Staff, *, by: int | None) -> None:
    """Forget the app and every recovery code."""
    member.totp_secret = None
    member.totp_confirmed_at = None
    member.recovery_codes = None
    audit.record(
        session,
        actor=actor(by),
        action="staff.second_factor_turned_off",
        subject=f"staff:{member.id}",
    )


def _totp(member: Staff) -> pyotp.TOTP:
    return pyotp.TOTP(member.totp_secret or "", interval=STEP_SECONDS)


def _take_a_try(session: Session, member: Staff, place: Place) -> None:
    if not tries.may_try(session, Secret.CODE, member.id, place):
        _record(session, member, "staff.code_refused", detail="too_many")
        raise TooManyCodes


def _is_right_now(session: Session, member: Staff, code: str) -> bool:
    code = re.sub(r"\s", "", code)
    if member.totp_secret is None or not DIGITS.fullmatch(code):
        return False
    present = int(now().timestamp()) // STEP_SECONDS
    steps = [present + off for off in STEPS_OFF]
    right = [
        step for step in steps if hmac.compare_digest(_totp(member).at(step * STEP_SECONDS), code)
    ]
    return any(_use_step(session, member, step) for step in right)


def _use_step(session: Session, member: Staff, step: int) -> bool:
    """False if this step or a later one was used; asked of the database in one statement."""
    used = session.execute(
        update(Staff)
        .where(Staff.id == member.id, Staff.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Staff.id)
    )
    return used.first() is not None


def _is_left(session: Session, member: Staff, code: str) -> bool:
    """Whether it is one of the recovery codes; it is used up then."""
    if not recovery_codes.looks_like_one(code):
        return False
    # Locked: the same code sent twice at once is taken once.
    query = select(Staff).where(Staff.id == member.id).with_for_update(key_share=True)
    session.scalars(query.execution_options(populate_existing=True)).one()
    left = member.recovery_codes or []
    given = recovery_codes.hashed(code)
    if not any(hmac.compare_digest(given, kept) for kept in left):
        return False
    member.recovery_codes = [kept for kept in left if kept != given]
    session.flush()
    return True


def _give_out_codes(member: Staff) -> list[str]:
    codes = recovery_codes.new_codes()
    member.recovery_codes = [recovery_codes.hashed(code) for code in codes]
    return codes


def _refused(session: Session, member: Staff) -> WrongCode:
    _record(session, member, "staff.code_refused", detail="wrong")
    return WrongCode()


def _record(session: Session, member: Staff, action: str, *, detail: str | None = None) -> None:
    whose = f"staff:{member.id}"
    audit.record(session, actor=whose, action=action, subject=whose, detail=detail)
