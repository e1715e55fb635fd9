"""The line to Rasa: plain HTTP/1.1 on connections that stay open.

httpx's own transport works for a millisecond of each turn to find out which of many ways to send a
request is ours. This one knows a single way. What else httpx promises of a transport, it keeps:
an error is one of httpx's, and the time set for reading is the time that a request may take.

The other side may vanish without a word: a machine that is switched off hangs up on nobody. So a
connection is not kept for long, and after one silence all that wait beside it are given up.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import cast

import httptools
import httpx

MOST_IDLE = 20
"""Connections that are kept open to one address while nobody uses them."""
LONGEST_IDLE = 4.0
"""Seconds; Rasa's own server hangs up after five."""
OLDEST = 60.0
"""Seconds. A new connection also finds a Rasa that has moved to another address since."""

Address = tuple[str, int]


class Line(httpx.AsyncBaseTransport):
    """For `http://` only."""

    def __init__(self) -> None:
        self._idle: defaultdict[Address, list[_Connection]] = defaultdict(list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        seconds = request.extensions.get("timeout", {}).get("read")
        asked = _written(request, await request.aread())
        address = (request.url.host, request.url.port or 80)
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(address, asked)
        except TimeoutError:
            _close(self._idle.pop(address, []))
            raise httpx.ReadTimeout("no answer in time", request=request) from None
        except OSError as error:
            raise httpx.ConnectError(type(error).__name__, request=request) from None
        except (_Closed, httptools.HttpParserError) as error:
            raise httpx.RemoteProtocolError(type(error).__name__, request=request) from None

    async def _ask(self, address: Address, asked: bytes) -> httpx.Response:
        while (used := self._take(address)) is not None:
            try:
                return await self._ask_on(used, address, asked)
            except _Closed as error:
                # It was closed while it was idle: nobody has heard us. Should Rasa have heard us
                # all the same, it knows the message by its key.
                if error.has_begun:
                    raise
        _, fresh = await asyncio.get_running_loop().create_connection(_Connection, *address)
        return await self._ask_on(fresh, address, asked)

    async def _ask_on(
        self, connection: _Connection, address: Address, asked: bytes
    ) -> httpx.Response:
        try:
            answer = await connection.ask(asked)
        except BaseException:  # given up in the middle, nobody may use it again
            connection.close()
            raise
        if connection.is_fresh() and len(self._idle[address]) < MOST_IDLE:
            self._idle[address].append(connection)
        else:
            connection.close()
        return answer

    def _take(self, address: Address) -> _Connection | None:
        """The one that was used last; those that nobody should use any more are closed."""
        known = self._idle[address]
        fresh = [connection for connection in known if connection.is_fresh()]
        _close(connection for connection in known if connection not in fresh)
        self._idle[address] = fresh
        return fresh.pop() if fresh else None

    async def aclose(self) -> None:
        for idle in self._idle.values():
            _close(idle)
        self._idle.clear()


def _close(connections: Iterable[_Connection]) -> None:
    for connection in connections:
        connection.close()


def _written(request: httpx.Request, body: bytes) -> bytes:
    head = [request.method.encode("ascii") + b" " + request.url.raw_path + b" HTTP/1.1"]
    head += [name + b": " + value for name, value in request.headers.raw]
    return b"\r\n".join([*head, b"", body])


class _Closed(Exception):
    """The other side hung up before its answer was whole."""

    def __init__(self, *, has_begun: bool) -> None:
        super().__init__()
        self.has_begun = has_begun


class _Connection(asyncio.Protocol):
    """One connection: asks one thing at a time."""

    def __init__(self) -> None:
        self.is_open = False
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._answer: asyncio.Future[httpx.Response] | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._has_begun = False
        self._opened = self._used = 0.0

    def is_fresh(self) -> bool:
        """Whether somebody is likely to be at its other end still."""
        at = asyncio.get_running_loop().time()
        return self.is_open and at - self._used < LONGEST_IDLE and at - self._opened < OLDEST

    async def ask(self, asked: bytes) -> httpx.Response:
        if self._transport is None or not self.is_open:
            raise _Closed(has_begun=False)
        self._parser = httptools.HttpResponseParser(self)
        self._headers, self._body, self._has_begun = [], bytearray(), False
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(asked)
        return await self._answer

    def close(self) -> None:
        self.is_open = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self.is_open = cast(asyncio.Transport, transport), True
        self._opened = self._used = asyncio.get_running_loop().time()

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._answer is None or self._answer.done():
            self.close()  # nobody asked
            return
        self._has_begun = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        self._fail(_Closed(has_begun=self._has_begun))

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._parser is None or self._answer is None or self._answer.done():
            return
        self.is_open = self.is_open and self._parser.should_keep_alive()
        self._used = asyncio.get_running_loop().time()
        status = self._parser.get_status_code()
        answer = httpx.Response(status, headers=self._headers, content=bytes(self._body))
        self._answer.set_result(answer)
