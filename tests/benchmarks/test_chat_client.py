"""The client that measures turns: cheap, and yet a browser to whoever answers it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from benchmarks.chat.connection import Answer, Closed, Connection
from benchmarks.chat.visitors import NoAnswer, OurVisitor, SaidNothing

HANG_UP = b""
"""In place of an answer: the line is closed."""
OPENED = {"key": "the key", "messages": []}
SAID = {"messages": [{"text": "hi", "payload": None}], "handoff": None}


def answer(body: object, status: str = "200 OK") -> bytes:
    written = json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(written)}\r\n\r\n".encode() + written


@asynccontextmanager
async def server(*answers: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Gives the next answer to the next request; its address, and the requests it had."""
    left, seen = list(answers), list[bytes]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            seen.append(head + await reader.readexactly(int(length or 0)))
            given = left.pop(0)
            if given == HANG_UP:
                break
            writer.write(given)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", seen


def told(
    asks: Callable[[Connection], Awaitable[list[Answer]]], *answers: bytes
) -> tuple[list[Answer], list[bytes]]:
    """What the client got from these answers, and what the server had of it."""

    async def talk() -> tuple[list[Answer], list[bytes]]:
        async with server(*answers) as (url, seen):
            connection = Connection(url)
            got = await asks(connection)
            await connection.close()
            return got, seen

    return asyncio.run(talk())


def test_two_requests_go_over_one_line() -> None:
    async def twice(connection: Connection) -> list[Answer]:
        first = await connection.post("/one", {"text": "hello"}, {"X-Key": "k"})
        return [first, await connection.get("/two")]

    got, seen = told(twice, answer({"a": 1}), answer({"b": 2}))

    assert [json.loads(one.body) for one in got] == [{"a": 1}, {"b": 2}]
    assert seen[0].startswith(b"POST /one HTTP/1.1\r\n")
    assert b"X-Key: k" in seen[0]
    assert seen[0].endswith(b'{"text": "hello"}')


def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    async def once(connection: Connection) -> list[Answer]:
        return [await connection.get("/")]

    pieces = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    got, _ = told(once, b"HTTP/1.1 200 OK\r\n" + pieces)

    assert got == [Answer(200, b"abcde")]


def test_a_line_that_was_given_up_while_idle_is_opened_again() -> None:
    async def twice(connection: Connection) -> list[Answer]:
        return [await connection.get("/first"), await connection.get("/second")]

    got, seen = told(twice, answer({}), HANG_UP, answer({"again": True}))

    assert json.loads(got[1].body) == {"again": True}
    assert len(seen) == 3


def test_a_new_line_that_is_closed_at_once_is_an_error() -> None:
    async def once(connection: Connection) -> list[Answer]:
        return [await connection.get("/")]

    with pytest.raises(Closed):
        told(once, HANG_UP)


def test_each_message_goes_to_the_next_replica_with_the_same_key() -> None:
    async def talk() -> list[list[bytes]]:
        async with (
            server(answer(SAID)) as (first, at_first),
            server(answer(OPENED), answer(SAID)) as (second, at_second),
        ):
            visitor = OurVisitor(first, second)
            await visitor.begin()
            await visitor.say("one")
            await visitor.say("two")
            await visitor.close()
            return [at_first, at_second]

    at_first, at_second = asyncio.run(talk())

    assert [b"Bearer the key" in request for request in (*at_first, *at_second)] == [
        True,
        False,
        True,
    ]


def test_a_new_conversation_is_begun_without_the_key_of_the_one_before() -> None:
    async def talk() -> list[bytes]:
        async with server(answer(OPENED), answer(OPENED), answer(OPENED)) as (url, seen):
            visitor = OurVisitor(url)
            await visitor.begin()
            await visitor.begin()
            await visitor.reload()
            await visitor.close()
            return seen

    assert [b"Bearer" in request for request in asyncio.run(talk())] == [False, False, True]


EMPTY = answer({"messages": [], "handoff": None})


@pytest.mark.parametrize(
    ("given", "expected"), [(answer({}, "503 No"), NoAnswer), (EMPTY, SaidNothing)]
)
def test_a_refusal_and_an_empty_answer_are_no_answers(
    given: bytes, expected: type[NoAnswer]
) -> None:
    async def talk() -> None:
        async with server(answer(OPENED), given) as (url, _):
            visitor = OurVisitor(url)
            await visitor.begin()
            try:
                await visitor.say("hello")
            finally:
                await visitor.close()

    with pytest.raises(NoAnswer) as caught:
        asyncio.run(talk())
    assert caught.type is expected
