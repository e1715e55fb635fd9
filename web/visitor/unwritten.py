"""Cries for help that could not be written down: they are, as soon as the database is back.

Help was shown at once, but staff must hear of it too, also where the visitor closed the page, which
would have sent the words again. Until then they stand in this process's memory alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple, Protocol

from clinic.clock import now
from web.visitor.keeping import Answer

log = logging.getLogger(__name__)

MOST = 1_000
SECONDS_BETWEEN_ROUNDS = 2.0
WORTH_TRYING = timedelta(hours=6)

HELP = ("crisis", "check_in")


class Deed(Protocol):
    """Writes down what was said, and what was answered; once, however often it is done.

    It happened at `at`, and staff must read that moment, not the one of the writing.
    """

    def __call__(self, *, at: datetime) -> Answer | None: ...


class _Waiting(NamedTuple):
    deed: Deed
    said_at: datetime


_waiting: dict[tuple[str, str], _Waiting] = {}
"""What is to be written, by conversation and key of the message."""
_one_round = Lock()


def is_help(payloads: Iterable[dict[str, Any] | None]) -> bool:
    """Whether help was shown in one of these bubbles."""
    return any((payload or {}).get("type") in HELP for payload in payloads)


def write_later(conversation_id: str, key: str, deed: Deed) -> None:
    """Until it is written, or this process ends; then only the visitor's page has the words.

    The page sends the same message again and again: what was answered last is what is written, and
    it was said when it was sent first.
    """
    name = (conversation_id, key)
    said_at = _waiting[name].said_at if name in _waiting else now()
    if name not in _waiting and len(_waiting) >= MOST:
        log.error("words of danger are not kept, too many wait for the database")
        return
    _waiting[name] = _Waiting(deed, said_at)


def write_waiting() -> int:
    """One round, which ends at the first that still cannot be; it then comes after all others.
    Returns how many were written.
    """
    with _one_round:
        number = 0
        for name, one in list(_waiting.items()):
            is_written = _is_written(one)
            if not is_written and now() - one.said_at < WORTH_TRYING:
                _waiting[name] = _waiting.pop(name)
                break
            if not is_written:
                log.error("words of danger are not kept, the database was away for too long")
            _waiting.pop(name)
            number += is_written
        return number


def _is_written(one: _Waiting) -> bool:
    try:
        answer = one.deed(at=one.said_at)
    except Exception as error:  # the edge: it is tried again, like all that fails
        log.error("words of danger are not kept yet error=%s", type(error).__name__)
        return False
    return answer is not None and answer.kept


async def write_for_ever() -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)
        if _waiting and (number := await asyncio.to_thread(write_waiting)):
            log.warning("words of danger are kept now number=%d", number)
