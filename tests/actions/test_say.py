"""Whatever the bot says follows web/bot_message.schema.json."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.say import say, say_again, say_not_understood, tell_handoff
from actions.topics import topic
from tests.actions.builders import DOMAIN, SCHEMA, TOPICS

OFFERS = ["What does it cost?", "Call me back"]


@pytest.mark.parametrize(
    "speak",
    [
        partial(say, suggestions=OFFERS),
        partial(say_not_understood, suggestions=OFFERS),
        partial(say_not_understood, suggestions=[]),
        partial(tell_handoff, state="callback", suggestions=OFFERS),
    ],
)
def test_every_payload_is_valid(speak: Callable[[CollectingDispatcher, str], None]) -> None:
    dispatcher = CollectingDispatcher()

    speak(dispatcher, "A few words.")

    (message,) = dispatcher.messages
    assert message["text"] == "A few words."
    assert list(SCHEMA.iter_errors(message["custom"])) == []


@pytest.mark.parametrize("slug", TOPICS)
def test_an_answer_said_again_is_a_valid_answer(slug: str) -> None:
    dispatcher = CollectingDispatcher()

    say_again(dispatcher, topic(DOMAIN, slug), "In short.", suggestions=OFFERS)

    (message,) = dispatcher.messages
    assert list(SCHEMA.iter_errors(message["custom"])) == []
    assert message["custom"]["suggestions"] == OFFERS


def test_an_answer_without_a_title_is_refused() -> None:
    untitled = {k: v for k, v in topic(DOMAIN, "cost").payload.items() if k != "title"}

    assert not SCHEMA.is_valid(untitled)


def test_without_suggestions_plain_words_carry_no_payload() -> None:
    dispatcher = CollectingDispatcher()

    say(dispatcher, "A few words.")

    assert not dispatcher.messages[0]["custom"]
