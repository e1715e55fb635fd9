"""Around every request: who is let in, how long it may last, and a kind answer if it fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from clinic.help_lines import in_danger
from clinic.logs import described
from web import metrics
from web.bodies import Gone, is_read_first, read_again, whole_body
from web.crowd import Caller
from web.errors import Refusal, answer_to
from web.headers import close_doors
from web.served_names import refuse_strange_name

log = logging.getLogger(__name__)

SECONDS_FOR_AN_ANSWER = 30.0
"""Longer than Rasa and every wait for the database may take one after the other. It counts until
an answer begins: streams and large exports go on for as long as they have something to say."""
SECONDS_FOR_A_PIECE = 60.0
"""Who reads no piece of an answer for so long holds a place that others need."""


class Guard:
    """Pure ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            await self._let_in(scope, receive, answer)
        except Gone:
            pass
        except Refusal as refusal:
            await answer.refuse(refusal, receive)
        except Exception as error:  # the edge: whatever happens, it is said kindly
            await answer.fail(error, receive)
        finally:
            answer.is_over()

    async def _let_in(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        refuse_strange_name(scope)
        caller = Caller(scope)
        await caller.refuse_before_it_is_read()
        body = await whole_body(scope, receive)
        # Not before: who sends slowly takes no place from those who have said what they want.
        self._under_way += 1
        answer.when_it_begins = self._is_answered
        await caller.refuse_a_flood(body, self._under_way)
        if is_read_first(scope):
            receive = read_again(body, receive)
        try:
            async with asyncio.timeout(SECONDS_FOR_AN_ANSWER) as answer.clock:
                await self.app(scope, receive, answer.send)
        except TimeoutError:
            if not answer.clock.expired():
                raise
            raise Refusal(
                503, "unavailable", f"That took too long. Please try again. {in_danger()}"
            ) from None

    def _is_answered(self) -> None:
        self._under_way -= 1


class _Answer:
    """The answer to one request on its way: whether it has begun, and what may still be said."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._path = scope["path"]  # routing changes the scope
        self.when_it_begins: Callable[[], None] | None = None
        self.has_begun = False
        self.clock = asyncio.timeout(None)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            close_doors(message, self._path)
            self._begin()
            self.clock.reschedule(None)
        async with asyncio.timeout(SECONDS_FOR_A_PIECE):
            await self._send(message)

    async def refuse(self, refusal: Refusal, receive: Receive) -> None:
        self.clock = asyncio.timeout(None)
        await answer_to(refusal, self._path)(self._scope, receive, self._send_refusal)

    async def fail(self, error: Exception, receive: Receive) -> None:
        """Nobody had foreseen it: its class and place are for the log, none of it for others."""
        said = described(error)
        metrics.failures.labels(said["error"]).inc()
        log.error("a request failed", extra={"fields": said})
        if self.has_begun:
            raise BrokenOff from None  # the server then closes the connection
        await self.refuse(
            Refusal(500, "broken", f"Something went wrong on our side. {in_danger()}"), receive
        )

    def is_over(self) -> None:
        if not self.has_begun:
            self._begin()

    def _begin(self) -> None:
        self.has_begun = True
        if self.when_it_begins is not None:
            self.when_it_begins()

    async def _send_refusal(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            close_doors(message, self._path)
            self._begin()
        await self._send(message)


class BrokenOff(Exception):
    """An answer had begun and could not be ended."""
