"""The two cookies of a signed-in browser: who is here now, and who was here before.

Both are out of reach of scripts and are sent to no page but ours.
"""

from __future__ import annotations

from fastapi import Request, Response

from clinic import known_browsers
from clinic.settings import settings
from clinic.tries import Place

SESSION_COOKIE = "staff_session"
BROWSER_COOKIE = "staff_browser"
PATH = "/staff"


def is_reached_by_https() -> bool:
    return settings().public_url.startswith("https://")


def address_of(request: Request) -> str | None:
    """The network address that a request came from, as far as trusted proxies tell."""
    return request.client.host if request.client else None


def place_of(request: Request) -> Place:
    """From where a password or a code is tried."""
    browser = known_browsers.read(request.cookies.get(BROWSER_COOKIE))
    return Place(address_of(request), browser)


def keep_signed_in(response: Response, token: str) -> None:
    """For as long as the browser is open; how long that is at most, the server says."""
    _set(response, SESSION_COOKIE, token)


def keep_known(request: Request, response: Response, staff_id: int) -> None:
    """From now on, strangers' failures lock nobody out who comes back to this browser."""
    token = known_browsers.signed_in_here(place_of(request).browser, staff_id)
    _set(response, BROWSER_COOKIE, token, int(known_browsers.KNOWN_FOR.total_seconds()))


def sign_out(response: Response) -> None:
    response.delete_cookie(SESSION_COOKIE, path=PATH)


def _set(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path=PATH,
        httponly=True,
        samesite="strict",
        secure=is_reached_by_https(),
    )
