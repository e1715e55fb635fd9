"""Who has begun is answered before the next one begins.

Rasa works at one thing at a time. Without order, a turn that comes back from the action server
waits behind every message that has come meanwhile, once for each of its actions: among many
visitors an answer to a question of the screening took twice as long as any other. Here a message
waits while a few turns are at work, and no turn waits that has begun.

It orders turns and guards nothing: turns that wait for the action server hold nobody up, and
whoever has waited for a second goes on in any case, for that message may be a cry for help.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import AsyncIterator, Deque

AT_WORK = 4
"""One that Rasa works at, and others whose conversation is being read or written meanwhile."""
LONGEST_WAIT = 1.0
"""Seconds."""


class Turnstile:
    """Lets turns in, first come, first served; for one event loop."""

    def __init__(self) -> None:
        self._at_work = 0
        self._waiting: Deque["asyncio.Future[None]"] = deque()

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[None]:
        """A turn, from its beginning to its end."""
        if self._at_work < AT_WORK:
            self._at_work += 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._make_room()

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[None]:
        """A part of a turn that waits for another server: the next ones may begin."""
        self._make_room()
        try:
            yield
        finally:
            self._at_work += 1

    async def _wait(self) -> None:
        place: "asyncio.Future[None]" = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await asyncio.wait({place}, timeout=LONGEST_WAIT)
        except asyncio.CancelledError:
            self._give_up(place)
            raise
        if not place.done():
            self._waiting.remove(place)
            self._at_work += 1

    def _give_up(self, place: "asyncio.Future[None]") -> None:
        if place.done():  # it was just let in
            self._make_room()
        else:
            self._waiting.remove(place)

    def _make_room(self) -> None:
        self._at_work -= 1
        while self._waiting and self._at_work < AT_WORK:
            self._at_work += 1
            self._waiting.popleft().set_result(None)
