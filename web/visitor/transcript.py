"""A visitor's own conversation as a file. Its key alone opens it."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from clinic import conversations, visitor_transcript
from clinic.clock import now
from clinic.database import reading
from clinic.facts import facts
from clinic.help_lines import in_danger
from web import limits
from web.errors import Refusal
from web.visitor import chat
from web.visitor.own_conversation import Key

log = logging.getLogger(__name__)

router = APIRouter()


@router.get("/conversation.txt")
async def as_text(key: Key) -> Response:
    """All that was said, to be saved and not shown: nobody should find it in the window or the
    cache of a computer that others use."""
    if key is None or not await asyncio.to_thread(chat.is_known, key):
        raise nothing_kept()
    conversation_id = conversations.id_of(key)
    if not limits.may_write(f"downloads of {conversation_id}"):
        raise Refusal(
            429, "too_many", f"That was a lot at once. Please wait a minute. {in_danger()}"
        )
    text = await asyncio.to_thread(_read, conversation_id)
    if text is None:
        raise nothing_kept()
    headers = {
        "Content-Disposition": 'attachment; filename="my-conversation.txt"',
        "Cache-Control": "no-store",
    }
    return PlainTextResponse(text, headers=headers)


def _read(conversation_id: str) -> str | None:
    try:
        with reading() as session:
            said = conversations.transcript(session, conversation_id)
            return visitor_transcript.as_text(said, now()) if said else None
    except chat.TROUBLE as error:
        log.error("conversation not read error=%s", type(error).__name__)
        raise Refusal(
            503,
            "unavailable",
            "I cannot get at your conversation right now. Please try again in a few minutes. "
            f"{in_danger()}",
        ) from None


def nothing_kept() -> Refusal:
    return Refusal(
        404,
        "nothing_kept",
        "Nothing of this conversation is kept, so there is nothing to take with you. "
        f"For what you sent to our staff before, please call {facts().phone}. {in_danger()}",
    )
