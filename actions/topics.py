"""What Rasa's parse of a message says about topics, and what the domain knows of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.types import DomainDict

from actions.visitor import was_said_to_a_person

TOPIC_INTENT = "faq"
Parsed = dict[str, Any]
"""A message as Rasa parsed it."""


@dataclass(frozen=True)
class Topic:
    """A topic as the trained domain holds it: the approved answer with its facts filled in."""

    slug: str
    title: str
    text: str
    payload: dict[str, Any]


def topic(domain: DomainDict, slug: str) -> Topic:
    """
    Raises:
        KeyError: no such topic was trained.
    """
    reply = domain["responses"][f"utter_{TOPIC_INTENT}/{slug}"][0]
    payload: dict[str, Any] = reply["custom"]
    return Topic(slug, payload["title"], reply["text"], payload)


def asked(message: Parsed) -> list[str]:
    """The slugs of the topics a message asks for, in its order; empty if it asks for none."""
    questions = message.get("questions") or []
    if questions:
        return [_slug(label) for label in questions]
    label = (message.get("intent") or {}).get("full_retrieval_intent_name") or ""
    return [_slug(label)] if label.startswith(f"{TOPIC_INTENT}/") else []


def nearest(message: Parsed, *, besides: Collection[str | None] = ()) -> list[str]:
    """The slugs that come nearest to a message, the nearest first, without those to leave out."""
    selector = (message.get("response_selector") or {}).get(TOPIC_INTENT) or {}
    slugs = [_slug(entry["intent_response_key"]) for entry in selector.get("ranking", [])]
    return [slug for slug in slugs if slug not in besides]


def titles(domain: DomainDict, slugs: list[str]) -> list[str]:
    """What a button says to ask for each topic."""
    return [topic(domain, slug).title for slug in slugs]


def times_answered(tracker: Tracker) -> Counter[str]:
    """How often each topic was answered before in this conversation, by slug."""
    times: Counter[str] = Counter()
    for payload in _said(tracker.events):
        # Of a long conversation Rasa keeps the earlier part in short: only how often.
        times.update(payload.get("answered") or {})
        times.update([payload["topic"]] if payload.get("topic") else [])
    return times


def last_turn(tracker: Tracker) -> list[dict[str, Any]]:
    """The payloads of what the bot said between the visitor's last two messages."""
    events = list(tracker.events)
    visitor = [place for place, event in enumerate(events) if event.get("event") == "user"]
    if len(visitor) < 2:
        return []
    return list(_said(events[visitor[-2] : visitor[-1]]))


def message_before(tracker: Tracker) -> Parsed:
    """The visitor's message before the last one, as Rasa parsed it; empty if there is none.

    Or if it was said to a person: then the bot's answer to it cannot have missed anything.
    """
    said = [event for event in tracker.events if event.get("event") == "user"]
    if len(said) < 2 or was_said_to_a_person(said[-2]):
        return {}
    before = said[-2]
    # What names a message stands beside its parse, not in it.
    names = {name: before.get(name) for name in ("metadata", "message_id")}
    return {**(before.get("parse_data") or {}), **names}


def _said(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        if event.get("event") == "bot":
            yield (event.get("data") or {}).get("custom") or {}


def _slug(label: str) -> str:
    return label.split("/", 1)[1]
