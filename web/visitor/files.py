"""The chat's own files, under an address that changes whenever one of them does.

So a browser may keep them for a year. Under the address of another version, as a page has it that
was opened before an update or that another process made in the middle of one, nothing is served: no
browser ever runs old and new ones together. A page that begins then fails as a whole, and the
launcher offers to try again. They are served without comments and spare spaces, and packed: what is
written for people stays here.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from web.errors import Refusal

WIDGET = Path(__file__).parent.parent / "widget"
CHAT = WIDGET / "static"
PAGES = WIDGET / "pages"
FOR_A_YEAR = "public, max-age=31536000, immutable"
DIGITS = 12

NOT_NEEDED = re.compile(
    r"""^[ \t]*(?: //[^\n]* | /\*(?:(?!\*/).)*\*/ )[ \t]*\n  # a comment alone on its lines
    | [ \t]+//[ ][^\n]*$                          # one at the end of a line
    | /\*\*[ ]@[^\n]*?\*/[ ]?                     # a type
    | ^[ \t]+ | ^\n                              # an indent, an empty line""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
"""What is written for people. A test sees to it that no string of ours looks like any of these."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

router = APIRouter()


@dataclass(frozen=True)
class File:
    content: bytes
    packed: bytes
    media_type: str


def short(path: Path) -> bytes:
    """What a browser needs of this file: all but comments and indents.

    Nothing else is touched. Two minifiers changed what our scripts do: one lost a space in a nested
    template, one moved a line behind an `await`.
    """
    return NOT_NEEDED.sub("", path.read_text("utf-8")).encode()


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
    """One of the files, as it is in this version."""
    found = files().get(file_name) if of_version == version() else None
    if found is None:
        raise Refusal(404, "no_such_file", "There is no such file.")
    headers = {"Cache-Control": FOR_A_YEAR, "Vary": "Accept-Encoding"}
    content = found.content
    if "gzip" in request.headers.get("accept-encoding", ""):
        content = found.packed
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=found.media_type, headers=headers)
