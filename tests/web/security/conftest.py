"""The whole web application over a filled database, and a browser for each kind of person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from clinic import passwords
from tests.web.security.world import World, build
from web.app import create_app
from web.console.cookies import SESSION_COOKIE
from web.visitor.turns import Turns

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    path = tmp_path_factory.mktemp("world") / "clinic.db"
    return build(f"sqlite:///{path}"), path


@pytest.fixture(scope="session")
def world(filled_database: tuple[World, Path]) -> World:
    return filled_database[0]


@pytest.fixture(scope="session")
def migrated_database(filled_database: tuple[World, Path]) -> Path:
    """In place of an empty one: every test begins with a copy of it."""
    return filled_database[1]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


@pytest.fixture(scope="session")
def whole_app() -> FastAPI:
    """Without its rounds in the background; Rasa answers every message with one word."""
    app = create_app()
    says = httpx.MockTransport(lambda _: httpx.Response(200, json=[{"text": "Hello."}]))
    app.state.client = httpx.AsyncClient(transport=says)
    app.state.turns = Turns()
    return app


@pytest.fixture
def browser_of(whole_app: FastAPI, world: World, database_url: str) -> Callable[[str], TestClient]:
    """A new browser of one of world.PEOPLE."""

    def opened(person: str) -> TestClient:
        client = TestClient(whole_app, follow_redirects=False)
        if person in world.tokens:
            client.cookies.set(SESSION_COOKIE, world.tokens[person])
        return client

    return opened
