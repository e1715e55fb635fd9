"""One connection, before it is a request: who says nothing, too much, or holds too many is let go.

uvicorn bounds neither how long the head of a request may take nor how large it may be, and what it
says when it is full is nothing for a person in danger.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from ipaddress import ip_address

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from clinic.help_lines import in_danger
from clinic.settings import settings
from clinic.tries import network_of
from web import metrics
from web.served_names import ASKED_BY_MACHINES

SECONDS_FOR_A_HEAD = 10.0
SECONDS_FOR_A_BODY = 15.0
"""Longer than web/bodies.py waits: this is for what still comes when the answer was given."""
LARGEST_HEAD = 16 * 1024
"""The request line and all headers. Ours are below 2 KB; what proxies add is not much more."""
MOST_CONNECTIONS = 900
"""Of one process. Many systems let a process open 1,024 files, and the database needs some."""
MOST_FROM_ONE_PLACE = 200
"""A hospital behind one address is not so many people at the same moment."""
MORE_FOR_MACHINES = 30
"""Beyond that, from our own network only: for those who look whether we live. Told that we are
busy, they would start us again in the middle of a flood."""
SECONDS_FOR_A_MACHINE = 1.0
SECONDS_TO_READ_WHY = 0.5
"""Closed at once, an answer may be lost with what was still on its way to us."""

_places: Counter[str] = Counter()


class Connection(HttpToolsProtocol):
    """What uvicorn does with a connection, with a clock and bounds."""

    _clock: asyncio.TimerHandle | None = None
    _place: str | None = None
    _head_bytes = 0
    _reads_a_head = True
    _is_refused = False
    _is_one_too_many = False
    """It is here to ask whether we live, and for nothing else."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._start_clock()
        self._place = _place_of(self.client)
        if self._place is not None:
            _places[self._place] += 1
        crowded = self._place is not None and _places[self._place] > MOST_FROM_ONE_PLACE
        self._is_one_too_many = len(self.connections) > MOST_CONNECTIONS
        if crowded or (self._is_one_too_many and not self._may_be_a_machine()):
            self._refuse_one_more()
        elif self._is_one_too_many:
            self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        if self._place is not None:
            _places[self._place] -= 1
            if not _places[self._place]:
                del _places[self._place]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        began_as_a_head = self._reads_a_head  # else it is the end of a body, and may be large
        super().data_received(data)
        if self._waits_without_end():
            self._reads_a_head, self._head_bytes = True, 0
            self._start_clock()
        if began_as_a_head and self._reads_a_head:
            self._head_bytes += len(data)
            self._refuse_a_large_head(self._head_bytes)

    def _waits_without_end(self) -> bool:
        """An empty line after a request begins no other, and still uvicorn's own clock stops."""
        return (
            self._clock is None
            and self.timeout_keep_alive_task is None
            and self.cycle is not None
            and self.cycle.response_complete
            and not self._is_refused
            and not self.transport.is_closing()
        )

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reads_a_head, self._head_bytes = True, 0
        self._start_clock()

    def on_headers_complete(self) -> None:
        self._start_clock(SECONDS_FOR_A_BODY)
        self._reads_a_head = False
        self._refuse_a_large_head(len(self.url) + sum(len(n) + len(v) for n, v in self.headers))
        if self._is_one_too_many and not self._is_refused and not self._asks_whether_we_live():
            self._refuse_one_more()
        if not self._is_refused:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_clock()
        if not self._is_refused:
            super().on_message_complete()

    def _may_be_a_machine(self) -> bool:
        more = len(self.connections) - MOST_CONNECTIONS
        return more <= MORE_FOR_MACHINES and not _is_a_stranger(self.client)

    def _asks_whether_we_live(self) -> bool:
        return self.url.partition(b"?")[0].decode("ascii", "replace") in ASKED_BY_MACHINES

    def _start_clock(self, seconds: float | None = None) -> None:
        self._stop_clock()
        for_a_head = SECONDS_FOR_A_MACHINE if self._is_one_too_many else SECONDS_FOR_A_HEAD
        self._clock = self.loop.call_later(seconds or for_a_head, self._is_late)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _is_late(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._start_clock()  # an earlier request has its answer first
            return
        if self._reads_a_head:
            self._refuse(408, "too_slow", "That took too long to arrive.")
        else:  # it was answered, but its body never ends
            self.transport.close()

    def _refuse_one_more(self) -> None:
        self._refuse(503, "busy", "We are very busy. Please try again in a minute.")

    def _refuse_a_large_head(self, size: int) -> None:
        if size > LARGEST_HEAD and not self._is_refused:
            self._refuse(431, "too_long", "That is too long to be taken.")

    def _refuse(self, status: int, code: str, message: str) -> None:
        """Say no, with the help lines, and let go of the connection."""
        self._is_refused = True
        self._stop_clock()
        metrics.refusals.labels(code).inc()
        if not self.transport.is_closing():
            self.transport.write(_written(status, code, message))
            self.loop.call_later(SECONDS_TO_READ_WHY, self.transport.close)


def _place_of(client: tuple[str, int] | None) -> str | None:
    """What is counted as one place; nothing where that is a proxy, or our own network."""
    if client is None or settings().trusted_proxies or not _is_a_stranger(client):
        return None
    return network_of(client[0])


def _is_a_stranger(client: tuple[str, int] | None) -> bool:
    """Whether this is an address of the internet, and not of our own network."""
    try:
        return client is not None and ip_address(client[0]).is_global
    except ValueError:
        return False


def _written(status: int, code: str, message: str) -> bytes:
    error = {"code": code, "message": f"{message} {in_danger()}"}
    body = json.dumps({"error": error}).encode()
    headers = (
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    )
    return STATUS_LINE[status] + "\r\n".join(headers).encode() + b"\r\n\r\n" + body
