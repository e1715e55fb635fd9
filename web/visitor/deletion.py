"""The visitor deletes the conversation: at once, for ever, and without any word of staff."""

from __future__ import annotations

import asyncio
import logging

from fastapi import APIRouter, Response

from clinic import conversations, visitor_deletion
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import in_danger
from web import limits
from web.errors import Refusal
from web.visitor import chat, key_cookie
from web.visitor.key_cookie import KeyCookie
from web.visitor.own_conversation import Key, ended

log = logging.getLogger(__name__)

router = APIRouter()


@router.delete("/conversation")
async def delete(response: Response, key: Key, kept: KeyCookie = None) -> dict[str, bool | str]:
    """Whether it is deleted, and whether a request stays with staff; then whom to call, too.

    A second time, as after an answer that was lost on its way, is answered as the first was.
    """
    if key is None:
        raise ended()
    conversation_id = conversations.id_of(key)
    if not limits.may_write(f"deletions of {conversation_id}"):
        raise Refusal(
            429, "too_many", f"That was a lot at once. Please wait a minute. {in_danger()}"
        )
    kept_with_staff = await asyncio.to_thread(_delete, conversation_id)
    if kept_with_staff is None:
        raise ended()
    if kept is not None:
        key_cookie.forget(response)
    return {"deleted": True, "kept_with_staff": kept_with_staff, "phone": facts().phone}


def _delete(conversation_id: str) -> bool | None:
    """Whether a request stays with staff; nothing if the key never opened anything."""
    try:
        with transaction() as session:
            was_there = conversations.exists(session, conversation_id)
            if not was_there and not visitor_deletion.was_deleted(session, conversation_id):
                return None
            return visitor_deletion.delete(session, conversation_id)
    except chat.TROUBLE as error:
        log.error("conversation not deleted error=%s", type(error).__name__)
        raise Refusal(
            503,
            "not_deleted",
            "Something went wrong on our side, and nothing was deleted. Please try again in a few "
            f"minutes, or call {facts().phone}. {in_danger()}",
        ) from None
