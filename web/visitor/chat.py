"""The words of a chat: what was said so far, what the bot says, and the bubbles they are shown in.

What of it is written down is in web/visitor/keeping.py.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy.exc import SQLAlchemyError

from clinic import conversations, counts, first_help, sources
from clinic.clock import now
from clinic.database import reading, transaction
from clinic.encryption import UnreadableValue
from clinic.first_line import Alarm
from clinic.help_lines import in_danger
from clinic.tables import Message
from clinic.turns import Said
from web.visitor import rasa

log = logging.getLogger(__name__)

Bubble = dict[str, Any]
"""A message as the widget shows it."""

MAYBE_NOT_SAVED = (
    "I cannot tell whether your last answer was saved; when we go on, I ask again what is missing. "
    "Please try again in a few minutes."
)
NOT_WRITTEN_DOWN = (
    "I could not write this part of our chat down just now, so it may be missing when you come "
    "back. Please say what matters again in a few minutes."
)
NO_ANSWER = f"I'm sorry, a part of our system is not answering. {MAYBE_NOT_SAVED}"

PERSON_HAS_LEFT = (
    "Your chat with our staff ended while your message was on its way, so nobody may answer it. "
    "I am the assistant. If it was for me, please send it again."
)

SAID_BESIDE_A_PERSON = ("crisis", "check_in", "outcome")

# A database that is locked, gone, encrypted with another key or on a disk that cannot be written
# must never keep help from anyone.
# Nor may it, that the visitor was erased in the middle of a turn.
TROUBLE = (SQLAlchemyError, UnreadableValue, OSError, conversations.ConversationErased)


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
        with reading() as session:
            return conversations.exists(session, conversations.id_of(token))
    except TROUBLE:
        return True


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
        return beside_a_person(replies, alarm)
    if replies:
        return replies
    if alarm is not None:
        return [first_help_of(first_help.without_the_bot(alarm))]
    return [rasa.Reply(f"{NO_ANSWER} {in_danger()}", {"type": "fallback"})]


def only_help(replies: list[rasa.Reply]) -> list[rasa.Reply]:
    """What the bot may say while a person writes: help lines, that answers have arrived, and
    what it marks itself, such as that all is erased.
    """
    return [
        replace(reply, text=first_help.true_beside_a_person(reply.text))
        for reply in replies
        if _is_said_beside_a_person(reply.payload or {})
    ]


def _is_said_beside_a_person(payload: dict[str, Any]) -> bool:
    return payload.get("type") in SAID_BESIDE_A_PERSON or payload.get("beside_a_person") is True


def beside_a_person(replies: list[rasa.Reply], alarm: Alarm | None) -> list[rasa.Reply]:
    """What is left of the replies while a person writes: help, also where the bot heard nothing."""
    return only_help(replies) or (
        [] if alarm is None else [first_help_of(first_help.beside_a_person(alarm))]
    )


def person_has_left() -> rasa.Reply:
    return rasa.Reply(f"{PERSON_HAS_LEFT} {in_danger()}", {"type": "fallback"})


def first_help_of(help_: first_help.Help) -> rasa.Reply:
    return rasa.Reply(*help_, by_web=True)


def bubble(message: Message | Said) -> Bubble:
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
