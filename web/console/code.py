"""The code of the second factor, asked for after the password and before everything else."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import audit, second_factor, staff_sessions
from clinic.database import transaction
from clinic.tables import StaffSession
from web.console import cookies
from web.console.access import CsrfField, half_signed_in, own_page, refuse_forged
from web.console.letting_in import let_in
from web.console.pages import page
from web.console.sign_in import sign_in_form

router = APIRouter(prefix="/code")

WRONG = (
    "This code is not right, or it was used before. "
    "Wait for the next one in your app, and check that the phone's clock is right."
)
TOO_MANY = (
    "There were too many wrong codes. Please wait 15 minutes, then sign in again. "
    "If your phone is lost, an admin can take the second factor away."
)


@router.get("")
def code_page(request: Request, next: str = "") -> Response:
    with transaction() as session:
        return _form(request, half_signed_in(session, request), then=next)


@router.post("")
def give_code(
    request: Request,
    csrf: CsrfField = "",
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    with transaction() as session:
        visit = half_signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        member = visit.staff
        try:
            used = second_factor.prove(session, member, code, cookies.place_of(request))
        except second_factor.WrongCode:
            return _form(request, visit, then=next, problem=WRONG)
        except second_factor.TooManyCodes:
            staff_sessions.drop(session, visit)
            return _out(request)
        whose = f"staff:{member.id}"
        audit.record(session, actor=whose, action="staff.signed_in", subject=whose, detail=used)
        return let_in(session, request, member, then=next, code_was_given=True)


def _out(request: Request) -> Response:
    response = sign_in_form(request, problem=TOO_MANY, status=429)
    cookies.sign_out(response)
    return response


def _form(request: Request, visit: StaffSession, *, then: str, problem: str = "") -> Response:
    # Without `visit`: the menu belongs to those who are in.
    return page(
        request,
        "code.html",
        visit=None,
        status=401 if problem else 200,
        csrf=visit.csrf_token,
        username=visit.staff.username,
        then=own_page(then) if then else "",
        problem=problem,
    )
