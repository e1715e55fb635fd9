"""Around every answer: headers that close doors, and a bound on what is taken in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from clinic.settings import settings
from web.app import create_app
from web.bodies import LARGEST_BODY
from web.guard import Guard
from web.visitor import files

JSON = {"content-type": "application/json"}


@pytest.fixture
def http(database_url: str) -> Iterator[TestClient]:
    settings()
    with TestClient(create_app()) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/healthz", "/staff/login", "/widget/widget.css", "/none"])
def test_every_answer_closes_the_doors(http: TestClient, path: str) -> None:
    headers = http.get(path).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/healthz", "/staff/login", "/none"])
def test_no_page_is_kept_by_a_browser(http: TestClient, path: str) -> None:
    assert http.get(path).headers["cache-control"] == "no-store"


def test_style_sheets_may_be_kept(http: TestClient) -> None:
    answer = http.get(f"{files.address()}/widget.css")

    assert answer.status_code == 200
    assert "no-store" not in answer.headers["cache-control"]


def test_https_is_asked_for_where_there_is_https(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = http.get("/").headers
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://clinic.example")
    settings.cache_clear()

    assert "strict-transport-security" not in before
    assert "max-age" in http.get("/").headers["strict-transport-security"]


def test_only_the_clinics_own_websites_may_frame_the_chat(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = http.get("/chat").headers["content-security-policy"]
    monkeypatch.setenv("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example,https://b.example")
    settings.cache_clear()

    after = http.get("/chat").headers["content-security-policy"]

    assert "frame-ancestors 'self';" in before
    assert "frame-ancestors 'self' https://www.clinic.example https://b.example;" in after
    assert "default-src 'self';" in after
    assert "unsafe" not in after


def test_a_page_that_is_cut_off_from_others_can_still_frame_the_chat(http: TestClient) -> None:
    headers = http.get("/chat").headers

    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert "cross-origin-opener-policy" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/safety", "/staff/login", "/api/handoff", "/chat/", "/none"]
)
def test_nothing_else_is_for_other_websites(
    http: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("CLINIC_ALLOWED_ORIGINS", "https://www.clinic.example")
    settings.cache_clear()

    headers = http.get(path, follow_redirects=False).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_what_is_too_large_is_refused_kindly_with_the_same_doors_closed(http: TestClient) -> None:
    answer = http.post("/api/messages", content=b"x" * (LARGEST_BODY + 1), headers=JSON)

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_long"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_visitor_who_writes_too_much_is_told_the_help_lines(http: TestClient) -> None:
    body = b'{"text": "' + b"x" * 200_000 + b'", "key": "key-0001"}'

    message = http.post("/api/messages", content=body, headers=JSON).json()["error"]["message"]

    assert "911" in message
    assert "988" in message


def test_a_size_that_is_not_told_is_bound_all_the_same(http: TestClient) -> None:
    pieces = iter([b'{"text": "', *[b"x" * 1024] * 64, b'", "key": "key-0001"}'])

    answer = http.post("/api/messages", content=pieces, headers=JSON)

    assert answer.status_code == 413
    assert "988" in answer.json()["error"]["message"]


@pytest.mark.parametrize("size", ["\u00b2", "-1", "many", ""])
def test_a_size_that_is_no_number_breaks_nothing(size: str) -> None:
    passed: list[str] = []

    async def app(scope: object, receive: object, send: object) -> None:
        passed.append("through")

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        raise AssertionError("nothing is answered")

    headers = [(b"content-length", size.encode("latin-1")), (b"host", b"testserver")]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
    asyncio.run(Guard(app)(scope, receive, send))

    assert passed == ["through"]
