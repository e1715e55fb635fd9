"""A visitor's messages have their turns one after the other, and none waits for long.

With LOCK_TEST_REDIS in the environment the part between several Rasas is tried on that Redis.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import Any

import pytest
import redis
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from nlu_components.lock_store import PREFIX, TurnLockStore

REDIS = os.environ.get("LOCK_TEST_REDIS", "")
NOBODY = "redis://127.0.0.1:1/0"
needs_redis = pytest.mark.skipif(
    not REDIS, reason="no Redis: run by tests/running/test_rasas_stores.py"
)


def locks(url: str = "") -> TurnLockStore:
    return TurnLockStore(EndpointConfig(url))


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


class Turns:
    """What happened, in its order."""

    def __init__(self) -> None:
        self.log: list[str] = []

    async def take(
        self, store: TurnLockStore, name: str, which: str, over: asyncio.Event | None = None
    ) -> None:
        async with store.lock(name):
            self.log.append(f"{which} begins")
            if over:
                await over.wait()
            else:
                await asyncio.sleep(0)
            self.log.append(f"{which} ends")


def one_after_the_other(log: list[str]) -> bool:
    pairs = list(zip(log[::2], log[1::2], strict=True))
    return all(begin.split()[0] == end.split()[0] for begin, end in pairs)


def test_quick_messages_have_their_turns_in_their_order_and_at_once(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slept(_: Any) -> None:
        raise AssertionError("a turn waited by the clock")

    turns, store = Turns(), locks()

    async def run() -> None:
        over = asyncio.Event()
        first = asyncio.create_task(turns.take(store, name, "1", over))
        await asyncio.sleep(0)
        monkeypatch.setattr("nlu_components.lock_store.asyncio.sleep", slept)
        others = [asyncio.create_task(turns.take(store, name, str(n), over)) for n in (2, 3)]
        over.set()
        await asyncio.gather(first, *others)

    asyncio.run(run())

    assert [entry for entry in turns.log if "begins" in entry] == [
        "1 begins",
        "2 begins",
        "3 begins",
    ]
    assert one_after_the_other(turns.log)


def test_visitors_do_not_wait_for_each_other(name: str) -> None:
    turns, store = Turns(), locks()

    async def run() -> None:
        over = asyncio.Event()
        first = asyncio.create_task(turns.take(store, name, "ann", over))
        await asyncio.sleep(0)
        await turns.take(store, name + "-", "bob")
        over.set()
        await first

    asyncio.run(run())

    assert turns.log == ["ann begins", "bob begins", "bob ends", "ann ends"]


def test_behind_a_turn_that_hangs_the_next_one_goes_on_after_its_limit(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, store = Turns(), locks()

    async def run() -> None:
        over = asyncio.Event()
        first = asyncio.create_task(turns.take(store, name, "1", over))
        await asyncio.sleep(0)
        async with store.lock(name, wait_time_in_seconds=0.01):
            turns.log.append("help")
        over.set()
        await first

    asyncio.run(run())

    assert turns.log == ["1 begins", "help", "1 ends"]


def test_a_turn_that_breaks_gives_the_lock_back_and_none_is_kept(name: str) -> None:
    store = locks()

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            async with store.lock(name):
                raise ZeroDivisionError
        async with store.lock(name):
            assert name in store._here

    asyncio.run(run())

    assert store._here == {}


def test_without_redis_every_turn_goes_on(name: str, caplog: pytest.LogCaptureFixture) -> None:
    turns, store = Turns(), locks(NOBODY)

    async def run() -> None:
        await turns.take(store, name, "1")
        await turns.take(store, name, "2")

    asyncio.run(run())

    assert turns.log == ["1 begins", "1 ends", "2 begins", "2 ends"]
    assert caplog.text.count("redis failed") == 1  # it is left alone for a while


class Elsewhere:
    """Redis, as far as a turn sees it: it takes a moment to give a ticket back."""

    def __init__(self) -> None:
        self.ticket: str | None = None
        self.found_taken = 0
        self.may_release = asyncio.Event()

    async def acquire(self, *_: Any) -> str:
        self.found_taken += self.ticket is not None
        self.ticket = uuid.uuid4().hex
        return self.ticket

    async def release(self, _: str, ticket: str) -> None:
        await self.may_release.wait()
        if self.ticket == ticket:
            self.ticket = None


def test_who_waits_here_finds_the_turn_before_given_back_everywhere(name: str) -> None:
    async def run() -> tuple[Elsewhere, list[str]]:
        turns, store, redis_ = Turns(), locks(), Elsewhere()
        store._everywhere = redis_  # type: ignore[assignment]
        both = [asyncio.create_task(turns.take(store, name, which)) for which in "12"]
        for _ in range(10):
            await asyncio.sleep(0)
        redis_.may_release.set()
        await asyncio.gather(*both)
        return redis_, turns.log

    redis_, log = asyncio.run(run())

    assert redis_.found_taken == 0
    assert log == ["1 begins", "1 ends", "2 begins", "2 ends"]


def test_a_turn_that_is_given_up_at_its_very_end_gives_everything_back(name: str) -> None:
    async def run() -> tuple[Elsewhere, TurnLockStore]:
        turns, store, redis_ = Turns(), locks(), Elsewhere()
        store._everywhere = redis_  # type: ignore[assignment]
        turn = asyncio.create_task(turns.take(store, name, "1"))
        while "1 ends" not in turns.log:
            await asyncio.sleep(0)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        redis_.may_release.set()
        await asyncio.gather(*store._releasing)
        return redis_, store

    redis_, store = asyncio.run(run())

    assert redis_.ticket is None
    assert store._here == {}


def test_rasa_makes_it_of_its_settings() -> None:
    made = LockStore.create(EndpointConfig(url="", type="nlu_components.lock_store.TurnLockStore"))

    assert isinstance(made, TurnLockStore)
    assert made._everywhere is None


@needs_redis
def test_two_rasas_have_turns_of_a_conversation_one_after_the_other(name: str) -> None:
    turns = Turns()

    async def run() -> None:
        over = asyncio.Event()
        first = asyncio.create_task(turns.take(locks(REDIS), name, "1", over))
        while not turns.log:
            await asyncio.sleep(0.001)
        second = asyncio.create_task(turns.take(locks(REDIS), name, "2"))
        await asyncio.sleep(0.05)
        assert turns.log == ["1 begins"]
        over.set()
        await asyncio.gather(first, second)

    asyncio.run(run())

    assert turns.log == ["1 begins", "1 ends", "2 begins", "2 ends"]


@needs_redis
def test_the_lock_of_a_killed_rasa_runs_out_and_is_waited_for_no_longer_than_any(
    name: str,
) -> None:
    left = redis.Redis.from_url(REDIS)
    left.set(PREFIX + name, "of a killed Rasa", px=60_000)
    turns = Turns()

    async def run() -> None:
        async with locks(REDIS).lock(name, wait_time_in_seconds=0.05):
            turns.log.append("help")

    asyncio.run(run())

    assert turns.log == ["help"]
    assert left.get(PREFIX + name) == b"of a killed Rasa"  # not ours to give back


@needs_redis
def test_a_lock_in_redis_has_a_lifetime_and_is_given_back(name: str) -> None:
    server = redis.Redis.from_url(REDIS)

    async def run() -> int:
        async with locks(REDIS).lock(name, lock_lifetime=10):
            return int(server.pttl(PREFIX + name))

    assert 0 < asyncio.run(run()) <= 10_000
    assert server.get(PREFIX + name) is None
