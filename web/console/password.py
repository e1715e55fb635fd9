"""Change one's own password; the only page that is open with a one-time password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import passwords, staff, staff_sessions
from clinic.database import transaction
from clinic.tables import StaffSession
from web.console.access import HOME, CsrfField, keep_signed_in, refuse_forged, signed_in
from web.console.pages import go_to, page

router = APIRouter()

WRONG_CURRENT = (
    "The current password is not right. "
    "After five wrong passwords your account is locked for 15 minutes."
)
NOT_THE_SAME = "The two new passwords are not the same."


@router.get("/password")
def password_page(request: Request) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, may_have_one_time_password=True)
        return _form(request, visit)


@router.post("/password")
def change_password(
    request: Request,
    csrf: CsrfField = "",
    current: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    visit = _visit(request, csrf)
    problem = _problem_with(visit, current=current, new=new, again=again)
    if problem is not None:
        return _form(request, visit, problem)
    proof = passwords.compare(visit.staff.password_hash, current)
    new_hash = passwords.hashed(new)
    with transaction() as session:
        visit = signed_in(session, request, may_have_one_time_password=True)
        try:
            staff.change_password(session, visit.staff, proof, new_hash=new_hash)
        except staff.SignInRefused:
            return _form(request, visit, WRONG_CURRENT)
        token, _ = staff_sessions.open_session(session, visit.staff)
    response = go_to(f"{HOME}?done=password")
    keep_signed_in(response, token)
    return response


def _visit(request: Request, csrf: str) -> StaffSession:
    """Who sends the form. A transaction of its own, over before the slow hashing begins."""
    with transaction() as session:
        visit = signed_in(session, request, may_have_one_time_password=True)
        refuse_forged(visit.csrf_token, csrf)
        return visit


def _problem_with(visit: StaffSession, *, current: str, new: str, again: str) -> str | None:
    if new != again:
        return NOT_THE_SAME
    try:
        passwords.refuse_if_weak(new, username=visit.staff.username, current=current)
    except passwords.WeakPassword as reason:
        return str(reason)
    return None


def _form(request: Request, visit: StaffSession, problem: str = "") -> Response:
    return page(
        request,
        "password.html",
        visit=visit,
        status=422 if problem else 200,
        problem=problem,
        shortest=passwords.SHORTEST,
    )
