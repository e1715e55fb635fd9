"""The keys by which a message that is sent again is known, also long after its turn."""

from __future__ import annotations

import hashlib
from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.shared.core.events import BotUttered, Event, UserUttered

KEY = "key"
"""The key under which the web says what names a message."""
MARKS = "keys"
"""Of the part of a conversation that is kept only in short: the marks of its last messages."""
REMEMBERED = 30
"""More messages than anybody sends while one of them waits to be sent again."""
HALF_DONE = "half_done"
"""Marks a message whose turn could not reach the action server: sent again, it is done anew."""
LENGTH = 12
"""Of a mark: short, and far too long to be that of another message by chance."""


def key_of(event: Event) -> Optional[Text]:
    return (event.metadata or {}).get(KEY) if isinstance(event, UserUttered) else None


def key_done(event: Event) -> Optional[Text]:
    """The key of a message whose turn was done whole."""
    return None if (event.metadata or {}).get(HALF_DONE) else key_of(event)


def marks_of(events: Iterable[Event]) -> List[Text]:
    """Of the last messages that are told or summed up in these events, and done, in their order."""
    marks: List[Text] = []
    for event in events:
        key = key_done(event)
        if key:
            marks.append(_mark(key))
        elif isinstance(event, BotUttered):
            marks += _summed_up(event)
    return marks[-REMEMBERED:]


def is_remembered(events: Iterable[Event], key: Optional[Text]) -> bool:
    """Whether the message of this key is one of those that are only summed up any more."""
    if not key:
        return False
    mark = _mark(key)
    return any(mark in _summed_up(event) for event in events if isinstance(event, BotUttered))


def _summed_up(event: BotUttered) -> List[Text]:
    payload: Dict[Text, Any] = (event.data or {}).get("custom") or {}
    return payload.get(MARKS) or []


def _mark(key: Text) -> Text:
    return hashlib.sha256(key.encode()).hexdigest()[:LENGTH]
