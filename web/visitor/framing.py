"""Whose pages may show the chat in a frame: our own, and the websites that a setting names.

The browser keeps to it by itself (`frame-ancestors`, web/headers.py). We look as well, so that a
page which is not allowed gets the help lines instead of a chat, whatever the browser does.
"""

from __future__ import annotations

import logging
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from clinic.settings import settings, without_usual_port

log = logging.getLogger(__name__)

FRAMES = {"iframe", "frame", "embed", "object"}


def _is_framed_by_a_stranger(request: Request) -> bool:
    if request.headers.get("sec-fetch-dest") not in FRAMES:
        return False  # a page of its own: nobody else's words stand around it
    around = _origin(request.headers.get("referer", ""))
    # Nothing is told of the page around: then it is the browser's to decide, by `frame-ancestors`.
    if around is None or around in _allowed(request):
        return False
    log.warning("a page that CLINIC_ALLOWED_ORIGINS does not name has asked for the chat")
    return True


FramedByStranger = Annotated[bool, Depends(_is_framed_by_a_stranger)]
"""Whether a page asks for the chat that may not show it; it gets not_here.html and 403."""


def _allowed(request: Request) -> set[str | None]:
    # Behind a proxy that takes off the encryption only the setting knows that we are https.
    ours = {_origin(str(request.base_url)), _origin(settings().public_url)}
    return ours | set(settings().framing_origins)


def _origin(address: str) -> str | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if not parts.scheme or not parts.netloc:
        return None
    return without_usual_port(f"{parts.scheme}://{parts.netloc}".lower())
