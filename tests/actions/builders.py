"""What Rasa would send with a call, and what became of it."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ClinicAction

VISITOR = "conversation-of-a-test"


def tracker(text: str = "", *, intent: str = "", key: str = "key-0001", **slots: Any) -> Tracker:
    """Rasa's tracker after a visitor's message; a topic's intent is its full name."""
    understood: dict[str, Any] = {"name": intent.split("/")[0] or None, "confidence": 0.9}
    if "/" in intent:
        understood["full_retrieval_intent_name"] = intent
    return Tracker(
        sender_id=VISITOR,
        slots=slots,
        latest_message={"text": text, "intent": understood, "metadata": {"key": key}},
        events=[],
        paused=False,
        followup_action=None,
        active_loop={},
        latest_action_name=None,
    )


class Ran:
    """An action that was run the way the server runs it."""

    def __init__(self, action: ClinicAction, call: Tracker) -> None:
        dispatcher = CollectingDispatcher()
        self.events = asyncio.run(action.run(dispatcher, call, {}))
        self.messages: list[dict[str, Any]] = dispatcher.messages

    @property
    def words(self) -> str:
        return "\n\n".join(message.get("text") or "" for message in self.messages)

    @property
    def payloads(self) -> list[dict[str, Any]]:
        """Of those messages that have one."""
        return [message["custom"] for message in self.messages if message.get("custom")]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that Rasa is told to set."""
        return {e["name"]: e["value"] for e in self.events if e["event"] == "slot"}  # type: ignore[misc]
