"""The chat API with a Rasa that says what a test wants, and a visitor's browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from clinic.database import engine
from clinic.settings import settings
from web.app import create_app
from web.visitor import unwritten

URL = "http://clinic.example"

LINE = {"name": "988 Lifeline", "call": "988", "text": "Text 988", "chat": "", "note": "Free."}
CRISIS = [
    {"recipient_id": "c", "text": "Please call 988 or 911."},
    {
        "recipient_id": "c",
        "custom": {"type": "crisis", "category": "overdose", "resources": [LINE]},
    },
]


class FakeRasa:
    """Answers every message with `says`, or fails as Rasa may; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.says: Any = [{"recipient_id": "c", "text": "Hello."}]
        self.status = 200
        self.breaks: Exception | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(json.loads(request.content or b"{}"))
        if self.breaks is not None:
            raise self.breaks
        return httpx.Response(self.status, json=self.says)


class Visitor:
    """A browser with the chat open."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    @property
    def key(self) -> str:
        """What opens the conversation, as this browser sends it with every request."""
        return str(self.http.headers["Authorization"]).removeprefix("Bearer ")

    def use(self, key: str | None) -> None:
        """Send another key from now on, or none, as a browser does that was never here."""
        self.http.headers.pop("Authorization", None)
        if key is not None:
            self.http.headers["Authorization"] = f"Bearer {key}"

    def open(self, **request: Any) -> httpx.Response:
        sent = {"json": {}} | request
        answer: httpx.Response = self.http.post("/api/conversation", **sent)
        if answer.is_success:
            self.use(answer.json()["key"])
        return answer

    def say(self, text: str, key: str = "key-0001", **request: Any) -> httpx.Response:
        body = {"text": text, "key": key}
        answer: httpx.Response = self.http.post("/api/messages", json=body, **request)
        return answer

    def transcript(self) -> list[str]:
        """What the chat shows after it was closed and opened again."""
        return [message["text"] for message in self.open().json()["messages"]]


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture(autouse=True)
def nothing_is_unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test left for later is nothing for the database of the next."""
    monkeypatch.setattr(unwritten, "_waiting", {})


@pytest.fixture
def http(database_url: str, rasa: FakeRasa) -> Iterator[TestClient]:
    settings()  # now, or the outbox in its thread might still be at it when a test changes them
    app = create_app()
    with TestClient(app, base_url=URL) as client:
        app.state.client = httpx.AsyncClient(transport=httpx.MockTransport(rasa))
        yield client


@pytest.fixture
def visitor(http: TestClient) -> Visitor:
    browser = Visitor(http)
    browser.open()
    return browser


@pytest.fixture
def break_database(
    http: TestClient, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], None]]:
    """Take the database away while the product runs; at the end it is there again."""

    def point_to(url: str) -> None:
        patch.setenv("CLINIC_DATABASE_URL", url)
        settings.cache_clear()
        engine.cache_clear()

    def take_away(how: str) -> None:
        folder = tmp_path_factory.mktemp("broken")
        (folder / "file").write_text("no folder", "utf-8")
        path = {"not a database": folder, "no such place": folder / "file" / "clinic.db"}[how]
        engine().dispose()
        point_to(f"sqlite:///{path}")

    before = settings().database
    with pytest.MonkeyPatch.context() as patch:
        yield take_away
        point_to(before)
