"""While a visitor waits for a person, or writes with one: what arrives, who types, how it ends.

A stream looks into the database when the bell rings for it, and from time to time without, in a
transaction of its own. It holds nothing in between: no connection, no turn. So it works with
several web processes.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from clinic import bell, handoff_endings, handoffs, live_chat
from clinic.database import reading, transaction
from clinic.help_lines import in_danger
from clinic.tables import Handoff
from web import limits
from web.bell import listening
from web.errors import Refusal, a_lot_at_once
from web.visitor import chat, live_chats
from web.visitor.own_conversation import OwnConversation

log = logging.getLogger(__name__)

SECONDS_AFTER_TROUBLE = 5.0
MOST_STREAMS = 6
"""Of one conversation in this process: some tabs, and those that just lost contact."""

NEWEST_POSSIBLE = 2**31 - 1

MessageId = Annotated[int, Query(ge=0, le=NEWEST_POSSIBLE)]


router = APIRouter()


@dataclass(frozen=True)
class Look:
    """What a stream finds in the database at one moment."""

    said: list[chat.Bubble]
    state: str | None
    types_on: float
    """How many seconds the sign that staff are typing still counts; 0 if there is none."""
    newest: int


@router.get("/handoff")
async def state(own: OwnConversation) -> dict[str, str | None]:
    """Whether a person waits or writes here: staff may have stepped in by themselves."""
    if not await limits.counted(lambda: limits.may_write(f"looks of {own}")):
        raise a_lot_at_once()
    return {"handoff": await asyncio.to_thread(state_of, own)}


@router.post("/handoff/end")
async def end(own: OwnConversation) -> dict[str, Any]:
    """The visitor goes back to the assistant, or waits no longer."""
    await asyncio.to_thread(_leave, own)
    return {"messages": [], "handoff": await asyncio.to_thread(state_of, own)}


@router.post("/typing", status_code=204)
async def typing(own: OwnConversation) -> Response:
    if not await limits.counted(lambda: limits.may_type(own)):
        raise a_lot_at_once()
    await asyncio.to_thread(_type, own)
    return Response(status_code=204)


@router.get("/events", response_class=EventSourceResponse)
async def events(
    own: OwnConversation,
    after: MessageId = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """The stream; it ends with the hand-off. A browser that lost contact says what it had last."""
    if _open[own] >= MOST_STREAMS:
        raise Refusal(
            429,
            "too_many",
            f"This chat is open too often. Please close a window. {in_danger()}",
        )
    # The length is looked at first: Python refuses to read a number of thousands of digits.
    is_number = last_event_id and len(last_event_id) < 20 and last_event_id.isdecimal()
    seen = int(last_event_id) if last_event_id and is_number else after
    return _Counted(own, min(seen, NEWEST_POSSIBLE))


_open: Counter[str] = Counter()


class _Counted(EventSourceResponse):
    """Counted from the request on: many that come at once have not begun yet to be sent."""

    def __init__(self, conversation_id: str, after: int) -> None:
        super().__init__(_events(conversation_id, after), ping=20, send_timeout=30)
        self._conversation_id = conversation_id
        _open[conversation_id] += 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            _open[self._conversation_id] -= 1
            if _open[self._conversation_id] <= 0:
                del _open[self._conversation_id]


async def _events(conversation_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    shown: tuple[str | None, bool] | None = None
    with listening(bell.chat(conversation_id)) as ear:
        while True:
            look = await asyncio.to_thread(_look, conversation_id, after)
            if look is None:
                await asyncio.sleep(SECONDS_AFTER_TROUBLE)
                continue
            for bubble in look.said:
                yield ServerSentEvent(json.dumps(bubble), event="message", id=bubble["id"])
            after = look.newest
            if (now := (look.state, look.types_on > 0)) != shown:
                shown = now
                said = {"handoff": look.state, "typing": look.types_on > 0}
                yield ServerSentEvent(json.dumps(said), event="handoff")
            if look.state is None:
                return
            await ear.rest(look.types_on or None)


def _look(conversation_id: str, after: int) -> Look | None:
    try:
        with _reading_what_stands(conversation_id) as session:
            handoff = handoffs.open_of(session, conversation_id)
            said = live_chat.for_the_visitor(session, conversation_id, after)
            live_chats.note(conversation_id, is_live=_is_live(handoff))
            return Look(
                said=[chat.bubble(message) for message in said],
                state=handoffs.state_of(handoff),
                types_on=live_chat.seconds_left(handoff.staff_typing_at) if handoff else 0.0,
                newest=said[-1].id if said else after,
            )
    except chat.TROUBLE as error:
        log.error("live chat not read error=%s", type(error).__name__)
        return None


def state_of(conversation_id: str) -> str | None:
    try:
        with _reading_what_stands(conversation_id) as session:
            handoff = handoffs.open_of(session, conversation_id)
            live_chats.note(conversation_id, is_live=_is_live(handoff))
            return handoffs.state_of(handoff)
    except chat.TROUBLE as error:
        log.error("hand-off not read error=%s", type(error).__name__)
        return None


def _is_live(handoff: Handoff | None) -> bool:
    return handoffs.state_of(handoff) == handoffs.LIVE


@contextmanager
def _reading_what_stands(conversation_id: str) -> Iterator[Session]:
    """A session that reads, after what is overdue was ended. It only writes if there is such."""
    with reading() as session:
        if not handoff_endings.is_overdue(session, conversation_id):
            yield session
            return
    with transaction() as session:
        handoff_endings.end_overdue(session, conversation_id)
    with reading() as session:
        yield session


def _leave(conversation_id: str) -> None:
    try:
        with transaction() as session:
            handoff_endings.leave(session, conversation_id)
    except chat.TROUBLE as error:
        log.error("hand-off not ended error=%s", type(error).__name__)
        raise Refusal(
            503, "unavailable", f"That did not work. Please try again in a minute. {in_danger()}"
        ) from None


def _type(conversation_id: str) -> None:
    try:
        with transaction() as session:
            live_chat.visitor_types(session, conversation_id)
    except chat.TROUBLE as error:
        log.error("typing not told error=%s", type(error).__name__)
