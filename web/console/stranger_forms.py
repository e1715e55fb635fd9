"""Forms for people who are not signed in: the form's token is also in a cookie.

Nobody has a session there yet that could hold the token. No other website can set our cookie, and
`SameSite=strict` keeps it back from whatever another website sends.
"""

from __future__ import annotations

import re
import secrets

from fastapi import Request, Response

from web.console.access import refuse_forged
from web.console.cookies import is_reached_by_https

FORM_COOKIE = "staff_sign_in"
FORM_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def token_for(request: Request) -> str:
    """The same token again: a second tab must not make the first one's form worthless."""
    kept = request.cookies.get(FORM_COOKIE, "")
    return kept if FORM_TOKEN.fullmatch(kept) else secrets.token_urlsafe(32)


def keep(response: Response, token: str, *, path: str) -> None:
    response.set_cookie(
        FORM_COOKIE,
        token,
        path=path,
        httponly=True,
        samesite="strict",
        secure=is_reached_by_https(),
    )


def forget(response: Response, *, path: str) -> None:
    response.delete_cookie(FORM_COOKIE, path=path)


def refuse_if_not_ours(request: Request, csrf: str) -> None:
    kept = request.cookies.get(FORM_COOKIE, "")
    refuse_forged(kept if FORM_TOKEN.fullmatch(kept) else "", csrf)
