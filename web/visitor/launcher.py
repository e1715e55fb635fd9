"""The one script of a clinic's page: the button in the corner, and help if the chat does not come.

It carries the clinic's name and phone, its help lines and its own words in every language that we
have, so that it can show them when our server cannot be reached.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from clinic.facts import facts
from clinic.help_lines import HelpLine, clinic_lines
from web.visitor import files
from web.visitor.page import TEMPLATES
from web.visitor.texts import languages, texts
from web.visitor.words import Texts

FOLDER = Path(__file__).parent.parent / "widget" / "launcher"
KEPT_SECONDS = 300
"""How long browsers use it without asking: a change of clinic.yml is everywhere soon after."""
HEADERS = {
    "Cache-Control": f"public, max-age={KEPT_SECONDS}",
    # Some builders of websites fetch every script with CORS. It is the same for everybody.
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept-Encoding",
}

SPACES_IN_STYLE = re.compile(r"\s*(?P<sign>[{};])\s*|(?<=:)[ ]")
"""Our few rules hold no text in quotes."""

router = APIRouter()


@dataclass(frozen=True)
class Script:
    text: bytes
    packed: bytes
    etag: str


@router.get("/widget.js")
def launcher(request: Request) -> Response:
    script = _script()
    headers = {**HEADERS, "ETag": script.etag}
    if script.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = script.text
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = script.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type="text/javascript", headers=headers)


@lru_cache
def _script() -> Script:
    source = files.short(FOLDER / "widget.js").decode()
    style = SPACES_IN_STYLE.sub(r"\g<sign>", files.short(FOLDER / "launcher.css").decode())
    for place, value in {"told": told(), "style": style}.items():
        source = source.replace(f'"{{{{{place}}}}}"', _as_script(value))
    content = source.encode()
    etag = f'W/"{hashlib.sha256(content).hexdigest()[:20]}"'
    return Script(content, files.packed(content), etag)


def told() -> dict[str, Any]:
    """What the script knows: the clinic, and its words in each language."""
    return {
        "name": facts().name,
        "dial": facts().phone_link,
        "words": {language: _words(texts(language), language) for language in languages()},
    }


def _words(words: Texts, language: str) -> dict[str, Any]:
    before, _, after = words.launcher.call_us.partition("{phone}")
    return {
        **words.launcher.model_dump(exclude_none=True),
        "direction": words.direction,
        "call_us": [before, facts().phone, after],
        "lines": _lines(words, language),
    }


def _lines(words: Texts, language: str) -> list[dict[str, Any]]:
    """The line for danger and the one for a crisis, each with the links that reach it."""
    questions = (words.help_bar.danger, words.help_bar.crisis)
    lines = clinic_lines(language)
    return [
        {"when": question, "ways": _ways(words, line)}
        for question, line in zip(questions, lines, strict=False)
    ]


def _ways(words: Texts, line: HelpLine) -> list[list[str]]:
    ways = []
    if line.call:
        call = words.help_bar.call.replace("{number}", line.call)
        ways.append([call, f"tel:{_link('dial', line.call)}"])
    if line.texting:
        to, body = line.texting.to, line.texting.body
        text = words.help_bar.text_word if body else words.help_bar.text
        said = text.replace("{number}", to).replace("{word}", body or "")
        ways.append([said, _link("text_to", line.text)])
    return ways


def _link(macro: str, of: str) -> str:
    """As the pages make it: links.html is the one place that reads numbers out of words."""
    links = TEMPLATES.env.get_template("links.html").module
    return str(getattr(links, macro)(of).unescape()).strip()


def _as_script(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
