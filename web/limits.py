"""How often a visitor may write, and an address may begin a conversation or try a password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from clinic.settings import settings
from web.shared_counts import Counts

PASSWORDS_PER_MINUTE = 20
TYPING_PER_MINUTE = 60
TESTS_PER_MINUTE = 6
CODES_PER_HOUR = 3
"""By mail, for one conversation and for one mailbox."""
CODES_FROM_ONE_PLACE_PER_HOUR = 20
CODES_IN_ALL_PER_HOUR = 200
"""For whoever asks from many places: a mail server that sends more to strangers is soon taken for a
source of spam, and no clinic has so many visitors."""
UNKNOWN_KEYS_PER_MINUTE = 30

SECONDS_FOR_A_COUNT = 0.5
_threads = ThreadPoolExecutor(4, thread_name_prefix="limits")
"""Their own: where the database hangs, all the other threads may be waiting for it."""


@lru_cache
def limiter() -> Counts:
    return Counts(settings().redis_url.get_secret_value())


def counted(may: Callable[[], bool], seconds: float | None = None) -> asyncio.Future[bool]:
    """What `may` says, for code on the event loop, which must not stand still for a slow Redis.

    Whoever cannot be counted in time may. Without Redis the answer is there at once.
    """
    if settings().redis_url.get_secret_value():
        return asyncio.ensure_future(_in_time(may, seconds or SECONDS_FOR_A_COUNT))
    answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    answer.set_result(may())
    return answer


async def _in_time(may: Callable[[], bool], seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(_threads, may)
    except TimeoutError:
        return True


def may_call(place: str) -> bool:
    """Whether this network may send one more request to the chat, whatever it is."""
    return _hit(RateLimitItemPerMinute(settings().requests_per_minute), f"calls from {place}")


def may_write(conversation_id: str) -> bool:
    return _hit(RateLimitItemPerMinute(settings().messages_per_minute), conversation_id)


def may_begin(place: str) -> bool:
    """Whether this network may begin one more conversation."""
    return _hit(RateLimitItemPerHour(settings().conversations_per_hour), place)


def may_type(conversation_id: str) -> bool:
    """Whether a visitor may say again that they are typing."""
    return _hit(RateLimitItemPerMinute(TYPING_PER_MINUTE), f"typing in {conversation_id}")


def may_try_a_password(address: str) -> bool:
    """One more bound, for whole networks; clinic/tries.py counts for each account."""
    return _hit(RateLimitItemPerMinute(PASSWORDS_PER_MINUTE), f"sign-in {address}")


def may_send_a_test(staff_id: int) -> bool:
    """A test goes to a real telephone, and some cost money."""
    return _hit(RateLimitItemPerMinute(TESTS_PER_MINUTE), f"test of {staff_id}")


def may_try_unknown_keys(place: str) -> bool:
    """Whether this network may go on with keys that open nothing: no key of anybody's own making
    has a count of its own."""
    return _hit(RateLimitItemPerMinute(UNKNOWN_KEYS_PER_MINUTE), f"unknown keys from {place}")


def may_have_a_code(conversation_id: str, mailbox: str, place: str) -> bool:
    """Whether one more code may be mailed: nobody fills a stranger's mailbox through us.

    Args:
        mailbox: its keyed hash.
        place: the network that asks.
    """
    counted = (
        (RateLimitItemPerHour(CODES_PER_HOUR), f"codes of {conversation_id}"),
        (RateLimitItemPerHour(CODES_PER_HOUR), f"codes to {mailbox}"),
        (RateLimitItemPerHour(CODES_FROM_ONE_PLACE_PER_HOUR), f"codes from {place}"),
        (RateLimitItemPerHour(CODES_IN_ALL_PER_HOUR), "codes"),
    )
    # All are asked before any is counted: who is refused uses up nobody's share.
    return all(limiter().test(*one) for one in counted) and all(_hit(*one) for one in counted)


def _hit(rate: RateLimitItem, who: str) -> bool:
    return limiter().hit(rate, who)
