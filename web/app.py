"""Put the visitor's chat and the staff console together into one web application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, suppress
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
from web.visitor.unwritten import write_for_ever, write_waiting
from web.visitor_mail_round import send_for_ever

HERE = Path(__file__).parent

ROUNDS = (
    deliver_for_ever,
    end_overdue_for_ever,
    forget_for_ever,
    expire_for_ever,
    listen_for_ever,
    send_for_ever,
    write_for_ever,
)
"""What is done in the background, again and again, in every process."""


THREADS = 32
"""For what waits for the database; Python's own number of them follows the cores of a machine, and
on two cores six slow visitors would keep all others waiting."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="web")
    asyncio.get_running_loop().set_default_executor(threads)
    # trust_env=False: visitors' words go to Rasa on this machine, never through a proxy.
    async with httpx.AsyncClient(trust_env=False, mounts={"http://": Line()}) as client:
        app.state.client = client
        app.state.turns = Turns()
        rounds = [asyncio.create_task(for_ever()) for for_ever in ROUNDS]
        with ExitStack() as counting:
            counting.enter_context(counts.in_background())
            yield
            # In threads: the last words and numbers may have to wait for the database.
            await asyncio.to_thread(write_waiting)
            await asyncio.to_thread(counting.close)
        for one in rounds:
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one


def create_app() -> FastAPI:
    # The description of all routes is for our tests; with no address for it, no interactive pages.
    app = FastAPI(title="Front desk", lifespan=lifespan, openapi_url=None)
    app.state.parts = health.Parts(app.state)
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
