"""The chat API. The conversation is named by a cookie that only we can make."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Request, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from clinic import conversations
from clinic.first_line import Alarm, first_line
from clinic.help_lines import in_danger
from clinic.settings import settings
from web import limits
from web.errors import Refusal
from web.visitor import answers, chat, danger, feedback, live
from web.visitor.rasa import RasaUnavailable, without_commands

COOKIE = "conversation"
COOKIE_DAYS = 30
LONGEST_MESSAGE = 2000

NOTICE = (
    "I'm an automated assistant, not a person and not a clinician. I give general information "
    "and can take your answers for our staff. This chat is kept, encrypted, for our staff. "
    "It is not for emergencies."
)


async def same_origin(request: Request) -> None:
    """Refuse what another site's page sends in a visitor's name."""
    origin = request.headers.get("origin")
    if origin and origin.split("://")[-1] != request.headers.get("host"):
        raise Refusal(403, "other_site", "This chat can only be used on the clinic's own page.")


router = APIRouter(prefix="/api", dependencies=[Depends(same_origin)])
router.include_router(answers.router)
router.include_router(live.router)
router.include_router(feedback.router)


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


@router.post("/conversation")
async def begin(
    request: Request,
    response: Response,
    conversation: Annotated[str | None, Cookie()] = None,
    beginning: Beginning | None = None,
) -> dict[str, Any]:
    """Begin a conversation, or go on with the one that the cookie names."""
    address = request.client.host if request.client else "unknown"
    # A cookie of the visitor's own making begins a new conversation, so it counts as one.
    known = conversation is not None and await asyncio.to_thread(chat.is_known, conversation)
    if not known and not limits.may_begin(address):
        raise Refusal(
            429,
            "too_many",
            f"Too many chats were opened from here. Please wait a while. {in_danger()}",
        )
    handoff = await asyncio.to_thread(live.state_of, conversations.id_of(conversation or ""))
    token, messages = await asyncio.to_thread(
        chat.begin, conversation, beginning.source if beginning else None
    )
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_DAYS * 24 * 3600,
        path="/api",
        httponly=True,
        samesite="lax",
        secure=settings().public_url.startswith("https://"),
    )
    return {"messages": messages, "handoff": handoff, "notice": f"{NOTICE} {in_danger()}"}


@router.post("/messages")
async def send(
    sent: Sent,
    request: Request,
    conversation: Annotated[str | None, Cookie()] = None,
) -> dict[str, Any]:
    """Take a visitor's message and answer it."""
    alarm = first_line().find(sent.text)
    if alarm is not None:
        return await _with_state(conversation, await _help(request, conversation, sent, alarm))
    _check(sent.text)
    if conversation is None or not await asyncio.to_thread(chat.is_known, conversation):
        raise _ended()
    conversation_id = conversations.id_of(conversation)
    async with request.app.state.turns.of(conversation_id):
        replies = await asyncio.to_thread(chat.answered_before, conversation_id, sent.key)
        if replies:
            return await _with_state(conversation, replies)
        if not limits.may_write(conversation_id):
            raise Refusal(
                429, "too_many", f"That was a lot at once. Please wait a minute. {in_danger()}"
            )
        return await _with_state(conversation, await _turn(request, conversation_id, sent))


async def _help(
    request: Request, conversation: str | None, sent: Sent, alarm: Alarm
) -> list[chat.Bubble]:
    if conversation is None or not await danger.is_known(conversation):
        raise _ended()
    state, conversation_id = request.app.state, conversations.id_of(conversation)
    return await danger.answer(
        state.client, state.turns, conversation_id, sent.key, sent.text, alarm
    )


def _ended() -> Refusal:
    """Our page then begins a new conversation and sends the message again, at once."""
    return Refusal(
        409, "no_conversation", f"This chat has ended. Please open it again. {in_danger()}"
    )


async def _with_state(conversation: str | None, messages: list[chat.Bubble]) -> dict[str, Any]:
    """The answer. It is empty only if a person had the message, and so the bot was silent."""
    state = await live.state_in_time(conversations.id_of(conversation or ""))
    return {"messages": messages, "handoff": state or (None if messages else "live")}


async def _turn(request: Request, conversation_id: str, sent: Sent) -> list[chat.Bubble]:
    words = await asyncio.to_thread(chat.keep_question, conversation_id, sent.key, sent.text)
    try:
        replies = await chat.ask(
            request.app.state.client,
            conversation_id,
            sent.key,
            sent.text,
            live=words.live,
            answers=words.answers,
        )
    except RasaUnavailable:
        raise Refusal(
            503,
            "unavailable",
            f"Our assistant is not answering right now. {chat.MAYBE_NOT_SAVED} {in_danger()}",
        ) from None
    unkept = None if words.kept else sent.text
    kept = await asyncio.to_thread(chat.keep_replies, conversation_id, sent.key, replies, unkept)
    if kept is None:
        raise _not_arrived()
    return kept


def _not_arrived() -> Refusal:
    """Our page keeps the message and offers to send it again under the same key."""
    return Refusal(
        503,
        "not_arrived",
        f"Your message did not reach our staff. Please send it again in a minute. {in_danger()}",
    )


def _check(text: str) -> None:
    if len(text) > LONGEST_MESSAGE:
        raise Refusal(
            422,
            "too_long",
            f"Please keep a message under {LONGEST_MESSAGE} characters. {in_danger()}",
        )
    if not without_commands(text):
        raise Refusal(422, "empty", "Please write something first.")
