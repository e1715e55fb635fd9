"""Staff accounts: what opens the console, and what keeps it shut."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import clock, passwords, staff, staff_sessions
from clinic.staff import SignInLocked, SignInRefused, StaffError, WrongCredentials
from clinic.tables import AuditEntry, Staff, StaffSession

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
OWN_PASSWORD = "four calm green boats"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


def member_of(session: Session, username: str = "amira") -> tuple[Staff, str]:
    password = staff.create_staff(session, username)
    return session.scalars(select(Staff).where(Staff.username == username)).one(), password


def sign_in(session: Session, username: str, password: str) -> Staff:
    known = staff.password_hash_of(session, username)
    return staff.sign_in(session, username, passwords.compare(known, password))


def change_password(session: Session, member: Staff, current: str, new: str) -> None:
    proof = passwords.compare(member.password_hash, current)
    staff.change_password(session, member, proof, new_hash=passwords.hashed(new))


def fail(session: Session, times: int, username: str = "amira") -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            sign_in(session, username, "not the password")


def later(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    for module in (staff, staff_sessions):
        monkeypatch.setattr(module, "now", lambda: clock.now() + passed)


def deeds(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_one_time_password_signs_in_and_has_to_be_changed(session: Session) -> None:
    member, password = member_of(session)

    signed_in = sign_in(session, "  AMIRA ", password)

    assert signed_in is member
    assert signed_in.must_change_password
    assert deeds(session) == ["staff.created", "staff.signed_in"]


def test_no_password_is_kept_in_a_readable_form(session: Session) -> None:
    member, password = member_of(session)

    assert member.password_hash.startswith("$argon2id$")
    assert password not in member.password_hash


@pytest.mark.parametrize("username", ["", "a", "Amira Smith", "-amira", "a" * 65, "amira\x00"])
def test_a_username_nobody_could_type_is_refused(session: Session, username: str) -> None:
    with pytest.raises(StaffError):
        staff.create_staff(session, username)


def test_a_username_is_given_only_once(session: Session) -> None:
    staff.create_staff(session, "amira")
    session.commit()

    with pytest.raises(StaffError, match="already"):
        staff.create_staff(session, "Amira")


def test_an_unknown_name_is_refused_like_a_wrong_password(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    member_of(session)
    compared: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, known: str | bytes, password: str | bytes) -> Literal[True]:
            compared.append(str(known))
            return super().verify(known, password)

    watched = Watched(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: watched)

    for username in ("amira", "nobody", "'; drop table staff", "\x00"):
        with pytest.raises(WrongCredentials):
            sign_in(session, username, "not the password")

    # A hash is computed each time, so that the answer takes as long.
    assert len(compared) == 4
    assert deeds(session).count("staff.sign_in_failed") == 4


def test_five_failures_lock_the_account_even_for_the_right_password(session: Session) -> None:
    _, password = member_of(session)
    fail(session, 5)

    with pytest.raises(SignInLocked):
        sign_in(session, "amira", password)


def test_four_failures_do_not_lock_and_a_sign_in_forgets_them(session: Session) -> None:
    _, password = member_of(session)
    fail(session, 4)
    sign_in(session, "amira", password)
    fail(session, 4)

    assert sign_in(session, "amira", password)


def test_the_lock_opens_by_itself_after_fifteen_minutes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, password = member_of(session)
    fail(session, 5)

    later(monkeypatch, timedelta(minutes=14))
    with pytest.raises(SignInLocked):
        sign_in(session, "amira", password)
    later(monkeypatch, timedelta(minutes=15, seconds=1))
    assert sign_in(session, "amira", password)


def test_one_locked_account_does_not_lock_another(session: Session) -> None:
    member_of(session)
    _, password = member_of(session, "ben")
    fail(session, 5)

    assert sign_in(session, "ben", password)


def test_a_reset_opens_the_lock_and_signs_every_browser_out(session: Session) -> None:
    member, first = member_of(session)
    staff_sessions.open_session(session, member)
    fail(session, 5)

    second = staff.reset_password(session, "amira")

    assert session.scalar(select(func.count()).select_from(StaffSession)) == 0
    assert sign_in(session, "amira", second).must_change_password
    fail(session, 1)
    with pytest.raises(WrongCredentials):
        sign_in(session, "amira", first)


def test_ones_own_password_replaces_the_one_time_password(session: Session) -> None:
    member, password = member_of(session)
    token, _ = staff_sessions.open_session(session, member)

    change_password(session, member, password, OWN_PASSWORD)

    assert not member.must_change_password
    assert staff_sessions.session_for(session, token) is None
    assert sign_in(session, "amira", OWN_PASSWORD) is member
    with pytest.raises(WrongCredentials):
        sign_in(session, "amira", password)
    assert "staff.password_changed" in deeds(session)


def test_a_proof_is_worthless_once_the_password_has_changed(session: Session) -> None:
    member, password = member_of(session)
    proof = passwords.compare(member.password_hash, password)
    change_password(session, member, password, OWN_PASSWORD)

    with pytest.raises(WrongCredentials):
        staff.sign_in(session, "amira", proof)


def test_guessing_the_current_password_locks_the_account_too(session: Session) -> None:
    member, password = member_of(session)
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            change_password(session, member, "a guess", OWN_PASSWORD)

    with pytest.raises(SignInLocked):
        change_password(session, member, password, OWN_PASSWORD)


def test_a_password_may_hold_any_sign_however_the_keyboard_writes_it(session: Session) -> None:
    member, password = member_of(session)
    change_password(session, member, password, "caf\u00e9 au lait \U0001f33f ok")

    assert sign_in(session, "amira", "cafe\u0301 au lait \U0001f33f ok")


def test_a_hash_of_lower_cost_is_renewed_at_the_next_sign_in(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, password = member_of(session)
    before = member.password_hash
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: dearer)

    sign_in(session, "amira", password)

    assert member.password_hash != before
    assert sign_in(session, "amira", password)
