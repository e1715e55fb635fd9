"""Send bytes as they are, and read what comes back: no HTTP library would send such requests."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from benchmarks.fuzz.cases import Case
from benchmarks.fuzz.judge import NO_ANSWER, Answer

PATIENCE = 30.0
"""Longer than the server takes to lose its own with a body that never ends."""
LONGEST_READ = 256 * 1024


async def send(host: str, port: int, case: Case) -> Answer:
    begun = time.monotonic()
    raw, timed_out = b"", False
    try:
        async with asyncio.timeout(PATIENCE):
            raw = await _exchange(host, port, case)
    except TimeoutError:
        timed_out = True
    except OSError:
        pass
    status, headers, body = parsed(raw)
    return Answer(status, headers, body, time.monotonic() - begun, timed_out)


async def _exchange(host: str, port: int, case: Case) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        # The answer may come before all is sent, and the server may hang up on the rest.
        sending = asyncio.create_task(_write(writer, case))
        raw = await _read(reader)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        return raw
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _write(writer: asyncio.StreamWriter, case: Case) -> None:
    for part in case.parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(case.pause)


async def _read(reader: asyncio.StreamReader) -> bytes:
    raw = b""
    while len(raw) < LONGEST_READ:
        try:
            part = await reader.read(65536)
        except ConnectionResetError:
            return raw
        raw += part
        # A stream of events has no end; that it began is all that is asked.
        if not part or b"text/event-stream" in raw or _is_whole(raw):
            return raw
    return raw


def _is_whole(raw: bytes) -> bool:
    head, found, body = raw.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:") and line[15:].strip().isdigit():
            return bool(found) and len(body) >= int(line[15:])
    return False


def parsed(raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; status 0 for what is no answer."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        return NO_ANSWER, {}, raw
    pairs = (line.partition(":") for line in lines)
    return int(words[1]), {name.lower(): value.strip() for name, _, value in pairs}, body
