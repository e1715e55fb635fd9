"""Every topic is answered through Rasa's REST channel, with its slug and its sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.front_desk import FrontDesk

pytestmark = pytest.mark.running

TOPICS = [
    topic
    for path in sorted(Path("data/faq").glob("*.yml"))
    for topic in yaml.safe_load(path.read_text("utf-8"))["topics"]
]
# Who asks for a person gets one, or hears the hours; the topic's own words are for a call.
OTHER_WORDS = {"human_handoff": "please call me back"}


def answer(messages: list[dict[str, Any]]) -> dict[str, Any]:
    payloads = [message["custom"] for message in messages if "custom" in message]
    return next(payload for payload in payloads if payload["type"] == "answer")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic["topic"])
def test_a_topic_is_answered_with_its_sources(front_desk: FrontDesk, topic: dict[str, Any]) -> None:
    messages = front_desk.say_to_rasa(OTHER_WORDS.get(topic["topic"], topic["questions"][0]))

    payload = answer(messages)
    assert payload["topic"] == topic["topic"]
    assert payload["sources"] == topic["sources"]
    assert payload["reviewed"] == topic["reviewed"].isoformat()
    assert messages[0]["text"].strip()


def test_a_fact_that_is_missing_is_said_to_be_missing_and_a_call_offered(
    front_desk: FrontDesk,
) -> None:
    messages = front_desk.say_to_rasa("How much does it cost?")

    words = " ".join(message.get("text", "") for message in messages)
    assert "not have the prices" in words
    assert answer(messages)["suggestions"] == ["Call me back"]
    assert "{" not in words


@pytest.mark.parametrize(
    "text",
    ["asdf qwer zxcv", "who won the world cup in 1998", "write me a python script", "🐙🐙🐙"],
)
def test_anything_else_gets_an_honest_fallback(front_desk: FrontDesk, text: str) -> None:
    messages = front_desk.say_to_rasa(text)

    assert messages[-1]["custom"]["type"] == "fallback"


def test_a_question_about_suicidal_thoughts_gets_its_answer_with_988(
    front_desk: FrontDesk,
) -> None:
    messages = front_desk.say_to_rasa("Does ketamine help with suicidal thoughts?")

    assert answer(messages)["topic"] == "suicidal_thoughts_evidence"
    assert "988" in " ".join(message.get("text", "") for message in messages)
