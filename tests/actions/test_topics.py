"""What Rasa's parse and tracker say about topics, read as Rasa writes it."""

from __future__ import annotations

from typing import Any

import pytest

from actions.topics import (
    asked,
    last_turn,
    message_before,
    nearest,
    times_answered,
    titles,
    topic,
)
from tests.actions.builders import DOMAIN, parsed, tracker

COST = {"type": "answer", "topic": "cost"}
FAQ_COST: dict[str, Any] = {"event": "bot", "text": "$400", "data": {"custom": COST}}
PLAIN: dict[str, Any] = {"event": "bot", "text": "Hello", "data": {"custom": None}}
NO_DATA: dict[str, Any] = {"event": "bot", "text": "Hello"}
SLOT: dict[str, Any] = {"event": "slot", "name": "questionnaire", "value": None}


def said(text: str) -> dict[str, Any]:
    return {"event": "user", "text": text, "parse_data": parsed(text)}


def test_a_topic_is_the_trained_answer_with_its_title() -> None:
    cost = topic(DOMAIN, "cost")

    assert (cost.slug, cost.title) == ("cost", "What does it cost?")
    assert cost.text.startswith("A session costs")
    assert cost.payload["sources"]


def test_a_topic_that_was_not_trained_is_an_error() -> None:
    with pytest.raises(KeyError):
        topic(DOMAIN, "no_such_topic")


def test_several_questions_count_before_the_one_intent() -> None:
    message = parsed("both", intent="faq/cost", questions=["insurance", "cost"])

    assert asked(message) == ["insurance", "cost"]


def test_one_question_is_the_intent() -> None:
    assert asked(parsed("how much", intent="faq/cost")) == ["cost"]


@pytest.mark.parametrize("intent", ["", "greet", "nlu_fallback", "chitchat/joke"])
def test_what_is_no_topic_asks_for_none(intent: str) -> None:
    assert asked(parsed("hm", intent=intent)) == []


def test_a_message_that_rasa_did_not_parse_asks_for_nothing() -> None:
    assert asked({}) == []
    assert nearest({}) == []


def test_the_nearest_topics_come_in_the_order_of_the_ranking() -> None:
    assert nearest(parsed("hm", nearest=["insurance", "cost"])) == ["insurance", "cost"]


def test_titles_are_what_buttons_say() -> None:
    assert titles(DOMAIN, ["insurance", "cost"]) == ["Does insurance pay?", "What does it cost?"]


def test_what_was_answered_before_is_read_from_the_bots_payloads() -> None:
    before = [said("how much"), FAQ_COST, said("hello"), PLAIN, NO_DATA, SLOT]

    assert times_answered(tracker("and now", before=before)) == {"cost": 1}


def test_how_often_a_topic_was_answered_is_counted() -> None:
    insurance = {**FAQ_COST, "data": {"custom": {"type": "answer", "topic": "insurance"}}}

    times = times_answered(tracker("and now", before=[FAQ_COST, insurance, FAQ_COST]))

    assert times == {"cost": 2, "insurance": 1}
    assert times["hopeless"] == 0


def test_the_last_turn_is_what_was_said_since_the_message_before() -> None:
    before = [said("hello"), PLAIN, said("how much"), SLOT, FAQ_COST]

    turn = last_turn(tracker("not that", before=before))

    assert [payload.get("topic") for payload in turn] == ["cost"]
    assert last_turn(tracker("how much", before=[NO_DATA])) == []


def test_the_message_before_is_the_visitors_own() -> None:
    before = [said("hello"), PLAIN, said("how much"), FAQ_COST]

    assert message_before(tracker("not that", before=before))["text"] == "how much"
    assert message_before(tracker("hello")) == {}
