"""What a visitor takes along as a file: who may have it, how often, and that nobody keeps it."""

from __future__ import annotations

import asyncio
from typing import Annotated, TypeVar

from fastapi import Depends, Response

from clinic import conversations
from clinic.facts import facts
from clinic.help_lines import in_danger
from web import limits
from web.errors import Refusal, a_lot_at_once
from web.visitor import chat
from web.visitor.own_conversation import Key

File = TypeVar("File", bound=Response)


async def _own_downloads(key: Key) -> str:
    if key is None or not await asyncio.to_thread(chat.is_known, key):
        raise nothing_kept()
    conversation_id = conversations.id_of(key)
    # Counted apart: who downloads a lot can still write.
    if not await limits.counted(lambda: limits.may_write(f"downloads of {conversation_id}")):
        raise a_lot_at_once()
    return conversation_id


OwnDownloads = Annotated[str, Depends(_own_downloads)]
"""The id of the conversation that the key opens; 404 `nothing_kept` where it opens none."""


def nothing_kept(what: str = "Nothing of this conversation is kept") -> Refusal:
    return Refusal(
        404,
        "nothing_kept",
        f"{what}, so there is nothing to take with you. "
        f"For what you sent to our staff before, please call {facts().phone}. {in_danger()}",
    )


def to_be_saved(file: File, name: str) -> File:
    """Not to be shown: nobody should find it in the window or the cache of a computer that others
    use."""
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    file.headers["Cache-Control"] = "no-store"
    return file
