"""Whether web lives, and whether the parts behind it are there."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response

from clinic import readiness
from web.visitor import rasa

router = APIRouter()

SECONDS_FOR_A_PART = 2.0
"""Who asks whether we are well does not wait longer than this for one that hangs."""


@router.get("/healthz")
async def healthz(request: Request) -> dict[str, str]:
    """Always answers while the web runs; `status` is "ok" when everything behind it is too."""
    return await _looked_at(request)


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> dict[str, str]:
    """Whether visitors may be sent here: 503 unless everything behind the web is there."""
    found = await _looked_at(request)
    if found["status"] != "ok":
        response.status_code = 503
    return found


async def _looked_at(request: Request) -> dict[str, str]:
    database, assistant = await asyncio.gather(_database(), rasa.is_up(request.app.state.client))
    return {
        "status": "ok" if database == readiness.READY and assistant else "degraded",
        "database": database,
        "rasa": "up" if assistant else "down",
    }


async def _database() -> str:
    try:
        async with asyncio.timeout(SECONDS_FOR_A_PART):
            return await asyncio.to_thread(readiness.database)
    except TimeoutError:
        return readiness.DOWN
