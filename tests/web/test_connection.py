"""Before there is a request: who is slow, too large or too many gets a kind no and the help lines.

A person in danger may be behind the slowest telephone, so each no of ours says whom to call.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.web.served import Served, read, serve
from web import connection
from web.connection import Connection

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"


@pytest.fixture
def served(database_url: str) -> Iterator[Served]:
    def here(request: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    # It answers a POST without reading it, as one is answered that is refused.
    app = Starlette(
        routes=[Route("/", here, methods=["GET", "POST"]), Route("/healthz", here)],
    )
    with serve(app) as running:
        yield running


def test_an_ordinary_request_is_answered(served: Served) -> None:
    assert served.ask(GET + CLOSE).body == b"here"


def test_a_head_that_never_ends_is_let_go_with_the_help_lines(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SECONDS_FOR_A_HEAD", 0.1)

    answer = served.ask(GET)

    assert (answer.status, answer.error["code"]) == (408, "too_slow")
    assert "988" in answer.error["message"]


def test_who_connects_and_says_nothing_is_let_go(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SECONDS_FOR_A_HEAD", 0.1)

    assert served.ask().status == 408


def test_the_clock_runs_for_the_second_request_as_well(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SECONDS_FOR_A_HEAD", 0.1)

    with served.connected() as line:
        line.sendall(GET + b"\r\n")
        first = line.recv(65536)
        line.sendall(b"GET / HT")

        assert b"here" in first
        assert read(line).status == 408


def test_an_empty_line_after_a_request_holds_no_connection_for_ever(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SECONDS_FOR_A_HEAD", 0.1)

    with served.connected() as line:
        line.sendall(GET + b"\r\n")
        assert b"here" in line.recv(65536)
        line.sendall(b"\r\n")

        assert read(line).status == 408


@pytest.mark.parametrize("size", [20_000, 2_000_000], ids=["one piece", "many pieces"])
def test_a_head_that_is_too_large_is_refused_with_the_help_lines(served: Served, size: int) -> None:
    with served.connected() as line:
        with suppress(OSError):  # it may be refused before all was sent
            line.sendall(GET + b"X: " + b"x" * size + b"\r\n" + CLOSE)
        answer = read(line)

    assert (answer.status, answer.error["code"]) == (431, "too_long")
    assert "988" in answer.error["message"]


def test_many_small_headers_are_one_large_head(served: Served) -> None:
    assert served.ask(GET, *[b"X: " + b"x" * 1000 + b"\r\n"] * 20, CLOSE).status == 431


def test_a_request_line_that_is_too_long_is_refused(served: Served) -> None:
    line = b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n" + CLOSE

    assert served.ask(line).status == 431


def test_what_is_no_http_gets_no_word_about_our_code(served: Served) -> None:
    answer = served.ask(b"\x16\x03\x01 nonsense\r\n\r\n")

    assert answer.status == 400
    assert b"Traceback" not in answer.body


def test_where_too_many_are_connected_the_next_one_is_told_the_help_lines(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 1)

    with served.connected() as first:
        first.sendall(GET)
        first.sendall(b"X-Wait: yes\r\n")
        answer = served.ask(GET + CLOSE)

    assert (answer.status, answer.error["code"]) == (503, "busy")
    assert "988" in answer.error["message"]


def test_whether_we_live_may_be_asked_from_our_own_network_when_all_places_are_taken(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 0)
    machine = b"GET /healthz?all HTTP/1.1\r\nHost: localhost\r\n" + CLOSE

    assert served.ask(machine).body == b"here"
    assert served.ask(GET + CLOSE).status == 503


def test_those_places_are_for_no_stranger_and_have_an_end_too(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 0)
    machine = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + CLOSE

    with monkeypatch.context() as patch:
        patch.setattr(connection, "_is_a_stranger", lambda client: True)
        of_a_stranger = served.ask(machine)
    monkeypatch.setattr(connection, "MORE_FOR_MACHINES", 0)

    assert (of_a_stranger.status, served.ask(machine).status) == (503, 503)


def test_who_takes_such_a_place_is_not_waited_for_as_long_as_others(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 0)
    monkeypatch.setattr(connection, "SECONDS_FOR_A_MACHINE", 0.1)

    assert served.ask(GET).status == 408


def test_a_body_that_never_ends_holds_no_place_when_it_was_answered(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SECONDS_FOR_A_BODY", 0.3)
    over = threading.Event()

    with served.connected() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        drip = threading.Thread(target=_drip, args=(line, over))
        drip.start()
        answer = read(line)  # until the server closes
        over.set()
        drip.join()

    assert answer.status == 200


def _drip(line: socket.socket, over: threading.Event) -> None:
    with suppress(OSError):
        while not over.wait(0.05):
            line.sendall(b"x")


def test_the_rest_of_a_body_that_was_answered_is_no_large_head(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_come = threading.Event()
    complete = Connection.on_message_complete

    def noted(self: Connection) -> None:
        has_come.set()
        complete(self)

    monkeypatch.setattr(Connection, "on_message_complete", noted)

    with served.connected() as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n")
        first = line.recv(65536)
        line.sendall(b"x" * 50_000)
        assert has_come.wait(10)
        line.sendall(GET + CLOSE)
        second = read(line)

    assert first.startswith(b"HTTP/1.1 200")
    assert (second.status, second.body) == (200, b"here")


def test_one_network_does_not_take_all_the_places(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "MOST_FROM_ONE_PLACE", 0)
    monkeypatch.setattr(connection, "_place_of", lambda client: "203.0.113.9")

    assert served.ask(GET + CLOSE).status == 503


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "fd00::1", "unknown"])
def test_a_proxy_of_our_own_network_is_not_counted_as_one_place(
    database_url: str, address: str
) -> None:
    assert connection._place_of((address, 1)) is None


def test_the_addresses_of_one_line_are_one_place(database_url: str) -> None:
    first = connection._place_of(("2a00:1450:4001:81b::1", 1))

    assert first == connection._place_of(("2a00:1450:4001:81b::2", 1)) is not None
