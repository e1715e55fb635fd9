"""Those who ask: a visitor of ours as a browser does it, one of the starter by its REST channel."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any, Protocol

from benchmarks.chat.connection import Answer, Connection


class NoAnswer(Exception):
    """The bot refused; the message says how."""


class SaidNothing(NoAnswer):
    """The bot took the words and had none of its own: a turn that took its time all the same."""

    def __init__(self, seconds: float) -> None:
        super().__init__("nothing was said")
        self.seconds = seconds


class Talker(Protocol):
    """Somebody with a conversation."""

    async def begin(self) -> None: ...

    async def say(self, text: str) -> float:
        """The seconds until the whole answer was there.

        Raises:
            SaidNothing: it was empty.
            NoAnswer: there was none.
        """
        ...

    async def close(self) -> None: ...


class OurVisitor:
    """Sends each message to the next address: no replica may count on its own memory."""

    def __init__(self, *urls: str) -> None:
        self.connections = [Connection(url) for url in urls]
        self.headers: dict[str, str] = {}
        self.heard: list[dict[str, Any]] = []
        """The bubbles of the last answer."""
        self.shown: list[dict[str, Any]] = []
        """The whole conversation, as it was shown when the page was opened."""
        self._sent = 0

    async def begin(self) -> None:
        """A new conversation, whatever there was before."""
        self.headers = {}
        await self.reload()

    async def reload(self) -> None:
        """Open the page again: the conversation is shown as far as it has come."""
        read = _read(await self._next().post("/api/conversation", {}, self.headers))
        self.headers = {"Authorization": f"Bearer {read['key']}"}
        self.shown = list(read["messages"])

    async def say(self, text: str) -> float:
        body = {"text": text, "key": str(uuid.uuid4())}
        begun = time.perf_counter()
        answer = await self._next().post("/api/messages", body, self.headers)
        seconds = time.perf_counter() - begun
        read = _read(answer)
        self.heard = list(read["messages"])
        if not self.heard and read.get("handoff") != "live":
            raise SaidNothing(seconds)
        return seconds

    @property
    def types(self) -> list[str]:
        return [(bubble["payload"] or {}).get("type", "plain") for bubble in self.heard]

    async def close(self) -> None:
        for connection in self.connections:
            await connection.close()

    def _next(self) -> Connection:
        self._sent += 1
        return self.connections[self._sent % len(self.connections)]


class StarterVisitor:
    """The starter knows no beginning: whoever sends a new name is a new visitor."""

    def __init__(self, url: str) -> None:
        self.connection = Connection(url)
        self.name = ""

    async def begin(self) -> None:
        self.name = uuid.uuid4().hex

    async def say(self, text: str) -> float:
        body = {"sender": self.name, "message": text}
        begun = time.perf_counter()
        answer = await self.connection.post("/webhooks/rest/webhook", body)
        seconds = time.perf_counter() - begun
        if not _read(answer):
            raise SaidNothing(seconds)
        return seconds

    async def close(self) -> None:
        await self.connection.close()


def _read(answer: Answer) -> Any:
    if answer.status != 200:
        raise NoAnswer(f"status {answer.status}")
    return json.loads(answer.body)
