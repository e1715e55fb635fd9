"""Deeds in threads that nobody waits for without end."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, TypeVar

log = logging.getLogger(__name__)

Result = TypeVar("Result")

MOST_AT_ONCE = 200
"""More than that would wait behind a database that hangs, and its words with it, for as long as it
does; whoever comes then is told so at once."""

_unwatched: set[asyncio.Future[Any]] = set()


class Patience:
    """One for all that is waited for, one after the other."""

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds

    def at_most(self, seconds: float) -> float:
        """How long something may take that may take so long at the most."""
        return max(0.0, min(seconds, self._until - monotonic()))


async def in_time(deed: Callable[[], Result], seconds: float, otherwise: Result) -> Result:
    """Do it in a thread. If the database is slow, go on; the thread still does it when it can.
    Where very many wait for it already, it is not begun.
    """
    doing = in_background(deed)
    if doing is None:
        return otherwise
    finished, _ = await asyncio.wait({doing}, timeout=max(0.0, seconds))
    return doing.result() if finished else otherwise


def in_background(deed: Callable[[], Result]) -> asyncio.Future[Result] | None:
    """Do it in a thread; nobody needs to wait for it. None where too many do."""
    if len(_unwatched) >= MOST_AT_ONCE:
        log.error("nothing more is begun, the database does not answer")
        return None
    doing = asyncio.ensure_future(asyncio.to_thread(deed))
    _unwatched.add(doing)
    doing.add_done_callback(_let_go)
    return doing


def _let_go(doing: asyncio.Future[Any]) -> None:
    _unwatched.discard(doing)
    if not doing.cancelled() and (error := doing.exception()) is not None:
        log.error("a deed in a thread failed error=%s", type(error).__name__)


class Once:
    """A question that is asked once, however many threads want to know the answer."""

    def __init__(self, ask: Callable[[], bool]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: bool | None = None

    def __call__(self) -> bool:
        with self._lock:
            if self._answer is None:
                self._answer = self._ask()
            return self._answer
