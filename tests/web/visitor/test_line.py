"""The line to Rasa brings whole answers, uses connections again, and never waits for ever."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import httpx
import pytest

from web.visitor import line
from web.visitor.line import MOST_IDLE, Line

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class Server:
    """Answers each request with the next of these bytes; an empty one hangs up."""

    def __init__(self, *answers: bytes) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while self.answers and (head := await _head(reader)):
            self.asked.append(head + await _body(reader, head))
            answer = self.answers.pop(0)
            if not answer:
                break
            writer.write(answer)
            await writer.drain()
        writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return await reader.readexactly(int(lengths[0].split(b":")[1])) if lengths else b""


def talk(server: Server, deed: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    async def talking() -> None:
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(mounts={"http://": Line()}, base_url=url) as client:
            await deed(client)
        listening.close()

    asyncio.run(asyncio.wait_for(talking(), 30))


def test_what_is_sent_arrives_as_http_and_the_answer_comes_back() -> None:
    server = Server(WHOLE)

    async def ask(client: httpx.AsyncClient) -> None:
        answer = await client.post("/webhooks/rest/webhook?a=1", json={"message": "¿qué?"})
        assert (answer.status_code, answer.text) == (200, "hello")

    talk(server, ask)

    head, body = server.asked[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /webhooks/rest/webhook?a=1 HTTP/1.1\r\n")
    assert b"host: 127.0.0.1:" in head.lower()
    assert body.decode() == '{"message":"¿qué?"}'


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
PACKED = gzip.compress(b"hello", mtime=0)
ZIPPED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED)


@pytest.mark.parametrize("answer", [WHOLE, CHUNKED, ZIPPED + PACKED])
def test_answers_in_every_wrapping_are_whole(answer: bytes) -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        assert (await client.get("/")).text == "hello"

    talk(Server(answer), ask)


def test_one_connection_carries_one_request_after_the_other() -> None:
    server = Server(WHOLE, WHOLE, WHOLE)

    async def ask(client: httpx.AsyncClient) -> None:
        for _ in range(3):
            await client.get("/")

    talk(server, ask)

    assert server.connections == 1


def test_requests_at_once_do_not_wait_for_each_other() -> None:
    server = Server(*[WHOLE] * 2 * MOST_IDLE)

    async def ask(client: httpx.AsyncClient) -> None:
        answers = await asyncio.gather(*(client.get("/") for _ in range(2 * MOST_IDLE)))
        assert {answer.text for answer in answers} == {"hello"}

    talk(server, ask)

    assert server.connections > 1


def test_a_connection_that_was_closed_while_idle_is_no_fault() -> None:
    server = Server(WHOLE, b"", WHOLE)

    async def ask(client: httpx.AsyncClient) -> None:
        for _ in range(2):
            assert (await client.get("/")).text == "hello"

    talk(server, ask)

    assert server.connections == 2


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel", b"what is this\r\n\r\n"]
)
def test_an_answer_that_is_not_whole_is_an_error_of_httpx(answer: bytes) -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/")

    talk(Server(answer), ask)


def test_an_answer_that_trickles_ends_with_the_time_for_reading() -> None:
    async def ask(client: httpx.AsyncClient) -> None:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/", timeout=0.05)
        assert (await client.get("/")).text == "hello", "and its connection is used by nobody"

    talk(Server(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel", WHOLE), ask)


def test_nobody_there_is_an_error_of_httpx() -> None:
    async def ask() -> None:
        async with httpx.AsyncClient(mounts={"http://": Line()}) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get("http://127.0.0.1:1/")

    asyncio.run(ask())


@pytest.mark.parametrize("limit", ["LONGEST_IDLE", "OLDEST"])
def test_a_connection_that_was_open_for_long_is_used_by_nobody_and_closed(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    server, hung_up = Server(), asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        while await _head(reader):
            writer.write(WHOLE)
        writer.close()
        hung_up.set()

    server.serve = serve  # type: ignore[method-assign]

    async def ask(client: httpx.AsyncClient) -> None:
        await client.get("/")
        monkeypatch.setattr(line, limit, 0.0)
        await client.get("/")
        await hung_up.wait()

    talk(server, ask)

    assert server.connections == 2


def test_whose_other_end_vanished_costs_one_request_and_not_one_for_each_that_is_open() -> None:
    """A machine that is switched off hangs up on nobody; another answers in its place."""
    server, is_gone = Server(), asyncio.Event()
    all_there = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        of_the_old_machine = not is_gone.is_set()
        if server.connections == MOST_IDLE:
            all_there.set()
        while await _head(reader):
            if of_the_old_machine and is_gone.is_set():
                continue  # nothing comes back
            await all_there.wait()
            writer.write(WHOLE)
        writer.close()

    server.serve = serve  # type: ignore[method-assign]

    async def ask(client: httpx.AsyncClient) -> None:
        await asyncio.gather(*(client.get("/") for _ in range(MOST_IDLE)))
        is_gone.set()
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/", timeout=0.05)
        for _ in range(MOST_IDLE):
            assert (await client.get("/")).text == "hello"

    talk(server, ask)
