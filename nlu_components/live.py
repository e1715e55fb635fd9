"""A person of the clinic writes with the visitor: then the bot is silent, and only listens."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Text

from rasa.shared.core.events import UserUttered

LIVE = "live"
"""The key under which the web says with each message that a person reads it."""
ANSWERS = "answers"
"""The key under which it says who spoke last before the message: the bot, or a person."""
BOT, STAFF = "bot", "staff"


def is_live(metadata: Optional[Mapping[Text, Any]]) -> bool:
    return (metadata or {}).get(LIVE) is True


def may_answer_the_bot(metadata: Optional[Mapping[Text, Any]]) -> bool:
    """Whether a question of the bot's is what this message came after; a person may read it."""
    answers = (metadata or {}).get(ANSWERS)
    return answers == BOT if is_live(metadata) else answers != STAFF


def was_said_to_a_person(message: Optional[UserUttered]) -> bool:
    """Whether a person read this message, so that the bot said nothing but help."""
    return message is not None and is_live(message.metadata)


def answered_a_person(message: Optional[UserUttered]) -> bool:
    """Whether it came after words of staff: then nothing the bot asked is open any more."""
    return message is not None and (message.metadata or {}).get(ANSWERS) == STAFF
