"""Join the team: who was invited makes an account here, with a password of their own.

The link is /staff/join#TOKEN. What stands behind # never leaves the browser: no proxy's log, no
Referer and no bookmark service on the way learns it. A script puts it into the form and out of the
address bar. Without script the form asks for the code, which stands beside the link.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import audit, invitations, passwords, weak_passwords
from clinic.database import transaction
from clinic.staff import StaffError
from clinic.tables import Invitation
from clinic.tries import network_of
from web import limits
from web.console import cookies, stranger_forms
from web.console.access import CsrfField
from web.console.letting_in import let_in
from web.console.pages import page
from web.console.password import problem_with
from web.console.sign_in import TOO_OFTEN

router = APIRouter(prefix="/join")

FORM = "/staff/join"
TokenField = Annotated[str, Form()]


@router.get("")
def join_page(request: Request) -> Response:
    return _form(request)


@router.post("")
def show_invitation(request: Request, csrf: CsrfField = "", token: TokenField = "") -> Response:
    """Say who is invited, and ask for a password."""
    stranger_forms.refuse_if_not_ours(request, csrf)
    if not limits.may_try_a_password(network_of(cookies.address_of(request))):
        return _form(request, problem=TOO_OFTEN, status=429)
    try:
        return _form(request, token=token, invitation=_open(token))
    except invitations.NoInvitation as refused:
        return _form(request, problem=str(refused), status=422)


@router.post("/account")
def make_account(
    request: Request,
    csrf: CsrfField = "",
    token: TokenField = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    stranger_forms.refuse_if_not_ours(request, csrf)
    if not limits.may_try_a_password(network_of(cookies.address_of(request))):
        return _form(request, problem=TOO_OFTEN, status=429)
    try:
        invitation = _open(token)
        problem = problem_with(new, again, username=invitation.username)
        if problem is not None:
            return _form(request, token=token, invitation=invitation, problem=problem, status=422)
        return _joined(request, token, passwords.hashed(new))
    except StaffError as refused:
        return _form(request, problem=str(refused), status=422)


def _open(token: str) -> Invitation:
    """A transaction of its own, over before the slow hashing begins."""
    with transaction() as session:
        return invitations.find(session, token)


def _joined(request: Request, token: str, password_hash: str) -> Response:
    with transaction() as session:
        audit.acts_from(session, cookies.address_of(request))
        member = invitations.accept(session, token, password_hash)
        response = let_in(session, request, member)
    stranger_forms.forget(response, path=FORM)
    return response


def _form(
    request: Request,
    *,
    token: str = "",
    invitation: Invitation | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    csrf = stranger_forms.token_for(request)
    response = page(
        request,
        "join.html",
        visit=None,
        status=status,
        csrf=csrf,
        token=token,
        invitation=invitation,
        shortest=weak_passwords.SHORTEST,
        problem=problem,
    )
    stranger_forms.keep(response, csrf, path=FORM)
    return response
