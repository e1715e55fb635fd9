"""From which network a visitor asks, for what is counted by it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from clinic.tries import network_of


def _network(request: Request) -> str:
    return network_of(request.client.host if request.client else None)


Network = Annotated[str, Depends(_network)]
