"""Which conversation a request is about: the one that its key opens, and no other.

The key is a bearer token: no other site can act in a visitor's name, and the chat works in a frame
where a browser keeps nothing for us. (Where it keeps a cookie and nothing else: key_cookie.py.)
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from clinic import conversations
from clinic.help_lines import in_danger
from web.errors import Refusal
from web.visitor import chat

_bearer = HTTPBearer(auto_error=False, description="The key from POST /api/conversation.")


async def _key(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str | None:
    return sent.credentials if sent else None


Key = Annotated[str | None, Depends(_key)]
"""The visitor's key, if one was sent; it may open nothing."""


async def _own_conversation(key: Key) -> str:
    if key is None or not await asyncio.to_thread(chat.is_known, key):
        raise ended()
    return conversations.id_of(key)


OwnConversation = Annotated[str, Depends(_own_conversation)]
"""The id of the conversation that the key opens; 409 `no_conversation` where it opens none."""


def ended() -> Refusal:
    """Our page then begins a new conversation and sends the message again, at once."""
    return Refusal(
        409, "no_conversation", f"This chat has ended. Please open it again. {in_danger()}"
    )
