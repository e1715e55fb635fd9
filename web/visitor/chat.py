"""One turn of a chat: write down, ask Rasa, write down, answer."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clinic import (
    conversations,
    counts,
    crisis_events,
    first_help,
    handoff_endings,
    handoffs,
    live_chat,
    sources,
)
from clinic.clock import now
from clinic.database import transaction
from clinic.encryption import UnreadableValue
from clinic.first_line import Alarm
from clinic.help_lines import in_danger
from clinic.tables import Message
from web.visitor import rasa

log = logging.getLogger(__name__)

Bubble = dict[str, Any]
"""A message as the widget shows it."""

MAYBE_NOT_SAVED = (
    "I cannot tell whether your last answer was saved; when we go on, I ask again what is missing. "
    "Please try again in a few minutes."
)
NO_ANSWER = f"I'm sorry, a part of our system is not answering. {MAYBE_NOT_SAVED}"

SAID_BESIDE_A_PERSON = ("crisis", "check_in", "outcome")

# A database that is locked, gone, encrypted with another key or on a disk that cannot be written
# must never keep help from anyone.
# Nor may it, that the visitor was erased in the middle of a turn.
TROUBLE = (SQLAlchemyError, UnreadableValue, OSError, conversations.ConversationErased)


@dataclass(frozen=True)
class Words:
    """Where the visitor's words stand before the bot is asked."""

    kept: bool
    live: bool = False
    """A person writes with this visitor, so the bot is silent."""
    answers: str | None = None
    """Who spoke last before them: `bot` or `staff`."""


NOT_KEPT = Words(kept=False)
"""Nowhere yet, and nobody could tell whether a person writes with this visitor."""


def begin(token: str | None, source: object = None) -> tuple[str, list[Bubble]]:
    """The visitor's token, a new one if theirs opens nothing, and what was said so far."""
    try:
        with transaction() as session:
            if token and conversations.exists(session, conversations.id_of(token)):
                said = conversations.transcript(session, conversations.id_of(token))
                return token, [bubble(message) for message in said]
            fresh = conversations.new_token()
            opened = conversations.open_conversation(session, conversations.id_of(fresh))
            opened.source = sources.cleaned(source)
            counts.add(session, counts.CONVERSATION, opened.source or "")
            return fresh, []
    except TROUBLE as error:
        log.error("conversation not opened error=%s", type(error).__name__)
        return token or conversations.new_token(), []


def is_known(token: str) -> bool:
    """Whether this token was made here; when the database is gone, nobody is turned away."""
    try:
        with transaction() as session:
            return conversations.exists(session, conversations.id_of(token))
    except TROUBLE:
        return True


def answered_before(conversation_id: str, key: str) -> list[Bubble]:
    """The replies to a message that was sent before under the same key."""
    try:
        with transaction() as session:
            return [bubble(m) for m in conversations.replies_to(session, conversation_id, key)]
    except TROUBLE:
        return []


def keep_question(conversation_id: str, key: str, text: str) -> Words:
    """Write the visitor's message down, once."""
    try:
        with transaction() as session:
            is_live = handoffs.is_live_for_this_turn(session, conversation_id)
            is_live = _write_down(session, conversation_id, key, text, is_live=is_live)
            answers = live_chat.spoke_last(session, conversation_id)
            return Words(kept=True, live=is_live, answers=answers)
    except TROUBLE as error:
        log.error("message not kept error=%s", type(error).__name__)
        return NOT_KEPT


def _write_down(
    session: Session, conversation_id: str, key: str, text: str, *, is_live: bool
) -> bool:
    """Whether a person reads it. Where nothing is kept nobody could, so a live chat ends there."""
    conversations.hold(session, conversation_id)  # a slow thread may be at the same message
    if not conversations.has_message(session, conversation_id, key):
        message = conversations.add_message(
            session, conversation_id, sender="visitor", key=key, content={"text": text}
        )
        counts.add(session, counts.MESSAGE)
        if is_live and message is None:
            handoff_endings.forget(session, conversation_id)
            return False
    if is_live:
        live_chat.visitor_has_written(session, conversation_id)
    return is_live


async def ask(
    client: httpx.AsyncClient,
    conversation_id: str,
    key: str,
    text: str,
    alarm: Alarm | None = None,
    *,
    live: bool = False,
    answers: str | None = None,
) -> list[rasa.Reply]:
    """What the bot says. If it says nothing, as when its actions are down: an honest apology,
    or help, if the first look at the words gave an alarm. While a person writes with the visitor
    (`live`), silence is what we want, and the person is there when the bot is not. `answers` says
    who spoke last before these words.

    Raises:
        RasaUnavailable: Rasa itself is down.
    """
    try:
        replies = await rasa.send(
            client, sender=conversation_id, text=text, key=key, live=live, answers=answers
        )
    except rasa.RasaUnavailable as error:
        if not live:
            raise
        log.error("nobody watches for danger in a live chat error=%s", error)
        replies = []
    if live:
        return only_help(replies) or _help_beside_a_person(alarm)
    if replies:
        return replies
    if alarm is not None:
        return [rasa.Reply(*first_help.without_the_bot(alarm))]
    return [rasa.Reply(f"{NO_ANSWER} {in_danger()}", {"type": "fallback"})]


def only_help(replies: list[rasa.Reply]) -> list[rasa.Reply]:
    """What the bot may say while a person writes: help lines, that answers have arrived, and
    what it marks itself, such as that all is erased.
    """
    return [
        rasa.Reply(first_help.true_beside_a_person(reply.text), reply.payload)
        for reply in replies
        if _is_said_beside_a_person(reply.payload or {})
    ]


def _is_said_beside_a_person(payload: dict[str, Any]) -> bool:
    return payload.get("type") in SAID_BESIDE_A_PERSON or payload.get("beside_a_person") is True


def _help_beside_a_person(alarm: Alarm | None) -> list[rasa.Reply]:
    return [] if alarm is None else [rasa.Reply(*first_help.beside_a_person(alarm))]


def keep_replies(
    conversation_id: str,
    key: str,
    replies: list[rasa.Reply],
    unkept_text: str | None = None,
    alarm: Alarm | None = None,
) -> list[Bubble] | None:
    """Write the replies down, and words of crisis for staff, as bubbles with their ids.

    If a person took over while the bot was thinking, the bot has nothing more to say.

    Args:
        unkept_text: what the visitor said, if `keep_question` could not write it down.

    Returns:
        Nothing where a person should read what the visitor said, and it cannot be written down.
    """
    is_live = False
    try:
        with transaction() as session:
            is_live = handoffs.is_live_for_this_turn(session, conversation_id)
            is_read = is_live
            if unkept_text is not None:
                is_read = _write_down(session, conversation_id, key, unkept_text, is_live=is_live)
            if is_read:
                replies = only_help(replies) or _help_beside_a_person(alarm)
            _record_crisis(session, conversation_id, key, replies)
            _count_topics(session, replies)
            kept = [
                conversations.add_message(
                    session,
                    conversation_id,
                    sender="bot",
                    key=key,
                    content={"text": reply.text, "payload": reply.payload},
                )
                for reply in replies
            ]
    except TROUBLE as error:
        log.error("replies not kept error=%s", type(error).__name__)
        if is_live and unkept_text is not None:
            return None
        kept = [None] * len(replies)
    return [
        bubble(message) if message else unkept(reply, f"{key}-{place}")
        for place, (reply, message) in enumerate(zip(replies, kept, strict=True))
    ]


def _record_crisis(session: Any, conversation_id: str, key: str, replies: list[rasa.Reply]) -> None:
    # The action server does the same; this holds when it is down. Twice makes one event.
    outcomes = {"crisis": crisis_events.HARD, "check_in": crisis_events.SOFT}
    for reply in replies:
        payload = reply.payload or {}
        if payload.get("type") in outcomes and not payload.get("recorded"):
            crisis_events.record_crisis(
                session,
                conversation_id=conversation_id,
                message_key=key,
                category=str(payload.get("category") or crisis_events.UNCLEAR),
                outcome=outcomes[payload["type"]],
            )


def _count_topics(session: Any, replies: list[rasa.Reply]) -> None:
    for reply in replies:
        if reply.payload and reply.payload.get("type") == "answer":
            counts.add(session, counts.TOPIC, str(reply.payload.get("topic")))


def bubble(message: Message) -> Bubble:
    return {
        # The widget knows its own message by the key, so it never shows it twice.
        "id": message.key if message.sender == "visitor" else str(message.id),
        "from": message.sender,
        "at": message.at.isoformat(),
        "text": message.content.get("text", ""),
        "payload": message.content.get("payload"),
    }


def unkept(reply: rasa.Reply, name: str) -> Bubble:
    """A bubble that is shown and written down nowhere."""
    return {
        "id": name,
        "from": "bot",
        "at": now().isoformat(),
        "text": reply.text,
        "payload": reply.payload,
    }
