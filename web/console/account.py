"""One's own account: password, second factor, and the browsers that are signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from clinic import second_factor, staff_sessions
from clinic.database import transaction
from clinic.settings import settings
from web.console.access import CsrfField, refuse_forged, signed_in
from web.console.pages import go_to, page

router = APIRouter(prefix="/account")

SessionId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("")
def account_page(request: Request) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        member = visit.staff
        return page(
            request,
            "account.html",
            visit=visit,
            has_second_factor=second_factor.is_on(member),
            is_mandatory=settings().require_second_factor,
            codes_left=len(member.recovery_codes or ()),
            sessions=staff_sessions.all_of(session, member),
        )


@router.post("/sessions/end-others")
def end_others(request: Request, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        staff_sessions.end_others(session, visit)
    return go_to("/staff/account?done=sessions")


@router.post("/sessions/{session_id}/end")
def end_one(request: Request, session_id: SessionId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        staff_sessions.end_one(session, visit.staff, session_id)
    return go_to("/staff/account?done=session")
