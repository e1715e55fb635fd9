"""Signed-in browsers: how long they stay signed in, and what is kept of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import clock, staff_sessions
from clinic.settings import settings
from clinic.tables import AuditEntry, Staff, StaffSession

IDLE = timedelta(minutes=settings().staff_idle_minutes)
LONGEST = timedelta(hours=settings().staff_session_hours)
SECOND = timedelta(seconds=1)


@pytest.fixture
def member(session: Session) -> Staff:
    member = Staff(username="amira", password_hash="unused")
    session.add(member)
    session.flush()
    return member


def later(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    monkeypatch.setattr(staff_sessions, "now", lambda: clock.now() + passed)


def test_a_token_opens_its_session(session: Session, member: Staff) -> None:
    token, opened = staff_sessions.open_session(session, member)

    assert staff_sessions.session_for(session, token) is opened
    assert staff_sessions.session_for(session, token + "x") is None
    assert staff_sessions.session_for(session, opened.token_hash) is None


def test_every_session_has_tokens_of_its_own(session: Session, member: Staff) -> None:
    first, one = staff_sessions.open_session(session, member)
    second, two = staff_sessions.open_session(session, member)

    assert len({first, second, one.csrf_token, two.csrf_token}) == 4


def test_the_token_itself_is_kept_nowhere(session: Session, member: Staff) -> None:
    token, opened = staff_sessions.open_session(session, member)

    kept = [str(getattr(opened, column.name)) for column in StaffSession.__table__.columns]
    assert token not in kept


def test_a_session_left_alone_is_over(
    session: Session, member: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = staff_sessions.open_session(session, member)

    later(monkeypatch, IDLE + SECOND)

    assert staff_sessions.session_for(session, token) is None


def test_a_session_in_use_goes_on_until_its_longest_time(
    session: Session, member: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = staff_sessions.open_session(session, member)

    passed = timedelta()
    while passed + IDLE / 2 < LONGEST:
        passed += IDLE / 2
        later(monkeypatch, passed)
        assert staff_sessions.session_for(session, token) is not None
    later(monkeypatch, LONGEST + SECOND)

    assert staff_sessions.session_for(session, token) is None


def test_signing_out_ends_this_browser_only(session: Session, member: Staff) -> None:
    token, opened = staff_sessions.open_session(session, member)
    other, _ = staff_sessions.open_session(session, member)

    staff_sessions.close_session(session, opened)

    assert staff_sessions.session_for(session, token) is None
    assert staff_sessions.session_for(session, other) is not None
    assert session.scalars(select(AuditEntry.action)).all() == ["staff.signed_out"]


def test_sessions_that_are_over_are_forgotten_at_the_next_sign_in(
    session: Session, member: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff_sessions.open_session(session, member)

    later(monkeypatch, LONGEST + SECOND)
    staff_sessions.open_session(session, member)

    assert len(session.scalars(select(StaffSession)).all()) == 1


def test_a_page_that_asks_by_itself_does_not_keep_a_forgotten_browser_signed_in(
    session: Session, member: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, opened = staff_sessions.open_session(session, member)
    before = opened.last_seen_at

    later(monkeypatch, IDLE / 2)
    assert staff_sessions.session_for(session, token, by_hand=False) is opened
    assert opened.last_seen_at == before
    later(monkeypatch, IDLE + SECOND)

    assert staff_sessions.session_for(session, token, by_hand=False) is None


def test_a_password_alone_waits_ten_minutes_for_the_code(
    session: Session, member: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = staff_sessions.open_session(session, member, needs_second_factor=True)

    later(monkeypatch, staff_sessions.TIME_FOR_THE_CODE - SECOND)
    assert staff_sessions.session_for(session, token) is not None
    later(monkeypatch, staff_sessions.TIME_FOR_THE_CODE + SECOND)

    assert staff_sessions.session_for(session, token) is None


def test_the_list_shows_only_browsers_that_are_all_the_way_in(
    session: Session, member: Staff
) -> None:
    _, whole = staff_sessions.open_session(session, member, browser="Firefox on Linux")
    staff_sessions.open_session(session, member, needs_second_factor=True)

    assert staff_sessions.all_of(session, member) == [whole]


def test_one_browser_is_ended_by_its_name_and_nobody_elses_is(
    session: Session, member: Staff
) -> None:
    ben = Staff(username="ben", password_hash="unused")
    session.add(ben)
    token, opened = staff_sessions.open_session(session, member)

    assert not staff_sessions.end_one(session, ben, opened.id)
    assert staff_sessions.session_for(session, token) is opened
    assert staff_sessions.end_one(session, member, opened.id)
    session.expire_all()
    assert staff_sessions.session_for(session, token) is None


def test_all_others_are_ended_and_this_one_stays(session: Session, member: Staff) -> None:
    kept, here = staff_sessions.open_session(session, member)
    other, _ = staff_sessions.open_session(session, member)

    staff_sessions.end_others(session, here)

    assert staff_sessions.session_for(session, kept) is here
    assert staff_sessions.session_for(session, other) is None
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.detail) == ("staff.sessions_ended", "others")
