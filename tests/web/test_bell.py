"""A stream waits for the bell, looks once for many rings, and looks without it, more slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from clinic import bell as clinic_bell
from clinic.database import transaction
from web import bell

TOPIC = "a topic"
LONG = 600.0
AT_MOST_SECONDS = 10


@pytest.fixture(autouse=True)
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without the bell nobody would look before the test is given up."""
    monkeypatch.setattr(bell, "SECONDS_BETWEEN_LOOKS", LONG)
    bell.listener.cache_clear()
    yield
    bell.listener.cache_clear()


def ring() -> None:
    with transaction() as session:
        clinic_bell.ring(session, TOPIC)


async def rests(ear: bell.Ear, at_most: float | None = None) -> None:
    await asyncio.wait_for(ear.rest(at_most), AT_MOST_SECONDS)


def test_a_ring_from_any_thread_ends_the_rest(database_url: str) -> None:
    async def listen() -> None:
        with bell.listening(TOPIC) as ear:
            resting = asyncio.create_task(rests(ear))
            await asyncio.sleep(0)
            await asyncio.to_thread(ring)
            await resting

    asyncio.run(listen())


def test_a_ring_during_a_look_brings_another_look(database_url: str) -> None:
    async def listen() -> None:
        with bell.listening(TOPIC) as ear:
            ring()  # while the stream is looking
            await rests(ear)

    asyncio.run(listen())


def test_many_rings_are_one_look(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "SECONDS_APART", 0.0)

    async def listen() -> bool:
        with bell.listening(TOPIC) as ear:
            for _ in range(5):
                ring()
            await rests(ear)
            again = asyncio.create_task(rests(ear))
            await asyncio.wait([again], timeout=0.05)
            was_over = again.done()
            again.cancel()
            return was_over

    assert not asyncio.run(listen())


def test_looks_keep_a_distance_however_often_it_rings(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def listen() -> None:
        with bell.listening(TOPIC) as ear:
            for _ in range(2):
                ear.ring()
                await ear.rest()

    monkeypatch.setattr("web.bell.asyncio.sleep", sleep)
    asyncio.run(listen())

    assert len(slept) == 2
    assert all(0 < seconds <= bell.SECONDS_APART for seconds in slept)


def test_without_a_ring_a_stream_looks_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "SECONDS_BETWEEN_LOOKS", 0.01)

    async def listen() -> None:
        with bell.listening(TOPIC) as ear:
            await rests(ear)

    asyncio.run(listen())


def test_what_lapses_by_itself_is_looked_at_in_time() -> None:
    async def listen() -> None:
        with bell.listening(TOPIC) as ear:
            await rests(ear, at_most=0.01)

    asyncio.run(listen())


def test_a_ring_after_the_loop_was_closed_harms_nobody() -> None:
    async def make() -> bell.Ear:
        return bell.Ear()

    ear = asyncio.run(make())

    with ThreadPoolExecutor(1) as pool:
        pool.submit(ear.ring).result()


def test_only_who_hears_every_process_looks_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = bell.seconds_between_looks()
    monkeypatch.setattr(bell.listener(), "hears_everybody", True)

    assert alone == LONG
    assert bell.seconds_between_looks() == bell.SECONDS_BETWEEN_LOOKS_WITH_A_BELL


def test_on_sqlite_there_is_nothing_to_listen_at(database_url: str) -> None:
    asyncio.run(asyncio.wait_for(bell.listen_for_ever(), AT_MOST_SECONDS))
