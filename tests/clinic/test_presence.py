"""A visitor is told that a person may come only while one is really there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import clock, presence, staff
from clinic.tables import AuditEntry, Staff


@pytest.fixture
def ben(session: Session) -> Staff:
    staff.create_staff(session, "ben")
    return session.scalars(select(Staff)).one()


def pass_time(monkeypatch: pytest.MonkeyPatch, passed: timedelta) -> None:
    monkeypatch.setattr(presence, "now", lambda: clock.now() + passed)


def test_nobody_is_here_until_somebody_says_so(session: Session, ben: Staff) -> None:
    presence.seen(session, ben)
    assert not presence.somebody_is_here(session)

    presence.come(session, ben)

    assert presence.somebody_is_here(session)
    assert presence.who_is_here(session) == [ben]


def test_closing_the_browser_ends_presence_by_itself(
    session: Session, ben: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence.come(session, ben)

    pass_time(monkeypatch, timedelta(seconds=91))

    assert not presence.somebody_is_here(session)
    assert not presence.is_here(ben)


def test_a_page_that_stays_open_keeps_it(
    session: Session, ben: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence.come(session, ben)
    pass_time(monkeypatch, timedelta(seconds=60))
    presence.seen(session, ben)

    pass_time(monkeypatch, timedelta(seconds=140))

    assert presence.somebody_is_here(session)


def test_who_comes_back_the_next_day_does_not_take_chats_by_surprise(
    session: Session, ben: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    presence.come(session, ben)

    pass_time(monkeypatch, timedelta(hours=14))
    presence.seen(session, ben)

    assert not presence.somebody_is_here(session)
    assert not ben.is_here


@pytest.mark.parametrize("how", ["go", "signed_out", "deactivated"])
def test_who_goes_is_not_here(session: Session, ben: Staff, how: str) -> None:
    presence.come(session, ben)

    if how == "deactivated":
        ben.deactivated_at = clock.now()
    else:
        getattr(presence, how)(session, ben)
    session.flush()

    assert not presence.somebody_is_here(session)


def test_the_switch_is_audited_once_and_an_open_page_is_not(session: Session, ben: Staff) -> None:
    for _ in range(2):
        presence.come(session, ben)
    presence.seen(session, ben)
    presence.go(session, ben)

    deeds = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("presence.%")))
    assert list(deeds) == ["presence.began", "presence.ended"]
