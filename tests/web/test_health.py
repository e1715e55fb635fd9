"""The health page answers as long as the web runs, and says which part behind it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from clinic.database import engine
from clinic.settings import settings
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
        answer = client.get("/healthz")
        assert answer.status_code == 200
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
