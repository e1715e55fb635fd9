"""When too much comes at once, from one network or from all: who asks for help is let through."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.types import Scope

from clinic.first_line import first_line
from clinic.help_lines import in_danger
from clinic.settings import settings
from clinic.tries import network_of
from web import limits
from web.errors import Refusal, a_lot_at_once

MOST_UNDER_WAY = 256
"""Requests that one process works at. More than that would all wait longer than anybody does;
open streams, which only wait, are not among them."""


async def refuse_a_flood(scope: Scope, body: bytes, under_way: int) -> None:
    """Raises Refusal unless there is room, or the message has words of danger in it."""
    is_full = under_way > MOST_UNDER_WAY
    is_a_flood = scope["path"].startswith("/api/") and not await _may_call(scope)
    if not (is_full or is_a_flood) or _is_a_call_for_help(scope, body):
        return
    if is_full:
        raise Refusal(503, "busy", f"We are very busy. Please try again in a minute. {in_danger()}")
    raise a_lot_at_once()


async def _may_call(scope: Scope) -> bool:
    client = scope.get("client")
    place = network_of(client[0] if client else None)
    if settings().redis_url.get_secret_value():
        # In a thread: nobody waits for a Redis that is slow for somebody else.
        return await asyncio.to_thread(limits.may_call, place)
    return limits.may_call(place)


def _is_a_call_for_help(scope: Scope, body: bytes) -> bool:
    if (scope["method"], scope["path"]) != ("POST", "/api/messages"):
        return False
    try:
        sent: Any = json.loads(body)
    except (ValueError, RecursionError):
        return False
    text = sent.get("text") if isinstance(sent, dict) else None
    return isinstance(text, str) and first_line().find(text) is not None
