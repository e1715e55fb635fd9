"""One open chat window: what web/widget/static/delivery.js and resending.js do, in Python."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import httpx

from actions.base import NOT_SAVED
from actions.finish_questionnaire import NOT_CONFIRMED
from benchmarks.chaos.ledger import HELP_LINE, Bubble, Danger, Ledger, Said, types
from clinic import conversations
from clinic.first_line import first_line
from web.visitor.chat import MAYBE_NOT_SAVED, NOT_WRITTEN_DOWN
from web.visitor.unwritten import HELP

TIME_LIMIT = 12.0
PATIENCE = 1.2
SLOW = 1.5
AFTER = 4.0
LONGEST_WAIT = 15.0
"""Shorter than the page's own minute: somebody in danger presses the button before that."""
PRESSES_AFTER = (2.0, 6.0)
MOST_TRIES = 60
BROKEN_LINES = 0.02
"""How often a connection breaks just after a message left, and it is sent again at once."""
APOLOGIES = (NOT_SAVED, NOT_CONFIRMED, MAYBE_NOT_SAVED, NOT_WRITTEN_DOWN)


class GaveUp(Exception):
    """Nobody presses “Send again” for ever."""


class NotAnswered(Exception):
    """No answer, or one that says no. `kind` is the server's own sentence, if it had one."""

    def __init__(self, status: int, code: str = "unreachable", kind: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.kind = status, code, kind


class _HelpSeen:
    """When 988 came onto the screen, and who brought it: the server, or the page by itself."""

    def __init__(self, *, urgent: bool) -> None:
        self.urgent = urgent
        self.server: float | None = None
        self.widget: float | None = None

    def failed(self, after: float, kind: str) -> None:
        """The page helps itself at once, if it hears the danger; a refusal may have help in it."""
        if self.urgent and self.widget is None:
            self.widget = min(PATIENCE, after)
        self._waited(after)
        if self.server is None and HELP_LINE in kind:
            self.server = after

    def answered(self, after: float, bubbles: Sequence[Bubble]) -> None:
        self._waited(after)
        if self.server is None and _says_help(bubbles):
            self.server = after

    def _waited(self, seconds: float) -> None:
        """The page says that it takes long, with help lines, whatever was said."""
        patience = PATIENCE if self.urgent else SLOW
        if self.widget is None and seconds > patience:
            self.widget = patience

    def danger(self, conversation: str, key: str, at: float) -> Danger:
        return Danger(conversation, key, at, self.urgent, self.server, self.widget)


class Widget:
    """The browser of one visitor. Every try goes to any of the web replicas, as behind a proxy."""

    def __init__(
        self, urls: Sequence[str], ledger: Ledger, dice: random.Random, begun: float
    ) -> None:
        self.urls, self.ledger, self.dice, self.begun = urls, ledger, dice, begun
        self.http = httpx.AsyncClient(timeout=TIME_LIMIT, trust_env=False)
        self.key = ""
        self.had: list[str] = []
        """Every conversation that was begun here; where all goes well it is one."""
        self.bubbles: list[Bubble] = []
        self._is_kept = True
        self._unkept: list[asyncio.Task[None]] = []
        """What had help and was not written down: it goes again and again, as long as the page is
        open."""

    @property
    def conversation(self) -> str:
        return conversations.id_of(self.key)

    async def close(self) -> None:
        await asyncio.gather(*self._unkept)
        await self.http.aclose()

    async def say(self, text: str, *, danger: bool = False) -> list[Bubble]:
        """Send until it arrives, always under the same key; the bubbles of the answer."""
        key, begun = str(uuid.uuid4()), time.monotonic()
        help_seen = _HelpSeen(urgent=first_line().find(text) is not None)
        try:
            tries = await self._until_it_arrives(text, key, begun, help_seen, danger)
            help_seen.answered(time.monotonic() - begun, self.bubbles)
            self._write_down(text, key, tries, danger)
            self.ledger.answers.append((begun - self.begun, time.monotonic() - begun, tries))
            if not self._is_kept and _shows_help(self.bubbles):
                self._unkept.append(asyncio.ensure_future(self._until_it_is_kept(text, key)))
        finally:
            if danger:
                at = begun - self.begun
                self.ledger.dangers.append(help_seen.danger(self.conversation, key, at))
        return self.bubbles

    async def _until_it_arrives(
        self, text: str, key: str, begun: float, help_seen: _HelpSeen, danger: bool
    ) -> int:
        """How many tries it took; the answer is in `bubbles`."""
        for tries in range(1, MOST_TRIES + 1):
            try:
                self.bubbles = await self._try(text, key, breaks=tries == 1 and not danger)
                return tries
            except NotAnswered as failure:
                help_seen.failed(time.monotonic() - begun, failure.kind)
                self.ledger.count(f"tries that failed: {failure.status} {failure.code}")
            await asyncio.sleep(self._pause(tries, urgent=help_seen.urgent))
        raise GaveUp(f"no answer to {key}")

    async def _until_it_is_kept(self, text: str, key: str) -> None:
        self.ledger.count("cries that had help and were not written down at once")
        for tries in range(1, MOST_TRIES + 1):
            await asyncio.sleep(self._pause(tries, urgent=True))
            with suppress(NotAnswered):
                answer = await self._post("/api/messages", {"text": text, "key": key})
                if answer.get("kept", True):
                    return

    def _write_down(self, text: str, key: str, tries: int, danger: bool) -> None:
        words = " ".join(str(bubble.get("text")) for bubble in self.bubbles)
        acknowledged = not any(apology in words for apology in APOLOGIES)
        if not acknowledged:
            self.ledger.count("answers that said: perhaps not saved")
        shown = tuple((str(one.get("id")), str(one.get("text"))) for one in self.bubbles)
        self.ledger.said.append(
            Said(self.conversation, key, text, shown, tries, acknowledged, danger)
        )

    def _pause(self, tries: int, *, urgent: bool) -> float:
        if urgent:
            return min(AFTER * 2 ** (tries - 1), LONGEST_WAIT)
        # Once by itself; after that the visitor presses “Send again”.
        return AFTER if tries == 1 else self.dice.uniform(*PRESSES_AFTER)

    async def _try(self, text: str, key: str, *, breaks: bool) -> list[Bubble]:
        if not self.key:
            await self._begin()
        if breaks and self.dice.random() < BROKEN_LINES:
            await self._send_on_a_line_that_breaks(text, key)
        try:
            return await self._send(text, key)
        except NotAnswered as failure:
            if failure.code != "no_conversation":
                raise
            self.ledger.count("conversations that were no more")
            self.key = ""
            await self._begin()
            return await self._send(text, key)

    async def _send_on_a_line_that_breaks(self, text: str, key: str) -> None:
        self.ledger.count("lines that broke, and the message went again at once")
        sending = asyncio.ensure_future(self._send(text, key))
        await asyncio.wait({sending}, timeout=self.dice.uniform(0.005, 0.3))
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    async def _begin(self) -> None:
        answer = await self._post("/api/conversation", {})
        self.key = str(answer["key"])
        self.had.append(self.conversation)

    async def _send(self, text: str, key: str) -> list[Bubble]:
        answer = await self._post("/api/messages", {"text": text, "key": key})
        if not answer["messages"] and not answer.get("handoff"):
            raise NotAnswered(0, "silence")
        self._is_kept = bool(answer.get("kept", True))
        return list(answer["messages"])

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        url = self.dice.choice(self.urls) + path
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            async with asyncio.timeout(TIME_LIMIT):
                answer = await self.http.post(url, json=body, headers=headers)
        except (httpx.HTTPError, TimeoutError):
            raise NotAnswered(0) from None
        if answer.status_code != httpx.codes.OK:
            raise _refusal(answer)
        try:
            return dict(answer.json())
        except ValueError:
            raise NotAnswered(0, "no JSON") from None


def _refusal(answer: httpx.Response) -> NotAnswered:
    try:
        error = answer.json()["error"]
        return NotAnswered(answer.status_code, str(error["code"]), str(error["message"]))
    except (ValueError, KeyError, TypeError):
        return NotAnswered(answer.status_code, "not one of our answers")


def _shows_help(bubbles: Sequence[Bubble]) -> bool:
    return any(kind in HELP for kind in types(bubbles))


def _says_help(bubbles: Sequence[Bubble]) -> bool:
    return any(HELP_LINE in str(one.get("text")) + str(one.get("payload")) for one in bubbles)
