"""Nobody waits without end for a thread, and no heap of work grows behind a database that hangs."""

from __future__ import annotations

import asyncio
import threading

import pytest

from web.visitor import in_time
from web.visitor.in_time import Patience


def test_what_takes_too_long_is_not_waited_for_and_still_done() -> None:
    may_end, is_done = threading.Event(), threading.Event()

    def slow() -> str:
        may_end.wait(20)
        is_done.set()
        return "done"

    async def run() -> str:
        found = await in_time.in_time(slow, 0.01, otherwise="late")
        may_end.set()
        return found

    assert asyncio.run(run()) == "late"
    assert is_done.is_set()


def test_where_many_wait_already_nothing_more_is_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "MOST_AT_ONCE", 2)
    may_end, begun = threading.Event(), list[str]()

    def one_more() -> str:
        begun.append("one more")
        return "done"

    async def run() -> tuple[str, object]:
        waiting = [in_time.in_background(lambda: may_end.wait(20)) for _ in range(2)]
        found = await in_time.in_time(one_more, 20, "refused")
        nothing = in_time.in_background(lambda: begun.append("another"))
        may_end.set()
        await asyncio.gather(*filter(None, waiting))
        return found, nothing

    assert asyncio.run(run()) == ("refused", None)
    assert begun == []


def test_one_patience_is_used_up_by_all_that_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(in_time, "monotonic", lambda: now)
    left = Patience(10)

    now += 7

    assert left.at_most(2) == 2
    assert left.at_most(4) == 3
    now += 4
    assert left.at_most(1) == 0
