"""What happens in the chat is counted, and where visitors came from; never what they say."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from clinic import counts
from clinic.database import transaction
from clinic.tables import Conversation, DailyCount
from tests.web.visitor.conftest import FakeRasa, Visitor

ANSWER: dict[str, object] = {
    "type": "answer",
    "topic": "cost",
    "title": "How much does it cost?",
    "sources": [],
    "reviewed": None,
}


def counted() -> dict[tuple[str, str], int]:
    counts.flush()
    with transaction() as session:
        return {(row.kind, row.detail): row.number for row in session.query(DailyCount)}


def test_a_conversation_is_counted_once_with_its_source(http: TestClient) -> None:
    visitor = Visitor(http)

    for _ in range(2):
        visitor.open(json={"source": "News.example.org"})

    with transaction() as session:
        assert session.query(Conversation).one().source == "news.example.org"
    assert counted() == {("conversation", "news.example.org"): 1}


@pytest.mark.parametrize("body", [None, {}, {"source": None}, {"source": ["x"]}, {"source": "a b"}])
def test_nobody_is_turned_away_for_a_strange_source(http: TestClient, body: object) -> None:
    sent: dict[str, Any] = {} if body is None else {"json": body}

    assert http.post("/api/conversation", **sent).status_code == 200
    assert counted() == {("conversation", ""): 1}


def test_messages_and_the_topics_of_answers_are_counted_once_each(
    visitor: Visitor, rasa: FakeRasa
) -> None:
    rasa.says = [{"text": "About $400."}, {"custom": ANSWER}]

    for _ in range(2):  # the second is the same message, sent again
        visitor.say("what does it cost", key="key-0001")
    visitor.say("what does it cost", key="key-0002")

    assert counted() == {
        ("conversation", ""): 1,
        ("message", ""): 2,
        ("topic", "cost"): 2,
    }


def test_a_broken_counter_costs_nobody_the_answer(
    visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction() as session:
        session.execute(text("DROP TABLE daily_counts"))

    with caplog.at_level(logging.ERROR):
        answer = visitor.say("my secret")

    assert answer.json()["messages"][0]["text"] == "Hello."
    assert visitor.transcript() == ["my secret", "Hello."]
    assert "my secret" not in caplog.text
