"""A visitor's own answers as files. The conversation's key alone opens them."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from clinic import conversations, visitor_answers
from clinic.clock import now
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import in_danger
from clinic.screening.progress import ProgressError
from clinic.visitor_answers import KeptAnswers
from web import limits
from web.errors import Refusal
from web.visitor import chat
from web.visitor.own_conversation import Key

log = logging.getLogger(__name__)


async def own_answers(key: Key) -> list[KeptAnswers]:
    """What is kept of the visitor who asks.

    Raises:
        Refusal: too often, nothing is kept, or it cannot be read.
    """
    if key is None or not await asyncio.to_thread(chat.is_known, key):
        raise _nothing_kept()
    conversation_id = conversations.id_of(key)
    # Counted apart: who downloads a lot can still write.
    if not limits.may_write(f"downloads of {conversation_id}"):
        raise Refusal(
            429, "too_many", f"That was a lot at once. Please wait a minute. {in_danger()}"
        )
    kept = await asyncio.to_thread(_read, conversation_id)
    if not kept:
        raise _nothing_kept()
    return kept


Own = Annotated[list[KeptAnswers], Depends(own_answers)]

router = APIRouter()


@router.get("/answers")
async def as_json(kept: Own) -> Response:
    return _file(JSONResponse(visitor_answers.as_json(kept)), "my-answers.json")


@router.get("/answers.txt")
async def as_text(kept: Own) -> Response:
    return _file(PlainTextResponse(visitor_answers.as_text(kept, now())), "my-answers.txt")


@router.get("/answers.json")
async def as_fhir(kept: Own) -> Response:
    fhir = JSONResponse(visitor_answers.as_fhir(kept), media_type="application/fhir+json")
    return _file(fhir, "my-answers.fhir.json")


def _read(conversation_id: str) -> list[KeptAnswers]:
    try:
        with transaction() as session:
            return visitor_answers.kept_answers(session, conversation_id)
    except (*chat.TROUBLE, ProgressError) as error:
        log.error("answers not read error=%s", type(error).__name__)
        raise Refusal(
            503,
            "unavailable",
            "I cannot get at your answers right now. Please try again in a few minutes. "
            f"{in_danger()}",
        ) from None


def _nothing_kept() -> Refusal:
    return Refusal(
        404,
        "nothing_kept",
        "No answers of yours are kept in this chat, so there is nothing to download. "
        f"For what you sent to our staff before, please call {facts().phone}.",
    )


def _file(response: Response, name: str) -> Response:
    """To be saved, not shown: nobody should find it in the window or the cache of a computer
    that others use."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
