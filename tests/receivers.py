"""A mail server and a webhook receiver on loopback, real ones, that do what a test tells them."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Mailbox:
    """Takes every mail; what a test wants to happen meanwhile happens while it does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[str] = []
        self.recipients: list[list[str]] = []
        self.files: list[str] = []
        """What was attached."""
        self.answer = "250 taken"
        self.meanwhile: Callable[[], None] = lambda: None
        self._arrived = threading.Condition()

    def wait_for(self, count: int, seconds: float = 20.0) -> list[str]:
        """All mails, once there are so many.

        Raises:
            AssertionError: there are not, after all these seconds.
        """
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.mails) >= count, seconds), self.mails
            return list(self.mails)

    @property
    def address(self) -> str:
        people = "from=desk@clinic.example&to=staff@clinic.example"
        return f"mailto://127.0.0.1:{self.port}?{people}&mode=insecure"

    async def handle_DATA(  # noqa: N802  # the name aiosmtpd looks for
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        await asyncio.to_thread(self.meanwhile)
        mail = message_from_bytes(envelope.content or b"", policy=default)
        body = mail.get_body(("plain", "html"))
        assert body is not None
        if not self.answer.startswith("250"):
            return self.answer
        self.mails.append(f"{mail['subject']}\n{body.get_content()}")
        self.recipients.append(envelope.rcpt_tos)
        for part in mail.iter_attachments():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            self.files.append(content.decode("utf-8-sig"))
        with self._arrived:
            self._arrived.notify_all()
        return self.answer


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    server = Controller(box, hostname="127.0.0.1", port=box.port)
    server.start()
    try:
        yield box
    finally:
        server.stop()


class Webhook:
    """Takes every POST. `answers` are the next statuses, after which it is 200 for ever."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.answers: list[int] = []
        self.location = ""
        self.open = threading.Event()
        self.open.set()
        self.asked = threading.Event()
        self.port = 0

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    def take(self, body: bytes) -> int:
        self.asked.set()
        self.open.wait(timeout=20)
        status = self.answers.pop(0) if self.answers else 200
        if status < 300:
            self.taken.append(json.loads(body))
        return status


@contextmanager
def webhook_server() -> Iterator[Webhook]:
    """While `open` is cleared it lets everybody wait for its answer."""
    hook = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = hook.take(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", hook.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hook
    finally:
        hook.open.set()
        server.shutdown()
        thread.join()
        server.server_close()
