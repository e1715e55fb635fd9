"""A browser's connection, as cheap as can be: it runs on the cores of what it measures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httptools

PATIENCE = 120.0
"""Longer than anything here may take: a slow answer is measured, not cut off."""
CHUNK = 65536


@dataclass(frozen=True)
class Answer:
    """What came back. `body` is read by whoever wants to, after the clock."""

    status: int
    body: bytes


class Closed(ConnectionError):
    """The server had closed the line before it answered anything."""


class Connection:
    """One line to one server, kept open between requests as browsers do."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self.host, self.port = str(where.hostname), int(where.port or 80)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(
        self, path: str, body: object, headers: Mapping[str, str] | None = None
    ) -> Answer:
        return await self._ask("POST", path, json.dumps(body).encode(), headers or {})

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._ask("GET", path, b"", headers or {})

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._reader = self._writer = None

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        async with asyncio.timeout(PATIENCE):
            was_open = self._writer is not None
            try:
                return await self._exchange(request)
            except Closed:
                if not was_open:
                    raise
                # An idle line that the server gave up; browsers open another and ask again.
                return await self._exchange(request)

    async def _exchange(self, request: bytes) -> Answer:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        reading = _Reading()
        try:
            self._writer.write(request)
            while not reading.done:
                received = await self._reader.read(CHUNK)
                if not received:
                    raise Closed
                reading.feed(received)
        except BaseException as error:
            await self.close()  # half an answer would be taken for the next one
            if isinstance(error, ConnectionError) and not reading.began:
                raise Closed from None
            raise
        if not reading.keeps_open:
            await self.close()
        return Answer(reading.status, bytes(reading.body))


class _Reading:
    """What httptools tells about one answer, bit by bit."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.done = self.began = False
        self.status = 0
        self.keeps_open = True
        self._parser = httptools.HttpResponseParser(self)

    def feed(self, received: bytes) -> None:
        self.began = True
        self._parser.feed_data(received)

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_headers_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.keeps_open = self._parser.should_keep_alive()

    def on_message_complete(self) -> None:
        self.done = True
