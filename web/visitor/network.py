"""From which network a visitor asks, for what is counted by it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from web.bodies import place_of


async def _network(request: Request) -> str:
    return place_of(request.scope)


Network = Annotated[str, Depends(_network)]
