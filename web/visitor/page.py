"""The pages with the chat: the chat alone, as it stands in a frame, and the example page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from clinic import first_help, visitor_mail
from clinic.facts import facts
from clinic.help_lines import clinic_lines
from clinic.opening_hours import in_words
from web.visitor import files
from web.visitor.framing import FramedByStranger
from web.visitor.texts import around_help_lines, known, texts

TEMPLATES = Jinja2Templates([files.WIDGET, files.PAGES])
TEMPLATES.env.auto_reload = False  # an update counts from the next start, as for the files
# Called by a page, not here: it reads and shortens every file.
TEMPLATES.env.globals["static"] = files.address

router = APIRouter()


@router.get("/", response_class=HTMLResponse)
def page(request: Request) -> HTMLResponse:
    """The page of an example clinic, with the chat in its corner as on any other website."""
    context = {"clinic": facts(), "hours": in_words(), "resources": clinic_lines()}
    return TEMPLATES.TemplateResponse(request, "page.html", context)


@router.get("/chat", response_class=HTMLResponse)
def chat(
    request: Request, is_stranger: FramedByStranger, language: str | None = None
) -> HTMLResponse:
    """The help lines and the first look at words are in the page itself, so they are there when
    nothing else answers."""
    if is_stranger:
        helping = {"clinic": facts(), "resources": clinic_lines()}
        return TEMPLATES.TemplateResponse(request, "not_here.html", helping, status_code=403)
    spoken = known(language)
    words = texts(spoken)
    around = {name: part.model_dump(by_alias=True) for name, part in around_help_lines().items()}
    context = {
        "clinic": facts(),
        "language": spoken,
        "texts": words,
        "resources": clinic_lines(spoken),
        "modules": files.modules(),
        "data": {
            "language": spoken,
            "texts": words.model_dump(by_alias=True),
            "helpLines": around,
            "firstLine": first_help.on_the_page(),
            "clinic": {"name": facts().name, "phone": facts().phone},
            "mail": visitor_mail.is_possible(),
        },
    }
    return TEMPLATES.TemplateResponse(request, "chat.html", context)
