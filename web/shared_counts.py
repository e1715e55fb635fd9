"""Counts that several web processes share through Redis, or of one process in its own memory.

Redis is there to bound strangers, not to hold up visitors. If it does not answer at once, each
process counts for itself for a while, and looks again later.
"""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable
from hashlib import sha256

from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from clinic.derived_keys import derived_key

log = logging.getLogger(__name__)

SECONDS_FOR_REDIS = 0.2
SECONDS_WITHOUT_REDIS = 10.0
"""How long nobody asks Redis again after it failed: of many visitors, one waits for it."""
SECONDS_BETWEEN_WORDS = 60.0
SECONDS_BETWEEN_CLEANINGS = 60.0
"""The library never lets go of who was counted once, and looks through all of them each time."""

Ask = Callable[[MovingWindowRateLimiter], bool]


class Counts:
    """How often something was done; `redis_url` is empty where this process is the only one."""

    def __init__(self, redis_url: str = "") -> None:
        self.storage = MemoryStorage()
        self._own = MovingWindowRateLimiter(self.storage)
        self._shared = _in_redis(redis_url) if redis_url else None
        self._asked_again_at = self._told_again_at = 0.0
        self._cleaned_again_at = time.monotonic() + SECONDS_BETWEEN_CLEANINGS

    def hit(self, rate: RateLimitItem, who: str) -> bool:
        """Count one more, unless that would be too many."""
        return self._ask(lambda counts: counts.hit(rate, _nameless(who)))

    def test(self, rate: RateLimitItem, who: str) -> bool:
        """Whether one more would be possible; counts nothing."""
        return self._ask(lambda counts: counts.test(rate, _nameless(who)))

    def _ask(self, ask: Ask) -> bool:
        if self._shared is not None and time.monotonic() >= self._asked_again_at:
            try:
                return ask(self._shared)
            except (RedisError, OSError) as error:
                self._do_without(error)
        self._let_go_of_who_is_gone()
        return ask(self._own)

    def _let_go_of_who_is_gone(self) -> None:
        now = time.monotonic()
        if now < self._cleaned_again_at:
            return
        self._cleaned_again_at = now + SECONDS_BETWEEN_CLEANINGS
        events = self.storage.events
        for who in [who for who, entries in list(events.items()) if not entries]:
            with self.storage.locks[who]:
                if not events.get(who):
                    events.pop(who, None)
                    self.storage.locks.pop(who, None)

    def _do_without(self, error: Exception) -> None:
        now = time.monotonic()
        self._asked_again_at = now + SECONDS_WITHOUT_REDIS
        if now >= self._told_again_at:
            self._told_again_at = now + SECONDS_BETWEEN_WORDS
            log.error("Redis does not answer, each counts alone error=%s", type(error).__name__)


def _in_redis(url: str) -> MovingWindowRateLimiter:
    storage = RedisStorage(
        url,
        key_prefix="front-desk",
        socket_timeout=SECONDS_FOR_REDIS,
        socket_connect_timeout=SECONDS_FOR_REDIS,
        retry=Retry(NoBackoff(), 0),  # type: ignore[arg-type]  # it is passed on to redis as it is
    )
    return MovingWindowRateLimiter(storage)


def _nameless(who: str) -> str:
    """A keyed hash: addresses of visitors are nothing for the memory of another program."""
    return hmac.new(derived_key("counts"), who.encode(), sha256).hexdigest()[:32]
