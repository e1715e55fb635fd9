"""Signing in: what opens the console, what keeps it shut, and whom a stranger can keep out."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from clinic import clock, known_browsers, passwords, sign_in, staff_sessions, team, tries
from clinic.known_browsers import KnownBrowser
from clinic.roles import Role
from clinic.sign_in import SignInLocked, WrongCredentials
from clinic.tables import Staff
from clinic.tries import Place
from tests.clinic.accounts import (
    CHEAP,
    DESK,
    ELSEWHERE,
    OWN_PASSWORD,
    deeds,
    details,
    fail,
    member,
    try_to_sign_in,
)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture
def amira(session: Session) -> Staff:
    return member(session)


def later(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    monkeypatch.setattr(tries, "now", lambda: clock.now() + passed)


def change_password(session: Session, amira: Staff, current: str, new: str) -> None:
    proof = passwords.compare(amira.password_hash, current)
    sign_in.change_password(session, amira, proof, new_hash=passwords.hashed(new), place=DESK)


def test_the_right_password_opens_the_door(session: Session, amira: Staff) -> None:
    assert try_to_sign_in(session, OWN_PASSWORD, username=" AMIRA ") is amira
    assert deeds(session)[-1] == "staff.signed_in"


def test_an_unknown_name_is_refused_like_a_wrong_password(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, known: str | bytes, password: str | bytes) -> Literal[True]:
            compared.append(str(known))
            return super().verify(known, password)

    watched = Watched(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: watched)

    for username in ("amira", "nobody", "'; drop table staff", "\x00"):
        with pytest.raises(WrongCredentials):
            try_to_sign_in(session, "not the password", username=username)

    # A hash is computed each time, so that the answer takes as long.
    assert len(compared) == 4
    assert deeds(session).count("staff.sign_in_failed") == 4


def test_five_failures_stop_even_the_right_password_from_there(
    session: Session, amira: Staff
) -> None:
    fail(session, 5)

    with pytest.raises(SignInLocked):
        try_to_sign_in(session, OWN_PASSWORD)
    assert details(session, "staff.sign_in_failed") == ["password"] * 5 + ["too_many"]


def test_four_failures_do_not_and_a_sign_in_forgets_them(session: Session, amira: Staff) -> None:
    fail(session, 4)
    try_to_sign_in(session, OWN_PASSWORD)
    fail(session, 4)

    assert try_to_sign_in(session, OWN_PASSWORD)


def test_the_door_opens_again_after_fifteen_minutes(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(session, 5)

    later(monkeypatch, timedelta(minutes=14))
    with pytest.raises(SignInLocked):
        try_to_sign_in(session, OWN_PASSWORD)
    later(monkeypatch, timedelta(minutes=15, seconds=1))
    assert try_to_sign_in(session, OWN_PASSWORD)


def test_a_strangers_failures_do_not_keep_amira_out_of_her_own_network(
    session: Session, amira: Staff
) -> None:
    fail(session, 6, ELSEWHERE)

    assert try_to_sign_in(session, OWN_PASSWORD, DESK)


def test_one_locked_account_does_not_lock_another(session: Session, amira: Staff) -> None:
    ben = member(session, "ben")
    fail(session, 5)

    assert try_to_sign_in(session, OWN_PASSWORD, username="ben") is ben


def guess_from_many_networks(session: Session) -> None:
    for network in range(31):
        fail(session, 1, Place(f"203.0.113.{network}"))


def test_many_networks_together_have_thirty_tries_an_hour(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess_from_many_networks(session)

    with pytest.raises(SignInLocked):
        try_to_sign_in(session, OWN_PASSWORD, DESK)
    later(monkeypatch, timedelta(minutes=61))
    assert try_to_sign_in(session, OWN_PASSWORD, DESK)


def test_a_browser_she_used_before_is_not_locked_by_anybody_elses_failures(
    session: Session, amira: Staff
) -> None:
    known = known_browsers.read(known_browsers.signed_in_here(None, amira.id))
    guess_from_many_networks(session)
    fail(session, 5, DESK)

    assert try_to_sign_in(session, OWN_PASSWORD, Place(DESK.address, known))


def test_a_browser_that_only_others_used_is_no_way_around_the_lock(
    session: Session, amira: Staff
) -> None:
    fail(session, 5, DESK)

    with pytest.raises(SignInLocked):
        try_to_sign_in(
            session, OWN_PASSWORD, Place(DESK.address, KnownBrowser("b", (amira.id + 1,)))
        )


def test_five_failures_in_a_known_browser_stop_it_too(session: Session, amira: Staff) -> None:
    desk = Place(DESK.address, KnownBrowser("b", (amira.id,)))
    fail(session, 5, desk)

    with pytest.raises(SignInLocked):
        try_to_sign_in(session, OWN_PASSWORD, desk)


def test_an_ipv6_line_is_one_place_whatever_address_it_uses(session: Session, amira: Staff) -> None:
    for host in range(5):
        fail(session, 1, Place(f"2001:db8:1:1::{host + 1}"))

    with pytest.raises(SignInLocked):
        try_to_sign_in(session, OWN_PASSWORD, Place("2001:db8:1:1:ffff::9"))
    assert try_to_sign_in(session, OWN_PASSWORD, Place("2001:db8:1:2::9"))


def test_a_reset_lets_in_again_while_somebody_goes_on_guessing(
    session: Session, amira: Staff
) -> None:
    guess_from_many_networks(session)
    one_time = team.reset_password(session, amira)
    guess_from_many_networks(session)
    fail(session, 5)

    assert try_to_sign_in(session, one_time).must_change_password
    with pytest.raises(WrongCredentials):
        try_to_sign_in(session, OWN_PASSWORD)


def test_a_closed_account_is_refused_with_the_words_of_a_wrong_password(
    session: Session, amira: Staff
) -> None:
    member(session, "chris", Role.ADMIN)
    team.deactivate(session, amira)

    with pytest.raises(WrongCredentials):
        try_to_sign_in(session, OWN_PASSWORD)
    assert details(session, "staff.sign_in_failed") == ["deactivated"]


def test_a_new_password_replaces_the_old_one_and_signs_every_browser_out(
    session: Session, amira: Staff
) -> None:
    token, _ = staff_sessions.open_session(session, amira)

    change_password(session, amira, OWN_PASSWORD, "seven quiet paper lamps")

    assert staff_sessions.session_for(session, token) is None
    assert try_to_sign_in(session, "seven quiet paper lamps") is amira
    with pytest.raises(WrongCredentials):
        try_to_sign_in(session, OWN_PASSWORD)


def test_a_proof_is_worthless_once_the_password_has_changed(session: Session, amira: Staff) -> None:
    proof = passwords.compare(amira.password_hash, OWN_PASSWORD)
    change_password(session, amira, OWN_PASSWORD, "seven quiet paper lamps")

    with pytest.raises(WrongCredentials):
        sign_in.sign_in(session, "amira", proof, DESK)


def test_guessing_the_current_password_is_counted_like_signing_in(
    session: Session, amira: Staff
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            change_password(session, amira, "a guess", "seven quiet paper lamps")

    with pytest.raises(SignInLocked):
        change_password(session, amira, OWN_PASSWORD, "seven quiet paper lamps")


def test_a_password_may_hold_any_sign_however_the_keyboard_writes_it(
    session: Session, amira: Staff
) -> None:
    change_password(session, amira, OWN_PASSWORD, "caf\u00e9 au lait \U0001f33f ok")

    assert try_to_sign_in(session, "cafe\u0301 au lait \U0001f33f ok")


def test_a_hash_of_lower_cost_is_renewed_at_the_next_sign_in(
    session: Session, amira: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = amira.password_hash
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", lambda: dearer)

    try_to_sign_in(session, OWN_PASSWORD)

    assert amira.password_hash != before
    assert try_to_sign_in(session, OWN_PASSWORD)
