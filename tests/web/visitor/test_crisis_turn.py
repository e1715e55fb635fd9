"""Words of crisis are answered and recorded by the web too, whatever else is broken."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.conversations import id_of
from clinic.crisis_events import record_crisis
from clinic.tables import CrisisEvent
from tests.web.visitor.conftest import CRISIS, LINE, FakeRasa, Visitor

BREAKS = ["not a database", "no such place"]


def test_a_crisis_reply_is_recorded_once_with_its_category(
    session: Session, visitor: Visitor, rasa: FakeRasa
) -> None:
    rasa.says = CRISIS

    for _ in range(2):
        visitor.say("my words")

    (event,) = session.scalars(select(CrisisEvent))
    assert (event.category, event.outcome) == ("overdose", "hard")
    assert event.message_key == "key-0001"


def test_a_check_in_is_recorded_as_a_hint(
    session: Session, visitor: Visitor, rasa: FakeRasa
) -> None:
    asks = {"type": "check_in", "category": "self_harm", "language": "en", "resources": [LINE]}
    rasa.says = [
        {"recipient_id": "c", "text": "Are you safe?"},
        {"recipient_id": "c", "custom": asks},
    ]

    visitor.say("my words")

    (event,) = session.scalars(select(CrisisEvent))
    assert (event.category, event.outcome) == ("self_harm", "soft")


def test_what_the_action_server_has_recorded_is_the_same_event(
    session: Session, visitor: Visitor, rasa: FakeRasa
) -> None:
    conversation_id = id_of(visitor.key)
    record_crisis(
        session, conversation_id=conversation_id, message_key="key-0001", category="overdose"
    )
    session.commit()
    rasa.says = CRISIS

    visitor.say("my words")

    assert len(session.scalars(select(CrisisEvent)).all()) == 1


@pytest.mark.parametrize("how", BREAKS)
def test_without_a_database_help_still_comes(
    visitor: Visitor,
    rasa: FakeRasa,
    break_database: Callable[[str], None],
    how: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rasa.says = CRISIS
    break_database(how)

    with caplog.at_level(logging.DEBUG):
        answer = visitor.say("my secret words")

    (bubble,) = answer.json()["messages"]
    assert bubble["payload"]["type"] == "crisis"
    assert "988" in bubble["text"]
    assert "my secret" not in caplog.text


@pytest.mark.parametrize("how", BREAKS)
def test_without_a_database_a_new_visitor_can_still_begin(
    visitor: Visitor, break_database: Callable[[str], None], how: str
) -> None:
    break_database(how)
    visitor.use(None)

    assert visitor.open().status_code == 200
    assert visitor.say("hello").json()["messages"][0]["text"] == "Hello."
