"""What Rasa would send with a call, and what became of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ClinicAction

VISITOR = "conversation-of-a-test"
SCHEMA = Draft202012Validator(json.loads(Path("web/bot_message.schema.json").read_text("utf-8")))


def _reply(slug: str, title: str, text: str) -> list[dict[str, Any]]:
    """A topic as training writes it into the domain."""
    payload = {
        "type": "answer",
        "topic": slug,
        "title": title,
        "sources": [{"title": f"About {slug}", "url": f"https://example.org/{slug}"}],
        "reviewed": "2026-11-22",
    }
    return [{"text": text, "custom": payload}]


TOPICS = {
    "cost": ("What does it cost?", "A session costs $400.\n\n- A course is six sessions.\n"),
    "insurance": ("Does insurance pay?", "Often it does not.\n\nAsk your insurer.\n"),
    "payment_plans": ("Can I pay in parts?", "Yes, in three parts.\n"),
    "side_effects": ("Are there side effects?", "Most are mild.\n\n- Some feel sick.\n"),
    "how_it_works": ("How does it work?", "It acts on glutamate.\n\nNobody knows all of it.\n"),
    "hopeless": (
        "What if I lose hope?",
        "You are not alone with this.\n\nMany feel so.\n\n"
        "- Call or text 988 at any time.\n- In danger, call 911.\n- Talk to a friend.\n",
    ),
}
DOMAIN: dict[str, Any] = {
    "responses": {
        f"utter_faq/{slug}": _reply(slug, title, text) for slug, (title, text) in TOPICS.items()
    }
}


def parsed(
    text: str,
    *,
    intent: str = "",
    key: str = "key-0001",
    nearest: Sequence[str] = (),
    questions: Sequence[str] = (),
) -> dict[str, Any]:
    """A message as Rasa parses it; a topic's intent is its full name, the rest are slugs."""
    understood: dict[str, Any] = {"name": intent.split("/")[0] or None, "confidence": 0.9}
    if "/" in intent:
        understood["full_retrieval_intent_name"] = intent
    ranking = [{"confidence": 0.3, "intent_response_key": f"faq/{slug}"} for slug in nearest]
    return {
        "text": text,
        "intent": understood,
        "metadata": {"key": key},
        "questions": [f"faq/{slug}" for slug in questions],
        "response_selector": {"all_retrieval_intents": ["faq"], "faq": {"ranking": ranking}},
    }


def tracker(
    text: str = "",
    *,
    intent: str = "",
    key: str = "key-0001",
    nearest: Sequence[str] = (),
    questions: Sequence[str] = (),
    before: Sequence[dict[str, Any]] = (),
    **slots: Any,
) -> Tracker:
    """Rasa's tracker after a visitor's message, and after the events before it."""
    message = parsed(text, intent=intent, key=key, nearest=nearest, questions=questions)
    return Tracker(
        sender_id=VISITOR,
        slots=slots,
        latest_message=message,
        events=[*before, {"event": "user", "text": text, "parse_data": message}],
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )


class Ran:
    """An action that was run the way the server runs it. All it says follows the schema."""

    def __init__(self, action: ClinicAction, call: Tracker) -> None:
        dispatcher = CollectingDispatcher()
        self.events = asyncio.run(action.run(dispatcher, call, DOMAIN))
        self.messages: list[dict[str, Any]] = dispatcher.messages
        for payload in self.payloads:
            SCHEMA.validate(payload)

    @property
    def words(self) -> str:
        return "\n\n".join(message.get("text") or "" for message in self.messages)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """Of those messages that have one."""
        return [message["custom"] for message in self.messages if message.get("custom")]

    @property
    def suggestions(self) -> list[str]:
        """What the only message with a payload offers to tap."""
        (payload,) = self.payloads
        offered: list[str] = payload["suggestions"]
        return offered

    @property
    def replies(self) -> list[str]:
        """The names of the domain's replies that were asked for, in their order."""
        return [message["response"] for message in self.messages if message.get("response")]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that Rasa is told to set."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}  # type: ignore[misc]


class Conversation:
    """Several turns. What was said in one is in the tracker of the next."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.turns = 0

    def turn(self, action: ClinicAction, text: str, **understood: Any) -> Ran:
        self.turns += 1
        call = tracker(text, key=f"key-{self.turns:04}", before=self.events, **understood)
        ran = Ran(action, call)
        self.events = [*call.events, *(_as_event(message) for message in ran.messages)]
        return ran


def _as_event(message: dict[str, Any]) -> dict[str, Any]:
    """What Rasa writes into its tracker when it sends this message."""
    reply = DOMAIN["responses"].get(message.get("response"), [message])[0]
    payload = reply.get("custom") or None
    return {"event": "bot", "text": reply.get("text"), "data": {"buttons": None, "custom": payload}}
