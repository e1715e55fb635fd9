"""Hear the bell of clinic/bell.py: streams wait for it, and one listener brings it from elsewhere.

The listener holds one connection to PostgreSQL of its own, beside the pool. A connection pooler
that shares connections between transactions lets no ring through; the listener rings for itself
to find that out, and without it streams look once a second, as they do on SQLite.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from clinic import bell
from clinic.database import transaction
from clinic.settings import settings

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
"""Where only this process is heard: what others write is found by looking."""

SECONDS_BETWEEN_LOOKS_WITH_A_BELL = 5.0
"""The net under a bell that every process is heard by."""

SECONDS_APART = 0.1
"""Several rings in a moment are one look."""

SECONDS_BETWEEN_PROOFS = 10.0
"""How often the listener rings for itself. Not heard until the next one is due, it begins anew."""

CONNECTING_MAY_TAKE = 5
PROVING_MAY_TAKE = 1.0
"""After the proof should have been heard: a database that stands still would never say that it was
rung."""
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0


class Ear:
    """What one stream waits with. Rung while the stream looks, it looks once more."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        self._looked = monotonic()

    def ring(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._rung.set)

    async def rest(self, at_most: float | None = None) -> None:
        """Until there may be something new; at most until the next slow look is due."""
        due = seconds_between_looks()
        with suppress(TimeoutError):
            async with asyncio.timeout(due if at_most is None else min(due, at_most)):
                await self._rung.wait()
        await asyncio.sleep(max(0.0, self._looked + SECONDS_APART - monotonic()))
        self._rung.clear()
        self._looked = monotonic()


@contextmanager
def listening(topic: str) -> Iterator[Ear]:
    """Whatever is rung from here on is heard: so listen first, then look."""
    ear = Ear()
    with bell.hearing(topic, ear.ring):
        yield ear


def seconds_between_looks() -> float:
    if listener().hears_everybody:
        return SECONDS_BETWEEN_LOOKS_WITH_A_BELL
    return SECONDS_BETWEEN_LOOKS


class NotHeard(Exception):
    """We rang for ourselves and did not hear it: the connection is dead, or a pooler is between."""


class Listener:
    """The one connection on which this process hears all others."""

    def __init__(self) -> None:
        self.hears_everybody = False
        self._pause = FIRST_PAUSE

    async def listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception as error:  # the edge: the database may be back in a second
                log.error("the bell is not heard error=%s", type(error).__name__)
            finally:
                self.hears_everybody = False
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(**_address()) as connection:
            await connection.execute(f"LISTEN {bell.CHANNEL}")
            while True:
                await self._hear(connection)

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Pass on every ring until the next proof is due."""
        proof, is_heard = f"proof:{secrets.token_hex(8)}", False
        proving = asyncio.create_task(asyncio.to_thread(_ring, proof))
        try:
            async for notice in connection.notifies(timeout=SECONDS_BETWEEN_PROOFS):
                if notice.payload == proof:
                    is_heard = True
                    self._is_proven()
                else:
                    bell.tell(notice.payload)
            if not is_heard:
                self.hears_everybody = False  # before anything else is waited for
            async with asyncio.timeout(PROVING_MAY_TAKE):
                await proving
        finally:
            proving.cancel()
        if not is_heard:
            raise NotHeard

    def _is_proven(self) -> None:
        self._pause = FIRST_PAUSE
        if not self.hears_everybody:
            self.hears_everybody = True
            bell.tell_everybody()  # nobody heard what was rung before


@lru_cache
def listener() -> Listener:
    """The one of this process."""
    return Listener()


async def listen_for_ever() -> None:
    """Until the process ends. On SQLite there is nothing to listen at."""
    if make_url(settings().database).get_backend_name() == "postgresql":
        await listener().listen_for_ever()


def _ring(proof: str) -> None:
    """From another connection, as every other process does."""
    with transaction() as session:
        bell.ring(session, proof)


def _address() -> dict[str, Any]:
    url = make_url(settings().database)
    _, address = url.get_dialect()().create_connect_args(url)
    return {**address, "autocommit": True, "connect_timeout": CONNECTING_MAY_TAKE}
