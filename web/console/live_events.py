"""The stream of one live chat: each message, who types, words of crisis and hints, its end."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request, Response
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent

from clinic import bell, crisis_hints, handoffs, live_chat, presence
from clinic.crisis_events import HARD
from clinic.database import reading, transaction
from clinic.encryption import UnreadableValue
from clinic.handoff_overview import read_along
from clinic.tables import CrisisEvent, Handoff
from web.bell import listening
from web.console.access import (
    NotAllowed,
    NotThere,
    PasswordChangeNeeded,
    SecondFactorNeeded,
    SignInNeeded,
    signed_in,
)
from web.console.pages import templates
from web.console.transcripts import Bubble, bubble_of

log = logging.getLogger(__name__)

router = APIRouter(prefix="/live/{handoff_id}")

SECONDS_BETWEEN_CHECKS = 20.0
"""How often a stream says that a page is open. Whether its browser is still signed in is asked
with each look: words of a visitor reach nobody who has signed out."""

SIGNED_OUT = (SignInNeeded, PasswordChangeNeeded, SecondFactorNeeded, NotAllowed)

STREAM = "text/event-stream"
NEWEST_POSSIBLE = 2**31 - 1


@dataclass(frozen=True)
class Look:
    """What the stream finds in the database at one moment."""

    said: list[Bubble]
    state: dict[str, Any]
    types_on: float
    """How many seconds the sign that the visitor is typing still counts; 0 if there is none."""
    heard: dict[str, str]
    """Words of crisis and a hint, drawn for the page; empty where there is none."""


@router.get("/events")
def events(
    request: Request,
    handoff_id: Annotated[int, Path(ge=1, le=NEWEST_POSSIBLE)],
    after: Annotated[int, Query(ge=0, le=NEWEST_POSSIBLE)] = 0,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, by_hand=False)
        handoff = session.get(Handoff, handoff_id)
        if handoff is None:
            raise NotThere
        if STREAM not in request.headers.get("accept", ""):
            return Response(status_code=406)  # it ends with the chat only: for EventSource alone
        read_along(session, handoff, staff_id=visit.staff_id)
        topic = bell.chat(handoff.conversation_id)
    seen = int(last_event_id) if last_event_id and last_event_id.isdecimal() else after
    stream = _events(request, handoff_id, topic, min(seen, NEWEST_POSSIBLE))
    return EventSourceResponse(stream, ping=20, send_timeout=30)


async def _events(
    request: Request, handoff_id: int, topic: str, after: int
) -> AsyncIterator[ServerSentEvent]:
    shown: dict[str, Any] | None = None
    heard: dict[str, str] = {}
    next_check = 0.0
    with listening(topic) as ear:
        while True:
            try:
                if monotonic() >= next_check:
                    await asyncio.to_thread(_is_open, request)
                    next_check = monotonic() + SECONDS_BETWEEN_CHECKS
                look = await asyncio.to_thread(_look, request, handoff_id, after)
            except SIGNED_OUT:
                return
            if look is not None:
                for bubble in look.said:
                    after = bubble.id
                    yield ServerSentEvent(_drawn(bubble), event="said", id=str(bubble.id))
                for name, drawn in look.heard.items():
                    if drawn and drawn != heard.get(name):
                        yield ServerSentEvent(drawn, event=name)
                heard = look.heard
                if look.state != shown:
                    shown = look.state
                    yield ServerSentEvent(json.dumps(shown), event="state")
                if look.state["state"] == "ended":
                    return
            await ear.rest(look.types_on if look and look.types_on else None)


def _look(request: Request, handoff_id: int, after: int) -> Look | None:
    try:
        with reading() as session:
            signed_in(session, request, by_hand=False)
            handoff = session.get(Handoff, handoff_id)
            if handoff is None:
                return Look([], {"state": "ended", "holder": None, "typing": False}, 0.0, {})
            said = live_chat.for_staff(session, handoff.conversation_id, after)
            types_on = live_chat.seconds_left(handoff.visitor_typing_at)
            return Look(
                said=[bubble_of(message) for message in said],
                state={
                    "state": handoffs.state_of(handoff) or "ended",
                    "holder": handoff.staff_id,
                    "typing": types_on > 0,
                },
                types_on=types_on,
                heard=_heard(session, handoff.conversation_id),
            )
    except (SQLAlchemyError, UnreadableValue, OSError) as error:
        log.error("live chat not read error=%s", type(error).__name__)
        return None


def _is_open(request: Request) -> None:
    """The page is open, so its reader is there."""
    try:
        with transaction() as session:
            visit = signed_in(session, request, by_hand=False)
            presence.seen(session, visit.staff)
    except (SQLAlchemyError, OSError) as error:
        log.error("presence not noted error=%s", type(error).__name__)


def _drawn(bubble: Bubble) -> str:
    return templates().get_template("live_bubble.html").render(bubble=bubble, visit=None)


def _heard(session: Session, conversation_id: str) -> dict[str, str]:
    found = select(CrisisEvent).where(CrisisEvent.conversation_id == conversation_id)
    events = list(session.scalars(found.order_by(CrisisEvent.id)))
    alarms = [event for event in events if event.outcome == HARD]
    hint = crisis_hints.standing(events)
    followed = crisis_hints.what_followed(session, hint) if hint else ""
    drawn = {
        "alarm": templates().get_template("live_alarms.html").render(alarms=alarms, visit=None),
        "hint": templates().get_template("live_hint.html").render(hint=hint, followed=followed),
    }
    return {name: html.strip() for name, html in drawn.items()}
