"""Whether the parts behind the web are there."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from clinic.database import transaction
from web.visitor import rasa

router = APIRouter()


@router.get("/healthz")
async def healthz(request: Request) -> dict[str, str]:
    """Always answers while the web runs; `status` is "ok" when everything behind it is too."""
    database = await asyncio.to_thread(_database_is_up)
    assistant = await rasa.is_up(request.app.state.client)
    return {
        "status": "ok" if database and assistant else "degraded",
        "database": "up" if database else "down",
        "rasa": "up" if assistant else "down",
    }


def _database_is_up() -> bool:
    try:
        with transaction() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
