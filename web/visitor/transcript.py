"""A visitor's own conversation as a file. Its key alone opens it."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from clinic import conversations, visitor_transcript
from clinic.clock import now
from clinic.database import reading
from clinic.help_lines import in_danger
from web.errors import Refusal
from web.visitor import chat
from web.visitor.own_files import OwnDownloads, nothing_kept, to_be_saved

log = logging.getLogger(__name__)

router = APIRouter()


@router.get("/conversation.txt")
async def as_text(own: OwnDownloads) -> Response:
    """All that was said."""
    text = await asyncio.to_thread(_read, own)
    if text is None:
        raise nothing_kept()
    return to_be_saved(PlainTextResponse(text), "my-conversation.txt")


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
