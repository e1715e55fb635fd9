"""Questions that got no answer: kept for staff, who decide what the bot should learn next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import conversations, counts
from clinic.masking import masked
from clinic.tables import UnansweredMessage

Reason = Literal["not_understood", "not_what_i_asked"]


def keep(
    session: Session,
    *,
    conversation_id: str,
    message_key: str,
    text: str,
    reason: Reason,
    nearest: Sequence[str],
) -> UnansweredMessage | None:
    """Keep a message once, masked; not of a visitor of whom nothing may be written down."""
    if not conversations.open_conversation(session, conversation_id).keeps_transcript:
        return None
    existing = session.scalar(
        select(UnansweredMessage).where(
            UnansweredMessage.conversation_id == conversation_id,
            UnansweredMessage.message_key == message_key,
        )
    )
    if existing is not None:
        return existing
    message = UnansweredMessage(
        conversation_id=conversation_id,
        message_key=message_key,
        text=masked(text),
        reason=reason,
        nearest=list(nearest),
    )
    session.add(message)
    session.flush()
    counts.add(session, counts.UNANSWERED, reason)
    return message


def latest(session: Session, *, most: int) -> list[UnansweredMessage]:
    """The newest first."""
    query = select(UnansweredMessage).order_by(UnansweredMessage.id.desc()).limit(most)
    return list(session.scalars(query))


def exported(message: UnansweredMessage) -> dict[str, Any]:
    """Plain values, without what could tell whose message it was."""
    return {
        "at": message.at.isoformat(),
        "reason": message.reason,
        "text": message.text,
        "nearest": message.nearest,
    }
