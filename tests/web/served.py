"""A real server on a port of its own, for what only shows on the wire."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from web.connection import Connection


@dataclass
class Answer:
    """What came back before the server closed the connection."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, str]:
        return dict(json.loads(self.body)["error"])


class Served:
    def __init__(self, port: int) -> None:
        self.port = port

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as line:
            yield line

    def ask(self, *pieces: bytes) -> Answer:
        """Send these bytes, and nothing more, and read until the server closes."""
        with self.connected() as line:
            for piece in pieces:
                line.sendall(piece)
            return read(line)


def read(line: socket.socket) -> Answer:
    said = b""
    while piece := line.recv(65536):
        said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = dict(header.lower().split(": ", 1) for header in rest)
    return Answer(int(first.split(" ")[1]), headers, body)


@contextmanager
def serve(app: ASGIApp, **options: Any) -> Iterator[Served]:
    """The app behind uvicorn, as `python -m web` starts it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(
            app,
            http=Connection,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            **options,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            yield Served(door.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
