"""Words of danger are answered while every thread of the web is held up by something that hangs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from clinic.settings import settings
from tests.web.visitor.conftest import CRISIS, URL, FakeRasa
from web import app as web_app
from web import limits
from web.app import create_app
from web.visitor import danger

WORDS = {"text": "I want to kill myself", "key": "key-0001"}


@pytest.fixture
def is_over() -> Iterator[threading.Event]:
    """What hangs does so until then."""
    event = threading.Event()
    yield event
    event.set()


@asynccontextmanager
async def running(rasa: FakeRasa) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    app = create_app()
    async with app.router.lifespan_context(app):
        app.state.client = httpx.AsyncClient(transport=httpx.MockTransport(rasa))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=URL) as visitor:
            yield app, visitor


def hold_every_thread(is_over: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(2 * web_app.THREADS):
        loop.run_in_executor(None, is_over.wait, 60)
    others = current_default_thread_limiter()  # those of ordinary functions behind a route
    for number in range(int(others.total_tokens)):
        others.acquire_on_behalf_of_nowait(number)


@pytest.mark.parametrize("redis", ["", "redis://127.0.0.1:1/0"], ids=["alone", "slow Redis"])
def test_help_is_shown_while_all_of_them_are_held(
    database_url: str,
    rasa: FakeRasa,
    is_over: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    redis: str,
) -> None:
    async def run() -> httpx.Response:
        async with running(rasa) as (_, visitor):
            key = (await visitor.post("/api/conversation", json={})).json()["key"]
            if redis:
                monkeypatch.setenv("CLINIC_REDIS_URL", redis)
                monkeypatch.setattr(limits, "_hit", lambda *_: is_over.wait(60))
                settings.cache_clear()
            hold_every_thread(is_over)
            headers = {"Authorization": f"Bearer {key}"}
            try:
                async with asyncio.timeout(10):  # of what hangs nothing ends by then
                    return await visitor.post("/api/messages", json=WORDS, headers=headers)
            finally:
                is_over.set()

    rasa.says = CRISIS
    monkeypatch.setattr(danger, "SECONDS_FOR_THE_DATABASE", 0.02)
    answer = asyncio.run(run())

    assert answer.status_code == 200
    assert "988" in answer.text
    assert answer.json()["kept"] is False


def test_there_are_more_threads_than_a_small_machine_would_be_given(
    database_url: str, rasa: FakeRasa, is_over: threading.Event
) -> None:
    at_once = threading.Barrier(web_app.THREADS - 8)  # the rounds need some

    async def run() -> None:
        async with running(rasa):
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(20):
                await asyncio.gather(
                    *[loop.run_in_executor(None, at_once.wait, 15) for _ in range(at_once.parties)]
                )

    asyncio.run(run())
