"""Whole dialogues through Rasa's REST channel: every turn gets the reply that it was promised."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.front_desk import SCHEMA, FrontDesk

pytestmark = pytest.mark.running

PERSON = "Call me back"
NEAREST = 3
"""Topics that are offered when nothing was understood."""

TITLES: dict[str, str] = {
    topic["topic"]: topic["title"]
    for path in sorted(Path("data/faq").glob("*.yml"))
    for topic in yaml.safe_load(path.read_text("utf-8"))["topics"]
}
DIALOGUES = [
    dialogue
    for path in sorted((Path(__file__).parent / "dialogues").glob("*.yml"))
    for dialogue in yaml.safe_load(path.read_text("utf-8"))
]


@dataclass(frozen=True)
class Bubble:
    """A piece of a reply: its words, and the payload that came with them, empty if none did."""

    text: str
    payload: dict[str, Any]

    @property
    def type(self) -> str:
        return str(self.payload.get("type", "plain"))

    @property
    def suggestions(self) -> list[str]:
        return list(self.payload.get("suggestions", []))


Reply = list[Bubble]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["dialogue"])
def test_every_turn_gets_the_reply_it_was_promised(
    front_desk: FrontDesk, dialogue: dict[str, Any]
) -> None:
    visitor = uuid.uuid4().hex
    before: list[Reply] = []

    for turn in dialogue["turns"]:
        reply = bubbles(front_desk.say_to_rasa(turn["visitor"], sender=visitor))

        assert not (broken := broken_promise(turn, reply, before)), (turn, broken, reply)
        before.append(reply)


def bubbles(messages: list[dict[str, Any]]) -> Reply:
    """Rasa's REST channel sends each paragraph by itself, and their payload after them."""
    reply: Reply = []
    paragraphs: list[str] = []
    for message in messages:
        if "text" in message:
            paragraphs.append(message["text"])
        if "custom" in message:
            SCHEMA.validate(message["custom"])
            reply.append(Bubble("\n\n".join(paragraphs), message["custom"]))
            paragraphs = []
    return [*reply, Bubble("\n\n".join(paragraphs), {})] if paragraphs else reply


def broken_promise(turn: dict[str, Any], reply: Reply, before: list[Reply]) -> str:
    """What is wrong with a reply, in words; empty if nothing is."""
    if "answers" in turn:
        return not_the_answers(reply, turn["answers"])
    if "asks" in turn:
        return not_the_choice(reply, turn["asks"])
    if turn["says"] == "shorter":
        return not_in_other_words(reply, before)
    return NOT_SAID[turn["says"]](reply)


def not_the_answers(reply: Reply, topics: list[str]) -> str:
    return "" if answered(reply) == topics else f"answered {answered(reply)}, not {topics}"


def not_the_choice(reply: Reply, topics: list[str]) -> str:
    if wrong := answered(reply):
        return f"answered {wrong} where it should have asked"
    offered = last(reply).suggestions[: len(topics)]
    if last(reply).type != "text" or {*offered} != {TITLES[topic] for topic in topics}:
        return f"offered {offered}, not {topics}"
    return ""


def not_in_other_words(reply: Reply, before: list[Reply]) -> str:
    earlier = next(past for past in reversed(before) if answered(past))
    if answered(reply) != answered(earlier):
        return f"answered {answered(reply)}, not {answered(earlier)} again"
    return "the same words again" if words(reply) == words(earlier) else ""


def not_a_fallback(reply: Reply) -> str:
    *topics, person = last(reply).suggestions or [""]
    if types(reply) != ["fallback"]:
        return f"{types(reply)} is no fallback"
    if person != PERSON or len(topics) != NEAREST or not {*topics} <= {*TITLES.values()}:
        return f"offered {[*topics, person]}"
    return ""


def not_the_person_first(reply: Reply) -> str:
    if types(reply) != ["fallback"]:
        return f"{types(reply)} is no fallback"
    return "" if last(reply).suggestions[:1] == [PERSON] else "a person is not offered first"


def not_made_good(reply: Reply) -> str:
    if len(reply) != 1 or last(reply).type not in ("text", "fallback"):
        return f"{types(reply)} makes nothing good"
    return "" if last(reply).suggestions[-1:] == [PERSON] else "a person is not offered last"


def not_small_talk(reply: Reply) -> str:
    if not words(reply):
        return "nothing was said"
    return "" if {*types(reply)} <= {"plain", "text"} else f"{types(reply)} is no small talk"


NOT_SAID: dict[str, Callable[[Reply], str]] = {
    "fallback": not_a_fallback,
    "person_first": not_the_person_first,
    "repair": not_made_good,
    "small_talk": not_small_talk,
}


def answered(reply: Reply) -> list[str]:
    """The topics that a reply answers, in its order."""
    return [bubble.payload["topic"] for bubble in reply if bubble.type == "answer"]


def last(reply: Reply) -> Bubble:
    return reply[-1] if reply else Bubble("", {})


def types(reply: Reply) -> list[str]:
    return [bubble.type for bubble in reply]


def words(reply: Reply) -> str:
    return "\n\n".join(bubble.text for bubble in reply).strip()
