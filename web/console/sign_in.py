"""Sign in with a password, and out again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import audit, passwords, staff_sessions
from clinic import sign_in as proving
from clinic.database import transaction
from clinic.tries import network_of
from web import limits
from web.console import cookies, stranger_forms
from web.console.access import (
    HOME,
    CsrfField,
    leaving,
    own_page,
    refuse_forged,
    signed_in,
    visit_of,
)
from web.console.letting_in import let_in
from web.console.pages import go_to, page

router = APIRouter()

FORM = "/staff/login"

# The same words for every refusal: a stranger must not learn who works here.
REFUSED = (
    "This username and password do not match. "
    "After five wrong passwords please wait 15 minutes before you try again."
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
    return sign_in_form(request, then=next)


@router.post("/login")
def sign_in(
    request: Request,
    csrf: CsrfField = "",
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    stranger_forms.refuse_if_not_ours(request, csrf)
    if not limits.may_try_a_password(network_of(cookies.address_of(request))):
        return sign_in_form(request, then=next, username=username, problem=TOO_OFTEN, status=429)
    with transaction() as session:
        known = proving.password_hash_of(session, username)
    proof = passwords.compare(known, password)
    with transaction() as session:
        audit.acts_from(session, cookies.address_of(request))
        try:
            member = proving.sign_in(session, username, proof, cookies.place_of(request))
        except proving.SignInRefused:
            return sign_in_form(request, then=next, username=username, problem=REFUSED, status=401)
        response = let_in(session, request, member, then=next)
    stranger_forms.forget(response, path=FORM)
    return response


@router.post("/logout")
def sign_out(request: Request, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = leaving(session, request)
        refuse_forged(visit.csrf_token, csrf)
        staff_sessions.close_session(session, visit)
    response = go_to(FORM)
    cookies.sign_out(response)
    return response


def sign_in_form(
    request: Request, *, then: str = "", username: str = "", problem: str = "", status: int = 200
) -> Response:
    token = stranger_forms.token_for(request)
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
    stranger_forms.keep(response, token, path=FORM)
    return response
