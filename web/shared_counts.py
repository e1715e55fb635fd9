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
from threading import Timer

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

Ask = Callable[[MovingWindowRateLimiter], bool]


class _Memory(MemoryStorage):
    """The library's, cleaned once a minute.

    It starts a thread at nearly every count, which looks through everybody that was ever counted
    and lets go of nobody: a fifth of all that a busy web does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.timer = _NeverStarted(0.0, self.let_go_of_who_is_gone)

    def let_go_of_who_is_gone(self) -> None:
        now = time.time()
        for who in list(self.events):
            with self.locks[who]:
                left = [one for one in self.events.get(who, ()) if one.expiry > now]
                if left:
                    self.events[who] = left
                else:
                    self.events.pop(who, None)
                    self.locks.pop(who, None)


class _NeverStarted(Timer):
    def is_alive(self) -> bool:
        """So the library takes it that the cleaning will be done."""
        return True


class Counts:
    """How often something was done; `redis_url` is empty where this process is the only one."""

    def __init__(self, redis_url: str = "") -> None:
        self.storage = _Memory()
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
        self._clean_at_times()
        return ask(self._own)

    def _clean_at_times(self) -> None:
        now = time.monotonic()
        if now >= self._cleaned_again_at:
            self._cleaned_again_at = now + SECONDS_BETWEEN_CLEANINGS
            self.storage.let_go_of_who_is_gone()

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
