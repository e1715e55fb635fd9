"""One turn of a conversation at a time, in the order in which its messages came.

Rasa's own lock looks once a second whether it is free, so that a second message sent quickly after
a first one would cost a second. Here the next one goes on at once. Among several Rasas the lock
is a key in Redis.

It orders turns; it does not guard them: the tracker store puts two turns together that did not
know of each other. So nobody waits for long. After a second a turn goes on without the lock, be it
that Redis is down, that a killed Rasa left its lock behind, or that the turn before it hangs: that
message may be a cry for help.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator, Coroutine, Dict, Optional, Set, Text

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LONGEST_WAIT = 1.0
"""Seconds. A turn takes far less, and whoever is in danger must be answered within two."""
LOOK_AGAIN = 0.02
SECONDS_FOR_REDIS = 0.25
LEFT_ALONE = 5.0
"""So long a Redis that failed is not asked again, so that not every turn waits for it."""
PREFIX = "front-desk:turn:"
# Only who holds it may give it back: it may have run out and be another's by now.
RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


class TurnLockStore(LockStore):
    """A lock for each conversation: of this process, and of all processes where there is Redis."""

    def __init__(self, endpoint_config: Optional[EndpointConfig] = None) -> None:
        self._here: Dict[Text, asyncio.Lock] = {}
        self._releasing: Set["asyncio.Future[None]"] = set()
        url = endpoint_config.url if endpoint_config else None
        self._everywhere = RedisTurns(url) if url else None
        super().__init__()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: Text,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = LONGEST_WAIT,
    ) -> AsyncIterator[TicketLock]:
        """See parent class for full docstring; raises no LockError."""
        until = time.monotonic() + wait_time_in_seconds
        lock = self._here.setdefault(conversation_id, asyncio.Lock())
        held = await _acquired(lock, wait_time_in_seconds)
        ticket = None
        try:
            if self._everywhere:
                ticket = await self._everywhere.acquire(conversation_id, lock_lifetime, until)
            yield TicketLock(conversation_id)
        finally:
            # Everywhere first: whoever comes next here would find it taken. And whole, also where
            # this turn is given up in this moment.
            try:
                if self._everywhere and ticket:
                    await self._whole(self._everywhere.release(conversation_id, ticket))
            finally:
                self._let_go(conversation_id, lock, held=held)

    async def _whole(self, release: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(release)
        self._releasing.add(task)  # a loop alone lets go of a task
        task.add_done_callback(self._releasing.discard)
        await asyncio.shield(task)

    def _let_go(self, conversation_id: Text, lock: asyncio.Lock, *, held: bool) -> None:
        if held:
            lock.release()
        if not lock.locked() and self._here.get(conversation_id) is lock and not _wanted(lock):
            del self._here[conversation_id]


async def _acquired(lock: asyncio.Lock, seconds: float) -> bool:
    if not lock.locked() and not _wanted(lock):
        return await lock.acquire()
    try:
        return await asyncio.wait_for(lock.acquire(), seconds)
    except asyncio.TimeoutError:
        log.warning("a turn goes on without waiting for the one before it")
        return False


def _wanted(lock: asyncio.Lock) -> bool:
    """Whether others wait for it, so that it must be the same lock that they come to."""
    return bool(getattr(lock, "_waiters", None))


class RedisTurns:
    """Locks in Redis that run out by themselves; without Redis everybody goes on."""

    def __init__(self, url: Text) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=SECONDS_FOR_REDIS, socket_connect_timeout=SECONDS_FOR_REDIS
        )
        self._release = self._redis.register_script(RELEASE)
        self._again_at = 0.0

    async def acquire(self, conversation_id: Text, lifetime: float, until: float) -> Optional[Text]:
        """A ticket once the lock is free; None if it is not free in time, or Redis is down."""
        ticket, milliseconds = uuid.uuid4().hex, int(lifetime * 1000)
        while self._again_at <= time.monotonic():
            try:
                name = PREFIX + conversation_id
                if await self._redis.set(name, ticket, nx=True, px=milliseconds):
                    return ticket
            except (RedisError, OSError) as error:
                self._leave_alone(error)
            if time.monotonic() >= until:
                log.warning("a turn goes on without the lock of another Rasa")
                break
            await asyncio.sleep(LOOK_AGAIN)
        return None

    async def release(self, conversation_id: Text, ticket: Text) -> None:
        try:
            await self._release(keys=[PREFIX + conversation_id], args=[ticket])
        except (RedisError, OSError) as error:
            self._leave_alone(error)

    def _leave_alone(self, error: Exception) -> None:
        self._again_at = time.monotonic() + LEFT_ALONE
        log.error("redis failed error=%s", type(error).__name__)
