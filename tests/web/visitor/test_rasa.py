"""What goes to Rasa is no command, and what comes from Rasa becomes whole bubbles."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from web.visitor import rasa
from web.visitor.rasa import RasaUnavailable, Reply, joined, without_commands

SCHEMA = Path("web/bot_message.schema.json")
ANSWER = {"type": "text", "suggestions": ["Call me back"]}
LIVE = {"type": "handoff", "state": "live"}


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("hello", "hello"),
        ("  hello  ", "hello"),
        ("/restart", "restart"),
        ("///restart", "restart"),
        (" / / /restart", "restart"),
        ("\t/\n/restart", "restart"),
        ("\u00a0/\u2003/restart", "restart"),
        ("\u2028/\u3000/\u0085restart", "restart"),
        ('/start_screening{"questionnaire": "x"}', 'start_screening{"questionnaire": "x"}'),
        ("and/or", "and/or"),
        ("24/7 /restart", "24/7 /restart"),
        ("///", ""),
        (" \u00a0 ", ""),
    ],
)
def test_no_text_begins_with_a_slash(text: str, sent: str) -> None:
    assert without_commands(text) == sent


def test_a_payload_ends_a_bubble_and_the_texts_before_it_are_its_words() -> None:
    entries: list[dict[str, Any]] = [
        {"recipient_id": "c", "text": "One."},
        {"recipient_id": "c", "text": "Two."},
        {"recipient_id": "c", "custom": ANSWER},
        {"recipient_id": "c", "text": "Three."},
    ]

    assert joined(entries) == [Reply("One.\n\nTwo.", ANSWER), Reply("Three.")]


def test_two_payloads_are_two_bubbles_in_their_order() -> None:
    bubbles = joined([{"text": "Help."}, {"custom": LIVE}, {"text": "No."}, {"custom": ANSWER}])

    assert bubbles == [Reply("Help.", LIVE), Reply("No.", ANSWER)]


def test_silence_is_no_bubble() -> None:
    assert joined([]) == []
    assert joined([{"recipient_id": "c"}, {"text": ""}]) == []


def send(handler: Callable[[httpx.Request], httpx.Response], text: str = "/hello") -> list[Reply]:
    async def sending() -> list[Reply]:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            return await rasa.send(client, sender="c", text=text, key="key-0001")

    return asyncio.run(sending())


def test_rasa_gets_the_words_the_conversation_and_the_key() -> None:
    seen: list[str] = []

    def listen(request: httpx.Request) -> httpx.Response:
        seen.append(request.read().decode())
        return httpx.Response(200, json=[])

    send(listen)

    assert httpx.Response(200, text=seen[0]).json() == {
        "sender": "c",
        "message": "hello",
        "metadata": {"key": "key-0001"},
    }


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(404),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"status": "failure"}),
        httpx.Response(200, json=["hello"]),
    ],
)
def test_an_answer_that_is_no_answer_is_said_to_be_none(answer: httpx.Response) -> None:
    with pytest.raises(RasaUnavailable):
        send(lambda _: answer)


@pytest.mark.parametrize("error", [httpx.ReadTimeout("late"), httpx.ConnectError("nobody")])
def test_what_goes_wrong_never_carries_the_visitors_words(error: Exception) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(RasaUnavailable) as raised:
        send(fail, "my secret")

    assert "my secret" not in repr(raised.value)
    assert raised.value.__suppress_context__


GOOD: list[dict[str, Any]] = [
    {"type": "text"},
    {"type": "fallback"},
    {"type": "handoff", "state": "waiting"},
    {"type": "answer", "topic": "cost", "title": "Cost", "sources": [], "reviewed": None},
    {"type": "crisis", "category": "suicide", "language": "en", "resources": [{"name": "988"}]},
]
BAD: list[dict[str, Any]] = [
    {},
    {"type": None},
    {"type": ["text"]},
    {"type": "no such kind"},
    {"type": "text", "html": "<b>"},
    {"type": "handoff"},
    {"type": "handoff", "state": "gone"},
    {"type": "answer", "topic": "NOT A SLUG", "title": "t", "sources": [], "reviewed": None},
    {"type": "answer", "topic": "t", "title": "t", "sources": [{"title": "t", "url": "http://x"}],
     "reviewed": None},
    {"type": "crisis", "category": "suicide", "language": "en", "resources": []},
]  # fmt: skip


@pytest.mark.parametrize("payload", GOOD + BAD)
def test_a_payload_is_judged_as_by_the_whole_schema(payload: dict[str, Any]) -> None:
    whole = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))

    assert rasa.follows_schema(payload) is whole.is_valid(payload)
    assert rasa.follows_schema(payload) is (payload in GOOD)
