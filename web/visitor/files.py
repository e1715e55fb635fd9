"""The chat's own files, under an address that changes whenever one of them does.

So a browser may keep them for a year, and never mixes old ones with new ones. They are served
without comments and spare spaces, and packed: what is written for people stays here.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import minify
from fastapi import APIRouter, Request, Response

from web.errors import Refusal

WIDGET = Path(__file__).parent.parent / "widget"
CHAT = WIDGET / "static"
PAGES = WIDGET / "pages"
FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_A_MOMENT = "no-cache"
DIGITS = 12

TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

router = APIRouter()


@dataclass(frozen=True)
class File:
    content: bytes
    packed: bytes
    media_type: str


def short(path: Path) -> bytes:
    """What a browser needs of this file."""
    return str(minify.string(TYPES[path.suffix], path.read_text("utf-8"))).encode()


def packed(content: bytes) -> bytes:
    # mtime=0: the same content has the same bytes, whichever process packed it.
    return gzip.compress(content, mtime=0)


@lru_cache
def files() -> Mapping[str, File]:
    """Every file by its name."""
    found = {}
    for path in sorted([*CHAT.iterdir(), *PAGES.iterdir()]):
        if media_type := TYPES.get(path.suffix):
            content = short(path)
            found[path.name] = File(content, packed(content), media_type)
    return found


@lru_cache
def version() -> str:
    """A name that stands for what is in all the files."""
    content = hashlib.sha256()
    for name, file in files().items():
        content.update(name.encode() + b"\0" + file.content + b"\0")
    return content.hexdigest()[:DIGITS]


def address() -> str:
    """Where the files are."""
    return f"/widget/{version()}"


def modules() -> tuple[str, ...]:
    """The names of all scripts of the chat, for a page that asks for them at once."""
    return tuple(sorted(path.name for path in CHAT.glob("*.js")))


@router.get("/widget/{of_version}/{file_name}")
def file(request: Request, of_version: str, file_name: str) -> Response:
    """One of the files. A page from before an update gets what we have now, and keeps nothing."""
    found = files().get(file_name)
    if found is None:
        raise Refusal(404, "no_such_file", "There is no such file.")
    kept = FOR_A_YEAR if of_version == version() else FOR_A_MOMENT
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=found.media_type, headers=headers)
