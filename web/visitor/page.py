"""The clinic's page with the chat on it."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from clinic import first_help
from clinic.facts import facts
from clinic.help_lines import help_lines
from clinic.opening_hours import in_words

TEMPLATES = Jinja2Templates(Path(__file__).parent.parent / "widget")

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def page(request: Request) -> HTMLResponse:
    """The help lines and the first look at words are in the page itself, so they are there when
    nothing else answers."""
    context = {
        "clinic": facts(),
        "hours": in_words(),
        "resources": help_lines(facts().country),
        "first_line": first_help.on_the_page(),
    }
    return TEMPLATES.TemplateResponse(request, "page.html", context)
