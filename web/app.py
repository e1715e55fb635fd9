"""Put the visitor's chat and the staff console together into one web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from clinic import counts
from web import console, health
from web.bell import listen_for_ever
from web.compression import PackedPages
from web.console import add_error_pages
from web.errors import add_error_answers
from web.forgetting import forget_for_ever
from web.guard import Guard
from web.handoff_round import end_overdue_for_ever
from web.observed import Observed
from web.outbox import deliver_for_ever
from web.retention_round import expire_for_ever
from web.visitor import api, files, launcher, page, safety
from web.visitor.line import Line
from web.visitor.turns import Turns
from web.visitor_mail_round import send_for_ever

HERE = Path(__file__).parent

ROUNDS = (
    deliver_for_ever,
    end_overdue_for_ever,
    forget_for_ever,
    expire_for_ever,
    listen_for_ever,
    send_for_ever,
)
"""What is done in the background, again and again, in every process."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    # trust_env=False: visitors' words go to Rasa on this machine, never through a proxy.
    async with httpx.AsyncClient(trust_env=False, mounts={"http://": Line()}) as client:
        app.state.client = client
        app.state.turns = Turns()
        rounds = [asyncio.create_task(for_ever()) for for_ever in ROUNDS]
        with counts.in_background():
            yield
        for one in rounds:
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one


def create_app() -> FastAPI:
    # The description of all routes is for our tests; with no address for it, no interactive pages.
    app = FastAPI(title="Front desk", lifespan=lifespan, openapi_url=None)
    app.add_middleware(PackedPages)
    app.add_middleware(Guard)
    app.add_middleware(Observed)
    add_error_answers(app)
    add_error_pages(app)
    app.include_router(health.router)
    app.include_router(page.router)
    app.include_router(files.router)
    app.include_router(launcher.router)
    app.include_router(safety.router)
    app.include_router(api.router)
    app.include_router(console.router)
    app.mount("/staff/static", StaticFiles(directory=HERE / "console" / "static"))
    return app
