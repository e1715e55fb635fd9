"""Staff accounts: how they are made, and that their names are names."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic import passwords, staff
from clinic.roles import Role
from clinic.staff import StaffError
from tests.clinic.accounts import CHEAP, deeds, details


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


def test_a_new_account_has_a_one_time_password_that_must_be_changed(session: Session) -> None:
    password = staff.create_staff(session, "  AMIRA ", Role.CLINICIAN)

    amira = staff.named(session, "amira")
    assert amira.must_change_password
    assert passwords.compare(amira.password_hash, password).is_right
    assert details(session, "staff.created") == ["clinician"]


def test_no_password_is_kept_in_a_readable_form(session: Session) -> None:
    password = staff.create_staff(session, "amira")

    kept = staff.named(session, "amira").password_hash
    assert kept.startswith("$argon2id$")
    assert password not in kept


@pytest.mark.parametrize("username", ["", "a", "Amira Smith", "-amira", "a" * 65, "amira\x00"])
def test_a_username_nobody_could_type_is_refused(session: Session, username: str) -> None:
    with pytest.raises(StaffError, match="A username has"):
        staff.create_staff(session, username)


def test_a_username_is_given_only_once_and_the_session_goes_on(session: Session) -> None:
    staff.create_staff(session, "amira")

    with pytest.raises(StaffError, match="already"):
        staff.create_staff(session, "Amira")

    staff.create_staff(session, "ben")
    assert deeds(session) == ["staff.created", "staff.created"]


def test_who_joins_has_chosen_a_password_and_need_not_change_it(session: Session) -> None:
    joined = staff.join(session, "amira", Role.STAFF, passwords.hashed("four calm green boats"))

    assert not joined.must_change_password
    assert deeds(session) == ["staff.joined"]
