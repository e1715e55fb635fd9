"""A database that is gone for a moment loses nothing that a visitor says to a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, update
from sqlalchemy.exc import OperationalError

from clinic import conversations, handoffs, staff, turns
from clinic.database import transaction
from clinic.tables import Conversation, Handoff, Staff
from tests.web.visitor.conftest import CRISIS, FakeRasa, Visitor

CALM, DANGER = "is this painful?", "i want to kill myself"


@pytest.fixture
def live(visitor: Visitor) -> Visitor:
    """A visitor who writes with a person."""
    visitor.say("can I talk to somebody", key="key-first")
    with transaction() as session:
        staff.create_staff(session, "ben")
        conversation_id = conversations.id_of(visitor.key)
        handoff = handoffs.ask(session, conversation_id)
        assert handoffs.take(session, handoff.id, session.query(Staff).one().id)
    return visitor


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """The next so many messages of a visitor cannot be written down."""
    real, failures = turns.write, 0

    def sometimes(connection: Connection, conversation_id: str, **said: Any) -> turns.Said:
        nonlocal failures
        if said["sender"] == turns.VISITOR and failures:
            failures -= 1
            raise OperationalError("gone", None, Exception())
        return real(connection, conversation_id, **said)

    def begin(times: int) -> None:
        nonlocal failures
        failures = times

    monkeypatch.setattr(turns, "write", sometimes)
    return begin


def test_words_that_could_not_be_kept_at_first_still_reach_the_person(
    live: Visitor, rasa: FakeRasa, fail: Callable[[int], None]
) -> None:
    fail(1)

    answer = live.say(CALM)

    assert answer.json() == {"messages": [], "handoff": "live"}
    assert live.transcript()[-1] == CALM


def test_words_that_cannot_reach_the_person_are_asked_for_again_and_kept_once(
    live: Visitor, rasa: FakeRasa, fail: Callable[[int], None]
) -> None:
    fail(2)

    first, again = live.say(CALM), live.say(CALM)

    assert first.status_code == 503
    assert "did not reach our staff" in first.json()["error"]["message"]
    assert again.json() == {"messages": [], "handoff": "live"}
    assert live.transcript().count(CALM) == 1


@pytest.mark.parametrize("says", [CRISIS, [{"recipient_id": "c", "text": "Hello."}]])
def test_words_of_danger_reach_the_person_and_help_is_shown(
    live: Visitor, rasa: FakeRasa, fail: Callable[[int], None], says: Any
) -> None:
    rasa.says = says
    fail(1)

    (bubble,) = live.say(DANGER).json()["messages"]

    assert bubble["payload"]["type"] == "crisis"
    assert DANGER in live.transcript()


def test_help_for_words_of_danger_is_never_refused(
    live: Visitor, rasa: FakeRasa, fail: Callable[[int], None]
) -> None:
    rasa.says = CRISIS
    fail(2)

    (bubble,) = live.say(DANGER).json()["messages"]

    assert bubble["payload"]["type"] == "crisis"


def test_without_a_person_the_words_stand_before_the_answer(
    visitor: Visitor, rasa: FakeRasa, fail: Callable[[int], None]
) -> None:
    fail(1)

    visitor.say(CALM)

    assert visitor.transcript() == [CALM, "Hello."]


def test_a_live_chat_in_which_nothing_is_kept_ends_and_the_assistant_answers(
    live: Visitor, rasa: FakeRasa
) -> None:
    with transaction() as session:
        session.execute(update(Conversation).values(keeps_transcript=False))

    answer = live.say(CALM).json()

    assert [message["text"] for message in answer["messages"]] == ["Hello."]
    assert answer["handoff"] is None
    with transaction() as session:
        assert session.query(Handoff).one().ended_by == "forgotten"
