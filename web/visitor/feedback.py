"""“Was this helpful?”: whether to ask it in this conversation, and the answer. No words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from clinic import conversations, feedback
from clinic.database import transaction
from web import limits
from web.visitor import chat
from web.visitor.own_conversation import Key

log = logging.getLogger(__name__)

router = APIRouter(prefix="/feedback")


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    helpful: bool


@router.post("/question")
async def question(key: Key) -> dict[str, bool]:
    """Whether the widget may ask now. It is told yes once."""
    return {"ask": await asyncio.to_thread(_do, key, feedback.may_ask)}


@router.post("")
async def answer(sent: Answer, key: Key) -> dict[str, bool]:
    """Keep the answer, if this visitor was asked and has not answered yet."""

    def keep(session: Session, conversation_id: str) -> bool:
        return feedback.answer(session, conversation_id, helpful=sent.helpful)

    return {"kept": await asyncio.to_thread(_do, key, keep)}


def _do(key: str | None, deed: Callable[[Session, str], bool]) -> bool:
    """Do it in the visitor's own conversation; an opinion is never worth an error message."""
    if key is None:
        return False
    conversation_id = conversations.id_of(key)
    try:
        with transaction() as session:
            # Looked up before it is counted: a made-up key has no count.
            return (
                conversations.exists(session, conversation_id)
                and limits.may_write(f"feedback of {conversation_id}")
                and deed(session, conversation_id)
            )
    except chat.TROUBLE as error:
        log.error("feedback not kept error=%s", type(error).__name__)
        return False
