"""Turn a template into an answer that no browser and no proxy keeps."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from clinic.tables import StaffSession
from web.console import labels, times
from web.console.places import places

NOT_KEPT = {"Cache-Control": "no-store"}
TEMPLATES = Path(__file__).parent / "templates"


@lru_cache
def templates() -> Environment:
    """Escapes everything: names, answers and transcripts are whatever visitors typed."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["places"] = places
    environment.filters.update(
        ago=times.ago,
        how_long=times.how_long,
        exact=times.exact,
        machine=times.machine,
        day=times.day,
        clock=times.clock,
        urgency=labels.urgency,
        outcome=labels.outcome,
        status=labels.status,
        category=labels.category,
        spaced=labels.spaced,
        dialled=labels.dialled,
        mailto=labels.mailto,
    )
    return environment


def page(
    request: Request,
    template: str,
    *,
    visit: StaffSession | None,
    status: int = 200,
    **words: Any,
) -> HTMLResponse:
    """One page; `visit` is empty on pages for people who are not signed in."""
    html = (
        templates()
        .get_template(template)
        .render(
            visit=visit,
            here=request.url.path,
            done=DONE.get(request.query_params.get("done", "")),
            **words,
        )
    )
    return HTMLResponse(html, status_code=status, headers=NOT_KEPT)


DONE = {
    "password": "Your password has been changed.",
    "status": "The status has been changed.",
    "note": "Your note has been added.",
}
"""What a page says after a form was taken, by the name in its address."""


def go_to(address: str) -> Response:
    """Send the browser to another page, so that reloading never sends a form twice."""
    return RedirectResponse(address, status_code=303, headers=NOT_KEPT)
