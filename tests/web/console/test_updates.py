"""Open pages hear within a second or two that something changed, signed-out ones hear nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sse_starlette import ServerSentEvent

from clinic import audit
from clinic.console_news import News
from clinic.database import transaction
from clinic.tables import Staff
from tests.web.console.conftest import Browser, request_of
from web import bell
from web.console import updates

AT_MOST_SECONDS = 10


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a second in a test; and each has a watcher of its own."""
    monkeypatch.setattr(bell, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setattr(updates, "SECONDS_BETWEEN_CHECKS", 0.05)
    updates.watcher.cache_clear()


def changed() -> None:
    with transaction() as session:
        audit.record(session, actor="bot", action="handoff.asked", subject="handoff:1")


async def next_of(stream: AsyncIterator[ServerSentEvent]) -> tuple[str, Any]:
    event = await asyncio.wait_for(anext(stream), AT_MOST_SECONDS)
    return str(event.event), json.loads(str(event.data))


def test_a_page_hears_that_it_listens_and_then_what_changes(ben: Browser) -> None:
    async def listen() -> list[tuple[str, Any]]:
        async with aclosing(updates.told(request_of(ben))) as stream:
            first = await next_of(stream)
            await asyncio.to_thread(changed)
            return [first, await next_of(stream)]

    assert asyncio.run(listen()) == [
        ("listening", {}),
        ("changed", {"kinds": ["handoff"], "urgent": True}),
    ]


def test_every_open_page_hears_it_from_one_watcher(
    ben: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = count_looks(monkeypatch)

    async def listen() -> tuple[list[str], int]:
        async with (
            aclosing(updates.told(request_of(ben))) as one,
            aclosing(updates.told(request_of(ben))) as other,
        ):
            await next_of(one)
            await next_of(other)
            await asyncio.to_thread(changed)
            heard = [(await next_of(stream))[0] for stream in (one, other)]
        await until(lambda: updates.watcher().watching.done())  # type: ignore[union-attr]
        before = len(looks)
        await asyncio.sleep(0.05)
        return heard, len(looks) - before

    assert asyncio.run(listen()) == (["changed", "changed"], 0)


def test_what_was_before_is_not_told(ben: Browser) -> None:
    changed()

    async def listen() -> None:
        async with aclosing(updates.told(request_of(ben))) as stream:
            await next_of(stream)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(anext(stream), 0.2)

    asyncio.run(listen())


def test_a_page_that_was_signed_out_hears_no_more(ben: Browser) -> None:
    async def listen() -> None:
        async with aclosing(updates.told(request_of(ben))) as stream:
            await next_of(stream)
            await asyncio.to_thread(ben.fill_in, "/staff/leads", "/staff/logout")
            with pytest.raises(StopAsyncIteration):
                await asyncio.wait_for(anext(stream), AT_MOST_SECONDS)

    asyncio.run(listen())


def test_who_was_signed_out_hears_no_more_however_much_happens(ben: Browser) -> None:
    async def listen() -> int:
        heard = 0
        async with aclosing(updates.told(request_of(ben))) as stream:
            await next_of(stream)
            (queue,) = updates.watcher().streams
            await asyncio.to_thread(ben.fill_in, "/staff/leads", "/staff/logout")
            while heard < 10_000:
                queue.put_nowait(News(("lead",), urgent=False))
                try:
                    await asyncio.wait_for(anext(stream), AT_MOST_SECONDS)
                except StopAsyncIteration:
                    break
                heard += 1
        return heard

    assert asyncio.run(listen()) < 10_000


def test_an_open_page_is_presence_and_no_click(
    ben: Browser, later: Callable[[timedelta], None]
) -> None:
    later(timedelta(minutes=50))
    updates.check(request_of(ben))
    with transaction() as session:
        member = session.query(Staff).one()
        assert member.last_seen_at is not None

    later(timedelta(minutes=70))

    assert ben.get("/staff/leads").status_code == 303


def test_a_database_that_is_away_for_a_moment_ends_no_stream(
    ben: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = updates.look
    times = iter(range(1000))

    def sometimes(place: int | None) -> Any:
        if next(times) in (1, 2):
            raise OperationalError("gone", None, Exception())
        return real(place)

    monkeypatch.setattr(updates, "look", sometimes)

    async def listen() -> str:
        async with aclosing(updates.told(request_of(ben))) as stream:
            await next_of(stream)
            await asyncio.to_thread(changed)
            return (await next_of(stream))[0]

    assert asyncio.run(listen()) == "changed"


def test_strangers_get_no_stream(stranger: Browser) -> None:
    answer = stranger.get("/staff/events", headers={"accept": updates.STREAM})

    assert answer.status_code == 303


def test_who_cannot_read_a_stream_gets_none(ben: Browser) -> None:
    assert ben.get("/staff/events").status_code == 406


def count_looks(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    real, looks = updates.look, []

    def counted(place: int | None) -> Any:
        looks.append(place)
        return real(place)

    monkeypatch.setattr(updates, "look", counted)
    return looks


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(AT_MOST_SECONDS):
        while not is_so():
            await asyncio.sleep(0.01)
