"""A conversation as staff read it: one bubble after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from clinic import conversations
from clinic.clock import now
from clinic.handoffs import STEP_IN_WITHIN
from clinic.tables import Message
from web.console import labels

SENDERS = {"visitor": "Visitor", "bot": "Assistant", "staff": "Clinic team"}

HANDOFF = {
    "offered": "A person was offered",
    "waiting": "Waits for a person",
    "live": "A person is here",
    "ended": "Back with the assistant",
    "callback": "Wants a call",
}

# What the visitor saw beside the words.
REMARKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "crisis": lambda seen: f"Help lines shown: {labels.category(str(seen.get('category', '')))}",
    "check_in": lambda seen: f"Check-in: {labels.category(str(seen.get('category') or 'unclear'))}",
    "outcome": lambda seen: f"Outcome: {labels.outcome(str(seen.get('code', '')))}",
    "fallback": lambda seen: "Not understood",
    "handoff": lambda seen: HANDOFF.get(str(seen.get("state")), "Hand-off"),
}


@dataclass(frozen=True)
class Bubble:
    """One thing that was said; `remark` tells what else the visitor saw."""

    id: int
    sender: str
    who: str
    text: str
    remark: str | None
    at: datetime


def transcript(session: Session, conversation_id: str) -> list[Bubble]:
    return [bubble_of(message) for message in conversations.transcript(session, conversation_id)]


def visitor_was_just_here(bubbles: Iterable[Bubble]) -> bool:
    """Whether staff may step in: see clinic/handoffs.py, which decides it."""
    since = now() - STEP_IN_WITHIN
    return any(bubble.sender == "visitor" and bubble.at >= since for bubble in bubbles)


def bubble_of(message: Message) -> Bubble:
    payload = message.content.get("payload") or {}
    remark = REMARKS.get(str(payload.get("type")))
    return Bubble(
        id=message.id,
        sender=message.sender,
        who=SENDERS.get(message.sender, message.sender),
        text=str(message.content.get("text") or ""),
        remark=remark(payload) if remark else None,
        at=message.at,
    )
