"""The health page answers as long as the web runs, and says which part behind it does not; the
other one says whether visitors may be sent here.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from clinic.database import engine, transaction
from clinic.settings import settings
from web import app as web_app
from web import health
from web.app import create_app

Look = Callable[[], dict[str, str]]


@pytest.fixture
def rasa_answers() -> list[int]:
    """The status of Rasa's answers; without one, Rasa is not there."""
    return [200]


@pytest.fixture
def look(database_url: str, rasa_answers: list[int]) -> Iterator[Look]:
    def rasa(request: httpx.Request) -> httpx.Response:
        if not rasa_answers:
            raise httpx.ConnectError("nobody")
        return httpx.Response(rasa_answers[0])

    def healthz() -> dict[str, str]:
        answer, ready = client.get("/healthz"), client.get("/readyz")
        assert answer.status_code == 200
        assert ready.json() == answer.json()
        assert ready.status_code == (200 if answer.json()["status"] == "ok" else 503)
        return dict(answer.json())

    settings()
    app = create_app()
    with TestClient(app) as client:
        app.state.client = httpx.AsyncClient(transport=httpx.MockTransport(rasa))
        yield healthz


def test_all_is_well(look: Look) -> None:
    assert look() == {"status": "ok", "database": "up", "rasa": "up"}


@pytest.mark.parametrize("answers", [[], [500]])
def test_without_rasa_it_says_so(look: Look, rasa_answers: list[int], answers: list[int]) -> None:
    rasa_answers[:] = answers

    assert look() == {"status": "degraded", "database": "up", "rasa": "down"}


def test_without_a_database_it_says_so(look: Look, tmp_path: Path, database_url: str) -> None:
    engine().dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINIC_DATABASE_URL", f"sqlite:///{tmp_path}")
        settings.cache_clear()
        engine.cache_clear()

        assert look() == {"status": "degraded", "database": "down", "rasa": "up"}

    settings.cache_clear()
    engine.cache_clear()


def test_a_database_of_an_older_version_is_not_ready(look: Look) -> None:
    with transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    assert look() == {"status": "degraded", "database": "not migrated", "rasa": "up"}


def test_a_database_that_hangs_does_not_keep_it_from_answering(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = threading.Event()
    monkeypatch.setattr(health, "SECONDS_FOR_A_PROBE", 0.2)
    monkeypatch.setattr(health, "SECONDS_FOR_THE_WATCH", 0.2)
    monkeypatch.setattr("web.health.readiness.database", lambda: ends.wait(10) or "up")

    found = look()
    ends.set()

    assert found == {"status": "degraded", "database": "down", "rasa": "up"}


def test_a_look_that_breaks_is_not_our_end(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> str:
        raise RuntimeError

    monkeypatch.setattr("web.health.readiness.database", breaks)

    assert look()["database"] == "down"


def test_a_probe_waits_less_than_the_second_that_it_is_given() -> None:
    assert health.SECONDS_FOR_A_PROBE < 1


def test_however_many_ask_one_look_answers_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        looks, may_end = [], asyncio.Event()

        async def ask() -> str:
            looks.append("one")
            await may_end.wait()
            return "up"

        part = health.Part(ask)
        asked = [asyncio.create_task(part.state(5)) for _ in range(9)]
        hurried = await part.state(0.01)
        may_end.set()
        found = set(await asyncio.gather(*asked)) | {await part.state(5)}
        assert (hurried, found, looks) == ("down", {"up"}, ["one"])

        monkeypatch.setattr(health, "SECONDS_A_LOOK_HOLDS", 0)
        assert (await part.state(5), looks) == ("up", ["one", "one"])

    asyncio.run(run())


def test_it_needs_none_of_the_threads_that_wait_for_the_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = threading.Event()

    async def run() -> dict[str, str]:
        app = create_app()
        async with app.router.lifespan_context(app):
            loop = asyncio.get_running_loop()
            for _ in range(2 * web_app.THREADS):
                loop.run_in_executor(None, is_over.wait, 60)
            transport = httpx.ASGITransport(app)
            try:
                async with (
                    asyncio.timeout(10),
                    httpx.AsyncClient(transport=transport, base_url="http://pod") as http,
                ):
                    return dict((await http.get("/healthz")).json())
            finally:
                is_over.set()

    settings()
    monkeypatch.setattr(health, "SECONDS_FOR_A_PROBE", 8)  # the machine may be busy

    assert asyncio.run(run())["database"] == "up"
