"""The chat API. The conversation is named by a key that only we can make."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from clinic import conversations
from clinic.first_line import first_line
from clinic.help_lines import in_danger
from web import limits, metrics
from web.errors import Refusal
from web.visitor import (
    answers,
    calm,
    chat,
    danger,
    deletion,
    feedback,
    key_cookie,
    live,
    mail,
    transcript,
)
from web.visitor.keeping import Answer
from web.visitor.key_cookie import KeyCookie
from web.visitor.network import Network
from web.visitor.own_conversation import Key, ended
from web.visitor.rasa import without_commands

LONGEST_MESSAGE = 2000


async def same_origin(request: Request) -> None:
    """Refuse what another site's page sends in a visitor's name."""
    origin = request.headers.get("origin")
    if origin and origin.split("://")[-1] != request.headers.get("host"):
        raise Refusal(403, "other_site", "This chat can only be used on the clinic's own page.")


router = APIRouter(prefix="/api", dependencies=[Depends(same_origin)])
router.include_router(answers.router)
router.include_router(live.router)
router.include_router(feedback.router)
router.include_router(transcript.router)
router.include_router(deletion.router)
router.include_router(mail.router)


def _writable(text: str) -> str:
    """Half of an emoji is legal in JSON, but can be neither stored nor sent on."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Sent(BaseModel):
    """A visitor's message. The key names it, so that a second try is not a second message."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, AfterValidator(_writable)]
    key: str = Field(pattern=r"^[A-Za-z0-9-]{8,64}$")


class Beginning(BaseModel):
    """What the widget knows of a visitor who comes: the campaign or website before ours."""

    source: object = None  # whatever it is, nobody is turned away for it
    cookie: bool = False
    """The browser gives the widget no storage: the key is to be kept in a cookie."""


@router.post("/conversation")
async def begin(
    response: Response,
    network: Network,
    sent: Key,
    kept: KeyCookie = None,
    beginning: Beginning | None = None,
) -> dict[str, Any]:
    """Begin a conversation and give its key, or go on with the one that the key opens."""
    asked = beginning or Beginning()
    key = sent or (kept if asked.cookie else None)
    # A key of the visitor's own making begins a new conversation, so it counts as one.
    known = key is not None and await asyncio.to_thread(chat.is_known, key)
    if not known and not await limits.counted(lambda: limits.may_begin(network)):
        raise Refusal(
            429,
            "too_many",
            f"Too many chats were opened from here. Please wait a while. {in_danger()}",
        )
    handoff = await asyncio.to_thread(live.state_of, conversations.id_of(key or ""))
    opened, messages = await asyncio.to_thread(chat.begin, key, asked.source)
    if asked.cookie:
        key_cookie.keep(response, opened)
    return {"key": opened, "messages": messages, "handoff": handoff}


@router.post("/messages")
async def send(sent: Sent, request: Request, key: Key) -> JSONResponse:
    """Take a visitor's message and answer it."""
    try:
        return _shown(await _answer(sent, request, key))
    except Refusal as refusal:
        gone = refusal.status == 503
        metrics.count_turn(metrics.UNAVAILABLE if gone else metrics.REFUSED)
        raise


async def _answer(sent: Sent, request: Request, key: str | None) -> Answer:
    alarm = first_line().find(sent.text)
    if alarm is None:
        _check(sent.text)
    if key is None:
        raise ended()
    state, conversation_id = request.app.state, conversations.id_of(key)
    if alarm is None:
        async with state.turns.of(conversation_id):
            return await calm.answer(state.client, conversation_id, sent.key, sent.text)
    helped = await danger.answer(
        state.client, state.turns, conversation_id, sent.key, sent.text, alarm
    )
    if helped is None:
        raise ended()
    return helped


def _shown(answer: Answer) -> JSONResponse:
    """The answer. It is empty only if a person had the message, and so the bot was silent. `kept`
    is false where our page has to keep the message, as nobody else could.
    """
    handoff = answer.handoff or (None if answer.messages else "live")
    kept = {} if answer.kept else {"kept": False}
    return JSONResponse({"messages": answer.messages, "handoff": handoff, **kept})


def _check(text: str) -> None:
    if len(text) > LONGEST_MESSAGE:
        raise Refusal(
            422,
            "too_long",
            f"Please keep a message under {LONGEST_MESSAGE} characters. {in_danger()}",
        )
    if not without_commands(text):
        raise Refusal(422, "empty", "Please write something first.")
