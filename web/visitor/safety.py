"""The clinic's crisis protocol for everybody, from docs/safety.md, with its help lines on top."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt

from clinic.facts import facts
from clinic.help_lines import help_lines
from clinic.settings import HOME
from web.visitor.page import TEMPLATES

router = APIRouter()


@router.get("/safety", response_class=HTMLResponse)
def safety_page(request: Request) -> HTMLResponse:
    context = {
        "clinic": facts(),
        "resources": help_lines(facts().country),
        "protocol": protocol(),
    }
    return TEMPLATES.TemplateResponse(request, "safety.html", context)


@lru_cache
def protocol() -> str:
    """The file as HTML; what looks like HTML in it is shown as it is written."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return str(reader.render((HOME / "docs" / "safety.md").read_text("utf-8")))
