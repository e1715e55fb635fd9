"""Nobody shuts the others out: not by sending slowly, by asking often, or by a slow Redis."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from clinic.settings import settings
from web import bodies, crowd, limits
from web.guard import Guard

ATTACKER, OTHER = "203.0.113.9", "198.51.100.7"
CALM = json.dumps({"text": "hello"}).encode()
DANGER = json.dumps({"text": "I want to kill myself"}).encode()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"here"})


class Desk:
    """The guard, and what it answers to whom."""

    def __init__(self) -> None:
        self.guard = Guard(app)

    async def ask(
        self,
        path: str,
        body: bytes | None = b"",
        *,
        method: str = "POST",
        of: str = ATTACKER,
        after: asyncio.Event | None = None,
    ) -> tuple[int, str]:
        """Status and words; a body that is None never arrives, others `after` something."""
        said: list[Message] = []

        async def receive() -> Message:
            if body is None:
                await asyncio.Event().wait()
            if after is not None:
                await after.wait()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        scope: dict[str, Any] = {"type": "http", "method": method, "path": path}
        scope |= {"headers": [(b"host", b"localhost")], "client": (of, 1)}
        await self.guard(scope, receive, send)
        return said[0]["status"], said[1]["body"].decode()

    async def slowly(self, number: int, of: str = ATTACKER) -> list[asyncio.Task[tuple[int, str]]]:
        """So many bodies that never arrive, each at the point where it is waited for."""
        asked = [asyncio.create_task(self.ask("/none", None, of=of)) for _ in range(number)]
        for _ in range(5):
            await asyncio.sleep(0)
        return asked


@pytest.fixture(autouse=True)
def few(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST_UNDER_WAY", 3)
    monkeypatch.setattr(bodies, "MOST_FROM_ONE_PLACE", 2)
    monkeypatch.setattr(bodies, "SECONDS_FOR_ONE_MORE", 0.05)
    settings()


@pytest.fixture
def slow_redis(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It holds up whoever asks it, until the test is over."""
    is_over = threading.Event()
    monkeypatch.setenv("CLINIC_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(limits, "_hit", lambda *_: is_over.wait(30))
    monkeypatch.setattr(limits, "SECONDS_FOR_A_COUNT", 0.05)
    settings.cache_clear()
    yield
    is_over.set()


def test_who_sends_slowly_takes_no_place_from_anybody() -> None:
    async def run() -> None:
        desk = Desk()
        slow = await desk.slowly(2) + await desk.slowly(2, of="192.0.2.1")

        assert not any(task.done() for task in slow)  # as many as may be under way, and one more
        assert (await desk.ask("/chat", method="GET", of=OTHER))[0] == 200
        assert (await desk.ask("/api/messages", CALM, of=OTHER))[0] == 200

    asyncio.run(run())


def test_of_one_network_only_some_are_waited_for_so_long_on_whatever_path() -> None:
    async def run() -> None:
        desk = Desk()
        *waited_for, one_more = await desk.slowly(3)
        (of_another,) = await desk.slowly(1, of=OTHER)
        status, words = await one_more

        assert not any(task.done() for task in [*waited_for, of_another])
        assert status == 408
        assert "988" in words

    asyncio.run(run())


def test_many_who_write_at_once_behind_one_address_are_all_answered() -> None:
    """Head and body of a request are often two pieces, and the second is not here at once."""

    async def run() -> None:
        desk, sent = Desk(), asyncio.Event()
        asking = [asyncio.create_task(desk.ask("/none", CALM, after=sent)) for _ in range(20)]
        for _ in range(5):
            await asyncio.sleep(0)
        sent.set()

        assert {status for status, _ in await asyncio.gather(*asking)} == {200}

    asyncio.run(run())


@pytest.mark.parametrize("body", [CALM, DANGER], ids=["calm", "danger"])
def test_a_visitor_next_to_an_attacker_who_sends_in_one_piece_is_answered(body: bytes) -> None:
    async def run() -> None:
        desk = Desk()
        await desk.slowly(2)

        assert (await desk.ask("/api/messages", body))[0] == 200

    asyncio.run(run())


def test_a_body_that_ended_is_counted_no_more() -> None:
    async def run() -> None:
        desk = Desk()
        for task in await desk.slowly(2):
            task.cancel()
        (again,) = await desk.slowly(1)

        assert not again.done()

    asyncio.run(run())


def test_the_pages_for_machines_are_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "MOST_UNDER_WAY", 0)

    async def run() -> None:
        desk = Desk()

        assert (await desk.ask("/", method="GET"))[0] == 503
        assert (await desk.ask("/healthz", method="GET"))[0] == 200
        assert (await desk.ask("/readyz", method="GET"))[0] == 200

    asyncio.run(run())


def test_who_asks_too_often_is_refused_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "may_call", lambda place: place != ATTACKER)

    async def run() -> None:
        desk = Desk()
        async with asyncio.timeout(5):
            status, _ = await desk.ask("/api/conversation", None)

        assert status == 429
        assert (await desk.ask("/api/messages", CALM))[0] == 429
        assert (await desk.ask("/api/messages", DANGER))[0] == 200

    asyncio.run(run())


def test_words_of_danger_do_not_wait_for_redis(slow_redis: None) -> None:
    async def run() -> None:
        async with asyncio.timeout(5):
            assert (await Desk().ask("/api/messages", DANGER))[0] == 200

    # Long, so that it is not this bound which lets them through.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "SECONDS_FOR_A_COUNT", 30)
        asyncio.run(run())


def test_whom_redis_does_not_count_in_time_may_go_on(slow_redis: None) -> None:
    async def run() -> None:
        async with asyncio.timeout(5):
            asked = [Desk().ask("/api/handoff", method="GET") for _ in range(20)]
            answers = await asyncio.gather(*asked)

        assert {status for status, _ in answers} == {200}

    asyncio.run(run())
