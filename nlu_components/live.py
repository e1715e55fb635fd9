"""A person of the clinic writes with the visitor: then the bot is silent, and only listens."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Text

from rasa.shared.core.events import UserUttered

LIVE = "live"
"""The key under which the web says with each message that a person reads it."""


def is_live(metadata: Optional[Mapping[Text, Any]]) -> bool:
    return (metadata or {}).get(LIVE) is True


def was_said_to_a_person(message: Optional[UserUttered]) -> bool:
    """Whether this message was for a person, so that it asks and answers the bot nothing."""
    return message is not None and is_live(message.metadata)
