"""A conversation as staff read it: one bubble after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from clinic import conversations
from clinic.tables import Message
from web.console import labels

SENDERS = {"visitor": "Visitor", "bot": "Assistant", "staff": "Clinic team"}

# What the visitor saw beside the words.
REMARKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "crisis": lambda seen: f"Help lines shown: {labels.category(str(seen.get('category', '')))}",
    "check_in": lambda seen: f"Check-in: {labels.category(str(seen.get('category') or 'unclear'))}",
    "outcome": lambda seen: f"Outcome: {labels.outcome(str(seen.get('code', '')))}",
    "fallback": lambda seen: "Not understood",
    "handoff": lambda seen: f"Handoff: {seen.get('state', '')}",
}


@dataclass(frozen=True)
class Bubble:
    """One thing that was said; `remark` tells what else the visitor saw."""

    sender: str
    who: str
    text: str
    remark: str | None
    at: datetime


def transcript(session: Session, conversation_id: str) -> list[Bubble]:
    return [_bubble(message) for message in conversations.transcript(session, conversation_id)]


def _bubble(message: Message) -> Bubble:
    payload = message.content.get("payload") or {}
    remark = REMARKS.get(str(payload.get("type")))
    return Bubble(
        sender=message.sender,
        who=SENDERS.get(message.sender, message.sender),
        text=str(message.content.get("text") or ""),
        remark=remark(payload) if remark else None,
        at=message.at,
    )
