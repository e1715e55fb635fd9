"""A visitor's own answers as files. The conversation's key alone opens them."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from clinic import visitor_answers
from clinic.clock import now
from clinic.database import reading
from clinic.help_lines import in_danger
from clinic.screening.progress import ProgressError
from clinic.visitor_answers import KeptAnswers
from web.errors import Refusal
from web.visitor import chat
from web.visitor.own_files import OwnDownloads, nothing_kept, to_be_saved

log = logging.getLogger(__name__)


async def _own_answers(own: OwnDownloads) -> list[KeptAnswers]:
    kept = await asyncio.to_thread(_read, own)
    if not kept:
        raise nothing_kept("No answers of yours are kept in this chat")
    return kept


Own = Annotated[list[KeptAnswers], Depends(_own_answers)]

router = APIRouter()


@router.get("/answers")
async def as_json(kept: Own) -> Response:
    return to_be_saved(JSONResponse(visitor_answers.as_json(kept)), "my-answers.json")


@router.get("/answers.txt")
async def as_text(kept: Own) -> Response:
    return to_be_saved(PlainTextResponse(visitor_answers.as_text(kept, now())), "my-answers.txt")


@router.get("/answers.json")
async def as_fhir(kept: Own) -> Response:
    fhir = JSONResponse(visitor_answers.as_fhir(kept), media_type="application/fhir+json")
    return to_be_saved(fhir, "my-answers.fhir.json")


def _read(conversation_id: str) -> list[KeptAnswers]:
    try:
        with reading() as session:
            return visitor_answers.kept_answers(session, conversation_id)
    except (*chat.TROUBLE, ProgressError) as error:
        log.error("answers not read error=%s", type(error).__name__)
        raise Refusal(
            503,
            "unavailable",
            "I cannot get at your answers right now. Please try again in a few minutes. "
            f"{in_danger()}",
        ) from None
