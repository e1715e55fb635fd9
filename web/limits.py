"""How often a visitor may write, and an address may begin a conversation or try a password."""

from __future__ import annotations

from functools import lru_cache

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from clinic.settings import settings

PASSWORDS_PER_MINUTE = 20
TYPING_PER_MINUTE = 60
TESTS_PER_MINUTE = 6


@lru_cache
def limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(MemoryStorage())


def may_write(conversation_id: str) -> bool:
    return _hit(RateLimitItemPerMinute(settings().messages_per_minute), conversation_id)


def may_begin(address: str) -> bool:
    return _hit(RateLimitItemPerHour(settings().conversations_per_hour), address)


def may_type(conversation_id: str) -> bool:
    """Whether a visitor may say again that they are typing."""
    return _hit(RateLimitItemPerMinute(TYPING_PER_MINUTE), f"typing in {conversation_id}")


def may_try_a_password(address: str) -> bool:
    """One more bound, for whole networks; clinic/tries.py counts for each account."""
    return _hit(RateLimitItemPerMinute(PASSWORDS_PER_MINUTE), f"sign-in {address}")


def may_send_a_test(staff_id: int) -> bool:
    """A test goes to a real telephone, and some cost money."""
    return _hit(RateLimitItemPerMinute(TESTS_PER_MINUTE), f"test of {staff_id}")


def _hit(rate: RateLimitItem, who: str) -> bool:
    return limiter().hit(rate, who)
