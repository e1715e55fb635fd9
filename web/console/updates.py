"""Tell open console pages that something changed, so that nobody has to reload.

One watcher in each process reads the end of the audit log while a page is open, whenever the bell
rings and from time to time without, and tells every stream. A stream holds no connection to the
database.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sse_starlette import EventSourceResponse, ServerSentEvent

from clinic import bell, console_news, presence
from clinic.console_news import News
from clinic.database import reading, transaction
from web.bell import listening
from web.console.access import (
    NotAllowed,
    PasswordChangeNeeded,
    SecondFactorNeeded,
    SignInNeeded,
    signed_in,
)

log = logging.getLogger(__name__)

router = APIRouter()

STREAM = "text/event-stream"
SECONDS_BETWEEN_CHECKS = 20.0
"""How often a stream asks whether its browser is still signed in, and says that it is open."""


class Watcher:
    """Reads the news once for all streams of this process."""

    def __init__(self) -> None:
        self.streams: set[asyncio.Queue[News]] = set()
        self.watching: asyncio.Task[None] | None = None
        self.began = asyncio.Event()

    @contextmanager
    def stream(self) -> Iterator[asyncio.Queue[News]]:
        """Once `began` is set, every piece of news comes into this queue."""
        queue: asyncio.Queue[News] = asyncio.Queue()
        self.streams.add(queue)
        if self.watching is None or self.watching.done():
            self.began = asyncio.Event()
            self.watching = asyncio.create_task(self._watch())
        try:
            yield queue
        finally:
            self.streams.discard(queue)

    async def _watch(self) -> None:
        place = None
        with listening(bell.NEWS) as ear:
            while self.streams:
                try:
                    news, place = await asyncio.to_thread(look, place)
                except Exception as error:  # the edge: the database may be back in a second
                    log.error("no news read error=%s", type(error).__name__)
                else:
                    self.began.set()
                    self._tell(news)
                await ear.rest()

    def _tell(self, news: News | None) -> None:
        if news is not None:
            for queue in self.streams:
                queue.put_nowait(news)


@lru_cache
def watcher() -> Watcher:
    """The one of this process."""
    return Watcher()


@router.get("/events")
async def events(request: Request) -> Response:
    """A stream for EventSource. It never ends, so whoever cannot read one gets none."""
    await asyncio.to_thread(check, request)
    if STREAM not in request.headers.get("accept", ""):
        return Response(status_code=406)
    return EventSourceResponse(told(request))


def look(place: int | None) -> tuple[News | None, int]:
    with reading() as session:
        if place is None:
            return None, console_news.newest(session)
        return console_news.since(session, place)


def check(request: Request) -> None:
    """Whether this browser is still signed in. An open page is no click, but it is presence."""
    with transaction() as session:
        visit = signed_in(session, request, by_hand=False)
        presence.seen(session, visit.staff)


async def told(request: Request) -> AsyncGenerator[ServerSentEvent, None]:
    """First that we listen, so that a page can look what it missed; then what changes."""
    with watcher().stream() as queue:
        await watcher().began.wait()
        yield ServerSentEvent(event="listening", data="{}")
        next_check = monotonic() + SECONDS_BETWEEN_CHECKS
        while True:
            if monotonic() >= next_check:  # also where there is news all the time
                if not await _may_listen(request):
                    return
                next_check = monotonic() + SECONDS_BETWEEN_CHECKS
            try:
                news = await asyncio.wait_for(queue.get(), max(0.0, next_check - monotonic()))
            except TimeoutError:
                continue
            yield ServerSentEvent(event="changed", data=_in_json(news))


async def _may_listen(request: Request) -> bool:
    try:
        await asyncio.to_thread(check, request)
    except SQLAlchemyError as error:  # the database may be back at the next check
        log.error("no check of a stream error=%s", type(error).__name__)
    except (SignInNeeded, PasswordChangeNeeded, SecondFactorNeeded, NotAllowed):
        return False
    return True


def _in_json(news: News) -> str:
    return json.dumps({"kinds": news.kinds, "urgent": news.urgent})
