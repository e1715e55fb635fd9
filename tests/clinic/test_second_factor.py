"""The second factor: which codes open the door, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from clinic import clock, passwords, second_factor, tries
from clinic.second_factor import TooManyCodes, Used, WrongCode
from clinic.settings import settings
from clinic.tables import Staff
from tests.clinic.accounts import (
    CHEAP,
    DESK,
    ELSEWHERE,
    OWN_PASSWORD,
    deeds,
    member,
    try_to_sign_in,
)

START = datetime.fromtimestamp(1_800_000_000, tz=clock.now().tzinfo)
STEP = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture(autouse=True)
def clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    move_to(monkeypatch, START)


def move_to(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    for module in (second_factor, tries):
        monkeypatch.setattr(module, "now", lambda: at)


def code_of(amira: Staff, at: datetime = START) -> str:
    """What the app on her phone shows."""
    return pyotp.TOTP(amira.totp_secret or "").at(at)


@pytest.fixture
def amira(session: Session) -> Staff:
    """Somebody who has set it up, an hour ago."""
    made = member(session)
    second_factor.begin(session, made)
    made.totp_confirmed_at = START - timedelta(hours=1)
    session.flush()
    return made


def test_it_is_on_once_the_app_has_shown_a_right_code(session: Session) -> None:
    amira = member(session)
    second_factor.begin(session, amira)
    assert not second_factor.is_on(amira)

    with pytest.raises(WrongCode):
        second_factor.turn_on(session, amira, "000000", DESK)
    assert not second_factor.is_on(amira)
    codes = second_factor.turn_on(session, amira, code_of(amira), DESK)

    assert second_factor.is_on(amira)
    assert len(set(codes)) == 10
    assert deeds(session)[-1] == "staff.second_factor_turned_on"


def test_the_code_that_turned_it_on_does_not_also_sign_in(session: Session) -> None:
    amira = member(session)
    second_factor.begin(session, amira)
    code = code_of(amira)
    second_factor.turn_on(session, amira, code, DESK)

    with pytest.raises(WrongCode):
        second_factor.prove(session, amira, code, DESK)


def test_what_the_app_reads_names_the_clinic_and_the_account(session: Session) -> None:
    amira = member(session)
    second_factor.begin(session, amira)

    read = pyotp.parse_uri(second_factor.address(amira, "Example Clinic"))

    assert isinstance(read, pyotp.TOTP)
    assert (read.issuer, read.name) == ("Example Clinic", "amira")
    assert read.secret == second_factor.key(amira).replace(" ", "")


def test_a_key_that_is_in_use_is_never_replaced(session: Session, amira: Staff) -> None:
    before = amira.totp_secret

    second_factor.begin(session, amira)

    assert amira.totp_secret == before


def test_the_key_is_unreadable_in_the_database(session: Session, amira: Staff) -> None:
    stored = session.execute(text("SELECT totp_secret FROM staff")).scalar_one()

    assert (amira.totp_secret or "").encode() not in bytes(stored)


@pytest.mark.parametrize("steps_off", [-1, 0, 1])
def test_a_clock_may_be_one_step_off(session: Session, amira: Staff, steps_off: int) -> None:
    code = code_of(amira, START + steps_off * STEP)

    assert second_factor.prove(session, amira, code, DESK) is Used.APP


@pytest.mark.parametrize("steps_off", [-3, -2, 2, 3])
def test_two_steps_off_is_too_far(session: Session, amira: Staff, steps_off: int) -> None:
    with pytest.raises(WrongCode):
        second_factor.prove(session, amira, code_of(amira, START + steps_off * STEP), DESK)


def test_no_code_opens_the_door_twice_nor_an_older_one_after_it(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_factor.prove(session, amira, code_of(amira), DESK)

    for used_or_older in (code_of(amira), code_of(amira, START - STEP)):
        with pytest.raises(WrongCode):
            second_factor.prove(session, amira, used_or_older, DESK)
    move_to(monkeypatch, START + STEP)
    assert second_factor.prove(session, amira, code_of(amira, START + STEP), DESK) is Used.APP


def test_a_code_may_be_typed_with_a_gap(session: Session, amira: Staff) -> None:
    code = code_of(amira)

    assert second_factor.prove(session, amira, f" {code[:3]} {code[3:]} ", DESK)


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\x00", "x" * 9999]
)
def test_anything_else_is_refused(session: Session, amira: Staff, code: str) -> None:
    with pytest.raises(WrongCode):
        second_factor.prove(session, amira, code, DESK)


def test_each_recovery_code_is_good_once(session: Session, amira: Staff) -> None:
    first, second, *_ = second_factor.new_recovery_codes(session, amira)

    assert second_factor.prove(session, amira, first.upper(), DESK) is Used.RECOVERY_CODE
    with pytest.raises(WrongCode):
        second_factor.prove(session, amira, first, DESK)
    assert second_factor.prove(session, amira, second.replace("-", " "), DESK)
    assert len(amira.recovery_codes or ()) == 8


def test_new_recovery_codes_make_the_old_ones_worthless(session: Session, amira: Staff) -> None:
    (old, *_) = second_factor.new_recovery_codes(session, amira)
    second_factor.new_recovery_codes(session, amira)

    with pytest.raises(WrongCode):
        second_factor.prove(session, amira, old, DESK)


def test_recovery_codes_are_kept_only_as_hashes(session: Session, amira: Staff) -> None:
    codes = second_factor.new_recovery_codes(session, amira)

    kept = amira.recovery_codes or []
    assert len(kept) == 10
    assert not set(codes) & set(kept)
    assert all(code.replace("-", "") not in kept for code in codes)


def test_after_five_wrong_codes_even_the_right_one_has_to_wait(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCode):
            second_factor.prove(session, amira, "000000", DESK)

    with pytest.raises(TooManyCodes):
        second_factor.prove(session, amira, code_of(amira), DESK)
    assert second_factor.prove(session, amira, code_of(amira), ELSEWHERE)
    after = START + timedelta(minutes=15, seconds=1)
    move_to(monkeypatch, after)
    assert second_factor.prove(session, amira, code_of(amira, after), DESK)


def test_wrong_codes_do_not_lock_the_password_nor_the_reverse(
    session: Session, amira: Staff
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCode):
            second_factor.prove(session, amira, "000000", DESK)

    assert try_to_sign_in(session, OWN_PASSWORD) is amira


def test_with_a_second_factor_a_password_alone_is_not_a_sign_in(
    session: Session, amira: Staff
) -> None:
    try_to_sign_in(session, OWN_PASSWORD)

    assert deeds(session)[-1] == "staff.code_asked"


def test_turned_off_nothing_is_left_of_it(session: Session, amira: Staff) -> None:
    second_factor.new_recovery_codes(session, amira)

    second_factor.turn_off(session, amira, by=amira.id)

    assert (amira.totp_secret, amira.recovery_codes) == (None, None)
    assert not second_factor.is_on(amira)


def test_it_is_missing_only_where_the_clinic_asks_for_it(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = member(session, "ben")
    assert not second_factor.is_missing(ben)

    monkeypatch.setenv("CLINIC_REQUIRE_SECOND_FACTOR", "true")
    settings.cache_clear()

    assert second_factor.is_missing(ben)
    assert not second_factor.is_missing(amira)
