"""Open a session in a browser whose owner proved who they are; never one that was there before."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request, Response
from sqlalchemy.orm import Session

from clinic import second_factor, staff_sessions
from clinic.tables import Staff, StaffSession
from web.console import browsers, cookies
from web.console.access import own_page, visit_of
from web.console.pages import go_to


def let_in(
    session: Session,
    request: Request,
    member: Staff,
    *,
    then: str = "",
    code_was_given: bool = False,
) -> Response:
    """Send them on, with a new session.

    With a second factor that is still to come, it opens nothing but the page that asks for it.
    """
    is_half = second_factor.is_on(member) and not code_was_given
    token, _ = new_session(session, request, member, is_half=is_half)
    next_page = own_page(then)
    response = go_to(f"/staff/code?next={quote(next_page, safe='/')}" if is_half else next_page)
    keep(request, response, token, None if is_half else member)
    return response


def new_session(
    session: Session, request: Request, member: Staff, *, is_half: bool = False
) -> tuple[str, StaffSession]:
    """The session of before is closed: whoever planted or read its cookie has nothing."""
    before = visit_of(session, request)
    if before is not None:
        staff_sessions.drop(session, before)
    return staff_sessions.open_session(
        session,
        member,
        address=cookies.address_of(request),
        browser=browsers.in_words(request.headers.get("user-agent", "")),
        needs_second_factor=is_half,
    )


def keep(request: Request, response: Response, token: str, member: Staff | None) -> None:
    """`member` is who came all the way in, and whom strangers cannot lock out here any more."""
    cookies.keep_signed_in(response, token)
    if member is not None:
        cookies.keep_known(request, response, member.id)
