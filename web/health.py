"""Whether web lives, and whether the parts behind it are there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import APIRouter, Request, Response

from clinic import readiness
from web.visitor import rasa

router = APIRouter()

SECONDS_FOR_A_PROBE = 0.8
"""Who asks whether we live waits no longer for what is behind us: many give up after a second."""
SECONDS_FOR_THE_WATCH = 2.0
SECONDS_A_LOOK_HOLDS = 1.0
UP, DOWN = readiness.READY, readiness.DOWN


@router.get("/healthz")
async def healthz(request: Request) -> dict[str, str]:
    """Always answers while the web runs; `status` is "ok" when everything behind it is too."""
    return await _parts(request).look(SECONDS_FOR_A_PROBE)


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, str]:
    """503 unless everything behind the web is there."""
    found = await _parts(request).look(SECONDS_FOR_THE_WATCH)
    if found["status"] != "ok":
        response.status_code = 503
    return found


def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


class Parts:
    """What is behind the web."""

    def __init__(self, state: Any) -> None:
        """`state` is the app's, whose client knows the way to Rasa."""
        self._state = state
        # A thread of its own: where the database hangs, the others are all waiting for it.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._database, self._rasa = Part(self._ask_database), Part(self._ask_rasa)

    async def look(self, seconds: float) -> dict[str, str]:
        database, assistant = await asyncio.gather(
            self._database.state(seconds), self._rasa.state(seconds)
        )
        return {
            "status": "ok" if database == assistant == UP else "degraded",
            "database": database,
            "rasa": assistant,
        }

    async def _ask_database(self) -> str:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, readiness.database)

    async def _ask_rasa(self) -> str:
        return UP if await rasa.is_up(self._state.client) else DOWN


class Part:
    """One of them. There is one look at a time, however many ask: nobody makes it dear."""

    def __init__(self, ask: Callable[[], Awaitable[str]]) -> None:
        self._ask = ask
        self._look: asyncio.Future[str] | None = None
        self._ended_at = float("-inf")

    async def state(self, seconds: float) -> str:
        """How it is, or DOWN if that cannot be learnt in this time."""
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._newest_look())
        except Exception:  # the edge: whatever it is, the web lives and says so
            return DOWN

    def _newest_look(self) -> asyncio.Future[str]:
        age = asyncio.get_running_loop().time() - self._ended_at
        if self._look is None or (self._look.done() and age >= SECONDS_A_LOOK_HOLDS):
            self._look = asyncio.ensure_future(self._ask())
            self._look.add_done_callback(self._has_ended)
        return self._look

    def _has_ended(self, look: asyncio.Future[str]) -> None:
        self._ended_at = asyncio.get_running_loop().time()
        if not look.cancelled():
            look.exception()  # it is said by DOWN, to those who still wait
