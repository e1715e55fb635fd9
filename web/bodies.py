"""What is sent to us is taken in whole before anything is done with it: bounded, and in time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from clinic.help_lines import in_danger
from clinic.tries import network_of
from web.errors import Refusal

LARGEST_BODY = 32 * 1024
SECONDS_FOR_A_BODY = 10.0
"""A slow telephone needs one or two for the longest message; who needs more holds a place."""
MOST_FROM_ONE_PLACE = 20
"""So many bodies of one network are waited for so long at the same time."""
SECONDS_FOR_ONE_MORE = 2.0
"""A visitor next to an attacker sends a message in one or two pieces, and many who begin at once
may sit behind one address."""

WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class Gone(Exception):
    """Whoever asked has closed the connection; nobody is left to be answered."""


async def whole_body(scope: Scope, receive: Receive) -> bytes:
    """The body of this request.

    Raises:
        Refusal: it is too large, or it came too slowly.
        Gone: it broke off.
    """
    if _declared_size(scope) > LARGEST_BODY:
        raise _too_large()
    if not is_read_first(scope):
        return b""
    with _waited_for(place_of(scope)) as patience:
        try:
            async with asyncio.timeout(patience):
                return await _read(receive)
        except TimeoutError:
            raise _too_slow() from None


_places: Counter[str] = Counter()
"""How many bodies of each network are being read."""


@contextmanager
def _waited_for(place: str) -> Iterator[float]:
    """For how many seconds this place may be waited for now."""
    are_few = _places[place] < MOST_FROM_ONE_PLACE
    _places[place] += 1
    try:
        yield SECONDS_FOR_A_BODY if are_few else SECONDS_FOR_ONE_MORE
    finally:
        _places[place] -= 1
        if not _places[place]:
            del _places[place]


def place_of(scope: Scope) -> str:
    """The network that a request comes from."""
    client = scope.get("client")
    return network_of(client[0] if client else None)


def is_read_first(scope: Scope) -> bool:
    return scope["method"] not in WITHOUT_BODY


async def _read(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += bytes(message.get("body", b""))
        if len(body) > LARGEST_BODY:
            raise _too_large()
        if not message.get("more_body", False):
            return body


def read_again(body: bytes, receive: Receive) -> Receive:
    """Hands out a body that was read already; after that, what comes on the connection."""
    is_read = False

    async def receiving() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving


def _declared_size(scope: Scope) -> int:
    size = Headers(scope=scope).get("content-length", "0")
    # The length is looked at first: Python refuses to read a number of thousands of digits.
    return int(size) if len(size) < 20 and size.isdecimal() else 0


def _too_slow() -> Refusal:
    return Refusal(408, "too_slow", f"Your message took too long to arrive. {in_danger()}")


def _too_large() -> Refusal:
    # Among so many words may be words of danger.
    return Refusal(413, "too_long", f"That is too long to be taken. {in_danger()}")
