"""Hints of danger as staff read them: which one stands, and whether the chat asked about it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from clinic.crisis_events import SOFT
from clinic.tables import CrisisEvent, Handoff, Message

ASKED, LEFT_TO_A_PERSON, NOT_ASKED = "asked", "left_to_a_person", "not_asked"
"""The chat asked whether the visitor is safe; a person was there, who can ask better; or neither,
as after an answer to a question of ours."""


def standing(events: Iterable[CrisisEvent]) -> CrisisEvent | None:
    """The newest event of a conversation, if it is a hint; words of crisis outweigh older ones."""
    newest = max(events, key=lambda event: event.id, default=None)
    return newest if newest is not None and newest.outcome == SOFT else None


def what_followed(session: Session, event: CrisisEvent) -> str:
    """What the chat did about a hint, by the transcript; where none is kept, by who was there."""
    found = select(Message).where(
        Message.conversation_id == event.conversation_id, Message.key == event.message_key
    )
    said = list(session.scalars(found))
    if any((one.content.get("payload") or {}).get("type") == "check_in" for one in said):
        return ASKED
    if _was_live(session, event):
        return LEFT_TO_A_PERSON
    return NOT_ASKED if said else ASKED


def _was_live(session: Session, event: CrisisEvent) -> bool:
    live = select(Handoff.id).where(
        Handoff.conversation_id == event.conversation_id,
        Handoff.taken_at <= event.at,
        or_(Handoff.ended_at.is_(None), Handoff.ended_at > event.at),
    )
    return session.scalar(live.limit(1)) is not None
