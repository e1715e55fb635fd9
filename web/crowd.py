"""When too much comes at once, from one network or from all: who asks for help is let through."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.types import Scope

from clinic.first_line import first_line
from clinic.help_lines import in_danger
from web import limits
from web.bodies import place_of
from web.errors import Refusal, a_lot_at_once
from web.served_names import ASKED_BY_MACHINES

MOST_UNDER_WAY = 256
"""Requests that one process works at. More than that would all wait longer than anybody does;
open streams, which only wait, are not among them."""


class Caller:
    """Who makes a request, counted from its first line on."""

    def __init__(self, scope: Scope) -> None:
        self._path = scope["path"]
        self._may_hold_words = (scope["method"], self._path) == ("POST", "/api/messages")
        self._may_call: asyncio.Future[bool] | None = None
        if self._path.startswith("/api/"):
            place = place_of(scope)
            self._may_call = limits.counted(lambda: limits.may_call(place))

    async def refuse_before_it_is_read(self) -> None:
        """Raises Refusal for one of too many, unless there may be words of danger in it."""
        if not self._may_hold_words and not await self._is_one_of_a_few():
            raise a_lot_at_once()

    async def refuse_a_flood(self, body: bytes, under_way: int) -> None:
        """Raises Refusal unless there is room, or the message has words of danger in it: for them
        nothing is waited for.
        """
        # Refused like others, a process would be started again in the middle of a flood.
        is_full = under_way > MOST_UNDER_WAY and self._path not in ASKED_BY_MACHINES
        if not is_full and self._is_surely_one_of_a_few():
            return
        if self._may_hold_words and _are_words_of_danger(body):
            return
        if is_full:
            raise _very_busy()
        if not await self._is_one_of_a_few():
            raise a_lot_at_once()

    def _is_surely_one_of_a_few(self) -> bool:
        return self._may_call is None or (self._may_call.done() and self._may_call.result())

    async def _is_one_of_a_few(self) -> bool:
        return self._may_call is None or await self._may_call


def _are_words_of_danger(body: bytes) -> bool:
    try:
        sent: Any = json.loads(body)
    except (ValueError, RecursionError):
        return False
    text = sent.get("text") if isinstance(sent, dict) else None
    return isinstance(text, str) and first_line().find(text) is not None


def _very_busy() -> Refusal:
    return Refusal(503, "busy", f"We are very busy. Please try again in a minute. {in_danger()}")
