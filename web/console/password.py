"""Change one's own password; the only page that is open with a one-time password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import passwords, sign_in, weak_passwords
from clinic.database import transaction
from clinic.facts import facts
from clinic.tables import StaffSession
from web.console.access import HOME, CsrfField, refuse_forged, signed_in
from web.console.cookies import place_of
from web.console.letting_in import let_in
from web.console.pages import page

router = APIRouter()

WRONG_CURRENT = (
    "The current password is not right. "
    "After five wrong passwords please wait 15 minutes before you try again."
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
    problem = problem_with(new, again, username=visit.staff.username, current=current)
    if problem is not None:
        return _form(request, visit, problem)
    proof = passwords.compare(visit.staff.password_hash, current)
    new_hash = passwords.hashed(new)
    with transaction() as session:
        visit = signed_in(session, request, may_have_one_time_password=True)
        place = place_of(request)
        try:
            sign_in.change_password(session, visit.staff, proof, new_hash=new_hash, place=place)
        except sign_in.SignInRefused:
            return _form(request, visit, WRONG_CURRENT)
        # The code, where there is one, was given when this session was opened.
        return let_in(
            session, request, visit.staff, then=f"{HOME}?done=password", code_was_given=True
        )


def problem_with(new: str, again: str, *, username: str, current: str = "") -> str | None:
    """Why this cannot be the new password, in words for the person who chose it."""
    if new != again:
        return NOT_THE_SAME
    try:
        weak_passwords.refuse_if_weak(new, username=username, clinic=facts().name, current=current)
    except weak_passwords.WeakPassword as reason:
        return str(reason)
    return None


def _visit(request: Request, csrf: str) -> StaffSession:
    """Who sends the form. A transaction of its own, over before the slow hashing begins."""
    with transaction() as session:
        visit = signed_in(session, request, may_have_one_time_password=True)
        refuse_forged(visit.csrf_token, csrf)
        return visit


def _form(request: Request, visit: StaffSession, problem: str = "") -> Response:
    return page(
        request,
        "password.html",
        visit=visit,
        status=422 if problem else 200,
        problem=problem,
        shortest=weak_passwords.SHORTEST,
    )
