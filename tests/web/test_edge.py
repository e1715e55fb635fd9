"""What comes hostile, slow or broken: a kind answer with the help lines, never a fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from clinic.settings import settings
from tests.web.served import Served, serve
from web import bodies, guard, limits
from web.app import create_app
from web.guard import Guard
from web.observed import Observed

JSON = {"content-type": "application/json"}
POST = b"POST /api/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
SECRET = "a word nobody may repeat"


@pytest.fixture
def http(database_url: str) -> Iterator[TestClient]:
    settings()
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def served(database_url: str) -> Iterator[Served]:
    with serve(odd_app()) as running:
        yield running


def odd_app() -> Starlette:
    """Handlers that do what none of ours should."""

    async def hangs(request: Request) -> None:
        await asyncio.Event().wait()

    async def breaks(request: Request) -> None:
        raise RuntimeError(SECRET)

    async def breaks_midway(request: Request) -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"a beginning"
            raise RuntimeError(SECRET)

        return StreamingResponse(pieces())

    async def streams(request: Request) -> StreamingResponse:
        async def events() -> AsyncIterator[bytes]:
            yield b"data: 1\n\n"
            await asyncio.sleep(0.5)
            yield b"data: 2\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(await request.body())

    return Starlette(
        routes=[
            Route("/api/hangs", hangs),
            Route("/api/breaks", breaks),
            Route("/breaks", breaks),
            Route("/midway", breaks_midway),
            Route("/streams", streams),
            Route("/api/messages", echo, methods=["POST"]),
        ],
        middleware=[Middleware(Observed), Middleware(Guard)],
    )


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def test_a_body_that_is_sent_too_slowly_is_given_up_with_the_help_lines(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "SECONDS_FOR_A_BODY", 0.1)

    answer = served.ask(POST + b"Content-Length: 1000\r\n\r\n{")

    assert (answer.status, answer.error["code"]) == (408, "too_slow")
    assert "988" in answer.error["message"]


def test_a_body_in_pieces_arrives_whole(served: Served) -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"

    assert served.ask(head, b"3\r\nabc\r\n", b"3\r\ndef\r\n", b"0\r\n\r\n").body == b"abcdef"


def test_a_body_that_breaks_off_is_no_fault(served: Served) -> None:
    with served.connected() as line:
        line.sendall(POST + b"Content-Length: 1000\r\n\r\n{")

    assert served.ask(POST + b"Content-Length: 2\r\n\r\n{}").status == 200


def test_what_hangs_is_given_up_kindly(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SECONDS_FOR_AN_ANSWER", 0.1)

    answer = served.ask(get("/api/hangs"))

    assert (answer.status, answer.error["code"]) == (503, "unavailable")
    assert "988" in answer.error["message"]


def test_a_stream_lasts_longer_than_any_answer_may_take(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "SECONDS_FOR_AN_ANSWER", 0.1)

    assert b"data: 2" in served.ask(get("/streams")).body


def test_a_fault_of_ours_is_told_kindly_and_shows_nothing(served: Served) -> None:
    answer = served.ask(get("/api/breaks"))

    assert (answer.status, answer.error["code"]) == (500, "broken")
    assert "988" in answer.error["message"]
    assert SECRET.encode() not in answer.body
    assert b"Traceback" not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_person_reads_words_and_no_json(served: Served) -> None:
    answer = served.ask(get("/breaks"))

    assert answer.headers["content-type"].startswith("text/plain")
    assert b"988" in answer.body


def test_an_answer_that_breaks_midway_ends_without_a_word_about_our_code(served: Served) -> None:
    answer = served.ask(get("/midway"))

    assert b"a beginning" in answer.body
    assert SECRET.encode() not in answer.body
    assert not answer.body.endswith(b"0\r\n\r\n")  # nobody takes it for whole


@pytest.mark.parametrize(
    "body",
    [b'{"text": "\xff\xfe", "key": "key-0001"}', b"[" * 20_000, b'{"text":' * 3_000, b"\x00", b""],
    ids=["no utf-8", "deep lists", "deep objects", "a zero byte", "nothing"],
)
@pytest.mark.parametrize("path", ["/api/messages", "/api/conversation"])
def test_json_that_cannot_be_read_is_refused_in_our_own_words(
    http: TestClient, path: str, body: bytes
) -> None:
    answer = http.post(path, content=body, headers=JSON)

    if answer.status_code == 200:
        assert (path, body) == ("/api/conversation", b"")
        return
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}


@pytest.mark.parametrize("path", ["/api/none", "/api/messages"])
def test_what_the_framework_refuses_is_said_in_our_words_with_the_help_lines(
    http: TestClient, path: str
) -> None:
    error = http.get(path).json()["error"]

    assert "988" in error["message"]


def test_which_methods_are_possible_is_still_told(http: TestClient) -> None:
    answer = http.get("/api/messages")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("name", ["evil.example", "clinic.example.evil.example", "", "[", "a b"])
def test_under_a_strangers_name_nothing_is_served(http: TestClient, name: str) -> None:
    answer = http.get("/api/conversation", headers={"Host": name})

    assert (answer.status_code, answer.json()["error"]["code"]) == (421, "not_here")
    assert "988" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1:8000", "[::1]:8000", "10.1.2.3", "Desk.Clinic.Example:443"]
)
def test_our_own_names_and_plain_addresses_are_served(
    http: TestClient, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://desk.clinic.example")
    settings.cache_clear()

    assert http.get("/", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_whether_we_are_well_may_be_asked_under_any_name(http: TestClient, path: str) -> None:
    assert http.get(path, headers={"Host": "pod-7.internal"}).status_code in (200, 503)


def test_one_network_may_not_ask_without_end(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch)

    answers = [http.get("/api/handoff").status_code for _ in range(4)]

    assert answers[-1] == 429
    assert 429 not in answers[:3]


def test_who_writes_words_of_danger_is_answered_beyond_every_bound(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = http.post("/api/conversation", json={}).json()["key"]
    few(monkeypatch)
    for _ in range(4):
        http.get("/api/handoff")
    headers = {"Authorization": f"Bearer {key}"}

    refused = http.post("/api/messages", json={"text": "hi", "key": "key-0001"}, headers=headers)
    danger = {"text": "I want to kill myself", "key": "key-0002"}
    answered = http.post("/api/messages", json=danger, headers=headers)

    assert refused.status_code == 429
    assert answered.status_code == 200
    assert "988" in json.dumps(answered.json()["messages"])


def test_pages_are_not_counted_with_the_chat(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch)

    assert [http.get("/safety").status_code for _ in range(6)] == [200] * 6


def test_when_all_places_are_taken_danger_is_still_answered(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.crowd.MOST_UNDER_WAY", 0)
    client = TestClient(odd_app(), base_url="http://localhost")

    busy = client.post("/api/messages", json={"text": "hello"})
    danger = client.post("/api/messages", json={"text": "I want to kill myself"})

    assert (busy.status_code, busy.json()["error"]["code"]) == (503, "busy")
    assert danger.status_code == 200


def test_open_streams_take_no_place_from_those_who_ask(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.crowd.MOST_UNDER_WAY", 1)

    with served.connected() as line:
        line.sendall(get("/streams"))
        line.recv(65536)

        assert served.ask(POST + b"Content-Length: 2\r\n\r\n{}").status == 200


def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests a minute, of which none was made."""
    monkeypatch.setenv("CLINIC_REQUESTS_PER_MINUTE", "3")
    settings.cache_clear()
    limits.limiter.cache_clear()
