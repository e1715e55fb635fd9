"""Who may see a page or send a form; asked at the top of every route."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import Form, Request, Response
from sqlalchemy.orm import Session

from clinic import audit, staff_sessions
from clinic.roles import Role
from clinic.settings import settings
from clinic.tables import StaffSession

SESSION_COOKIE = "staff_session"
HOME = "/staff/leads"

# Only our own pages, and only plain signs: `//elsewhere.example` is another website.
OWN_PAGE = re.compile(r"/staff(/[a-z0-9]+)*(\?[a-z0-9=&_-]*)?", re.IGNORECASE | re.ASCII)

CsrfField = Annotated[str, Form()]


class SignInNeeded(Exception):
    """Nobody is signed in here, or their time is over."""

    def __init__(self, then: str) -> None:
        super().__init__()
        self.then = then


class PasswordChangeNeeded(Exception):
    """Signed in with a one-time password; nothing else is open until it is changed."""


class NotAllowed(Exception):
    """This page or form is for another role."""


class FormRefused(Exception):
    """The form did not come from our own page."""


class NotThere(Exception):
    """There is no such lead or event."""


def signed_in(
    session: Session,
    request: Request,
    role: Role = Role.STAFF,
    *,
    may_have_one_time_password: bool = False,
) -> StaffSession:
    """The visit of the member of staff who asks for this page; what follows is done by them.

    Raises:
        SignInNeeded, PasswordChangeNeeded, NotAllowed: answered by the error pages.
    """
    visit = visit_of(session, request)
    if visit is None:
        raise SignInNeeded(then=_this_page(request))
    if visit.staff.must_change_password and not may_have_one_time_password:
        raise PasswordChangeNeeded
    if not Role(visit.staff.role).may_act_as(role):
        raise NotAllowed
    audit.acts_from(session, address_of(request))
    return visit


def address_of(request: Request) -> str | None:
    """The network address that a request came from, as far as trusted proxies tell."""
    return request.client.host if request.client else None


def visit_of(session: Session, request: Request) -> StaffSession | None:
    token = request.cookies.get(SESSION_COOKIE)
    return staff_sessions.session_for(session, token) if token else None


def refuse_forged(expected: str, sent: str) -> None:
    """Stop a form that another website made the browser send."""
    if not expected or not secrets.compare_digest(expected.encode(), sent.encode()):
        raise FormRefused


def own_page(address: str) -> str:
    """The address if it is one of our pages, the list of leads if it is anything else."""
    return address if OWN_PAGE.fullmatch(address) else HOME


def keep_signed_in(response: Response, token: str) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        token,
        path="/staff",
        httponly=True,
        samesite="strict",
        secure=is_reached_by_https(),
    )


def is_reached_by_https() -> bool:
    return settings().public_url.startswith("https://")


def _this_page(request: Request) -> str:
    if request.method != "GET":
        return HOME
    query = f"?{request.url.query}" if request.url.query else ""
    return own_page(request.url.path + query)
