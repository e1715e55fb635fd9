"""The visitor deletes the conversation: at once, for ever, and without any word of staff."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from clinic import conversations, visitor_deletion
from clinic.database import reading, transaction
from clinic.facts import facts
from clinic.help_lines import in_danger
from web import limits
from web.errors import Refusal, a_lot_at_once
from web.visitor import chat, key_cookie
from web.visitor.key_cookie import KeyCookie
from web.visitor.network import Network
from web.visitor.own_conversation import Key, ended

log = logging.getLogger(__name__)

router = APIRouter()


@router.delete("/conversation")
async def delete(
    response: Response, key: Key, network: Network, kept: KeyCookie = None
) -> dict[str, bool | str]:
    """Whether it is deleted, and whether a request stays with staff; then whom to call, too.

    A second time, as after an answer that was lost on its way, is answered as the first was.
    """
    if key is None:
        raise ended()
    conversation_id = conversations.id_of(key)
    is_known = await asyncio.to_thread(_do, _is_known, conversation_id, reading)
    # Looked up before it is counted: a made-up key has no count.
    if not is_known:
        may_go_on = await limits.counted(lambda: limits.may_try_unknown_keys(network))
        raise ended() if may_go_on else a_lot_at_once()
    if not await limits.counted(lambda: limits.may_write(f"deletions of {conversation_id}")):
        raise a_lot_at_once()
    kept_with_staff = await asyncio.to_thread(_do, visitor_deletion.delete, conversation_id)
    if kept is not None:
        key_cookie.forget(response)
    return {"deleted": True, "kept_with_staff": kept_with_staff, "phone": facts().phone}


def _is_known(session: Session, conversation_id: str) -> bool:
    """Whether the key opens a conversation, or opened one that was deleted lately."""
    return conversations.exists(session, conversation_id) or visitor_deletion.was_deleted(
        session, conversation_id
    )


def _do(
    deed: Callable[[Session, str], bool],
    conversation_id: str,
    opened: Callable[[], AbstractContextManager[Session]] = transaction,
) -> bool:
    try:
        with opened() as session:
            return deed(session, conversation_id)
    except chat.TROUBLE as error:
        log.error("conversation not deleted error=%s", type(error).__name__)
        raise Refusal(
            503,
            "not_deleted",
            "Something went wrong on our side, and nothing was deleted. Please try again in a few "
            f"minutes, or call {facts().phone}. {in_danger()}",
        ) from None
