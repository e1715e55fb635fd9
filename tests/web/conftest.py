"""No test inherits another one's count of messages, conversations or passwords."""

from __future__ import annotations

import pytest

from web import limits


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    limits.limiter.cache_clear()
