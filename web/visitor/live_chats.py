"""In which chats a person wrote a short while ago, for when the database cannot be asked.

The bot must not answer in that person's place. Only this process's own memory: ids of
conversations, no words.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import monotonic

SECONDS_KNOWN = 600.0
MOST = 1_000
"""More chats than a clinic's staff write in at once."""

_lock = Lock()
_seen: OrderedDict[str, float] = OrderedDict()


def note(conversation_id: str, *, is_live: bool) -> None:
    """So it stands in the database now."""
    with _lock:
        _seen.pop(conversation_id, None)
        if is_live:
            _seen[conversation_id] = monotonic()
            while len(_seen) > MOST:
                _seen.popitem(last=False)


def was_live(conversation_id: str) -> bool:
    with _lock:
        at = _seen.get(conversation_id)
    return at is not None and monotonic() - at < SECONDS_KNOWN
