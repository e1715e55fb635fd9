"""A visitor's key in a cookie, only where the browser gives our frame no other place to keep it.

Browsers that block foreign cookies deny a frame on another website its storage, but keep a cookie
for it that is parted by the website around it (CHIPS, `Partitioned`): no site can follow anybody
with it. No script reads it. It opens nothing: it only brings the key back where a chat begins.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Cookie, Response

NAME = "conversation_key"
DAYS = 30
ATTRIBUTES = "Path=/api/conversation; Secure; HttpOnly; SameSite=None; Partitioned"

KeyCookie = Annotated[str | None, Cookie(alias=NAME)]


def keep(response: Response, key: str) -> None:
    # Written by hand: Python 3.11's own cookies know no `Partitioned`.
    value = f"{NAME}={key}; Max-Age={DAYS * 24 * 3600}; {ATTRIBUTES}"
    response.headers.append("Set-Cookie", value)


def forget(response: Response) -> None:
    response.headers.append("Set-Cookie", f"{NAME}=; Max-Age=0; {ATTRIBUTES}")
