"""Whose turn it is to tell Rasa: one process at a time, and again if it did not work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from clinic import clock, conversations, erasure, forgetting
from clinic.database import transaction
from clinic.tables import AuditEntry, Erasure


@pytest.fixture
def erased(database_url: str) -> str:
    with transaction() as session:
        conversations.open_conversation(session, "c")
        erasure.erase_conversation(session, "c", 1)
    return "c"


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    monkeypatch.setattr(forgetting, "now", lambda: clock.now() + timedelta(**passed))


def claim(conversation_id: str) -> bool:
    with transaction() as session:
        return forgetting.claim(session, conversation_id)


def test_a_message_that_is_on_its_way_arrives_first(
    erased: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert forgetting.due(session) == []

    later(monkeypatch, seconds=15)

    assert forgetting.due(session) == ["c"]


def test_of_two_processes_one_tells_rasa(erased: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later(monkeypatch, seconds=15)

    assert [claim("c"), claim("c")] == [True, False]


def test_who_dies_in_the_middle_is_followed_by_another_who_waits_longer_each_time(
    erased: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = 15.0
    for minutes in (1, 2, 4, 8):
        later(monkeypatch, seconds=waited)
        assert claim("c")
        later(monkeypatch, seconds=waited + minutes * 60 - 5)
        assert not claim("c")
        waited += minutes * 60 + 5


def test_it_is_never_given_up_and_never_waits_for_more_than_an_hour(
    erased: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hours in range(1, 40):
        later(monkeypatch, hours=hours * 1.01)
        assert claim("c")


def test_what_is_done_is_written_down_once_and_not_done_again(
    erased: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        with transaction() as session:
            forgetting.is_done(session, "c")
    later(monkeypatch, days=1)

    assert not claim("c")
    with transaction() as session:
        assert session.get_one(Erasure, "c").done_at is not None
        written = session.query(AuditEntry).filter_by(action="conversation.forgotten_by_bot")
        assert written.count() == 1
