"""Sign in and out."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import passwords, staff, staff_sessions
from clinic.database import transaction
from web import limits
from web.console.access import (
    HOME,
    SESSION_COOKIE,
    CsrfField,
    is_reached_by_https,
    keep_signed_in,
    own_page,
    refuse_forged,
    signed_in,
    visit_of,
)
from web.console.pages import go_to, page

router = APIRouter()

FORM_COOKIE = "staff_sign_in"
FORM_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

# The same words for every refusal: a stranger must not learn who works here.
REFUSED = (
    "This username and password do not match. "
    "After five wrong passwords an account is locked for 15 minutes."
)

TOO_OFTEN = "Too many tries from this network. Please wait a minute and try again."


@router.get("")
def start(request: Request) -> Response:
    with transaction() as session:
        signed_in(session, request)
        return go_to(HOME)


@router.get("/login")
def sign_in_page(request: Request, next: str = "") -> Response:
    with transaction() as session:
        if visit_of(session, request) is not None:
            return go_to(own_page(next))
    return _form(request, then=next)


@router.post("/login")
def sign_in(
    request: Request,
    csrf: CsrfField = "",
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    refuse_forged(request.cookies.get(FORM_COOKIE, ""), csrf)
    address = request.client.host if request.client else "unknown"
    if not limits.may_try_a_password(address):
        return _form(request, then=next, username=username, problem=TOO_OFTEN, status=429)
    with transaction() as session:
        known = staff.password_hash_of(session, username)
    proof = passwords.compare(known, password)
    with transaction() as session:
        try:
            member = staff.sign_in(session, username, proof)
        except staff.SignInRefused:
            return _form(request, then=next, username=username, problem=REFUSED, status=401)
        before = visit_of(session, request)
        if before is not None:
            staff_sessions.close_session(session, before)
        token, _ = staff_sessions.open_session(session, member)
    response = go_to(own_page(next))
    keep_signed_in(response, token)
    response.delete_cookie(FORM_COOKIE, path="/staff/login")
    return response


@router.post("/logout")
def sign_out(request: Request, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request, may_have_one_time_password=True)
        refuse_forged(visit.csrf_token, csrf)
        staff_sessions.close_session(session, visit)
    response = go_to("/staff/login")
    response.delete_cookie(SESSION_COOKIE, path="/staff")
    return response


def _form(
    request: Request, *, then: str, username: str = "", problem: str = "", status: int = 200
) -> Response:
    """The sign-in form. Its token is also in a cookie, which no other website can set."""
    kept = request.cookies.get(FORM_COOKIE, "")
    # The same token again: a second tab must not make the first one's form worthless.
    token = kept if FORM_TOKEN.fullmatch(kept) else secrets.token_urlsafe(32)
    response = page(
        request,
        "sign_in.html",
        visit=None,
        status=status,
        csrf=token,
        then=own_page(then) if then else "",
        username=username,
        problem=problem,
    )
    response.set_cookie(
        FORM_COOKIE,
        token,
        path="/staff/login",
        httponly=True,
        samesite="strict",
        secure=is_reached_by_https(),
    )
    return response
