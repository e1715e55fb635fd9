"""Who may see a page or send a form; asked at the top of every route."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

from fastapi import Form, Request
from sqlalchemy.orm import Session

from clinic import audit, second_factor, staff_sessions
from clinic.roles import Role
from clinic.tables import StaffSession
from web.console.cookies import SESSION_COOKIE, address_of

HOME = "/staff/leads"

# Only our own pages, and only plain signs: `//elsewhere.example` is another website.
OWN_PAGE = re.compile(r"/staff(/[a-z0-9-]+)*(\?[a-z0-9=&_-]*)?", re.IGNORECASE | re.ASCII)

CsrfField = Annotated[str, Form()]


class SignInNeeded(Exception):
    """Nobody is signed in here, or their time is over."""

    def __init__(self, then: str) -> None:
        super().__init__()
        self.then = then


class CodeNeeded(SignInNeeded):
    """The password was right; nothing is open before the code of the second factor."""


class SecondFactorNeeded(Exception):
    """The clinic asks everybody for a second factor, and this account has none yet."""


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
    may_lack_second_factor: bool = False,
    by_hand: bool = True,
) -> StaffSession:
    """The visit of the member of staff who asks for this page; what follows is done by them.

    Args:
        by_hand: false for what a page asks for by itself, again and again: it must not keep a
            browser signed in that everybody has left.

    Raises:
        SignInNeeded, CodeNeeded, PasswordChangeNeeded, SecondFactorNeeded, NotAllowed: answered
            by the error pages.
    """
    visit = visit_of(session, request, by_hand=by_hand)
    if visit is None:
        raise SignInNeeded(then=_this_page(request))
    if visit.needs_second_factor:
        raise CodeNeeded(then=_this_page(request))
    if visit.staff.must_change_password and not may_have_one_time_password:
        raise PasswordChangeNeeded
    may_lack_second_factor = may_lack_second_factor or visit.staff.must_change_password
    if second_factor.is_missing(visit.staff) and not may_lack_second_factor:
        raise SecondFactorNeeded
    if not Role(visit.staff.role).may_act_as(role):
        raise NotAllowed
    audit.acts_from(session, address_of(request))
    return visit


def half_signed_in(session: Session, request: Request) -> StaffSession:
    """The visit of somebody whose password was right and whose code is still to come."""
    visit = visit_of(session, request)
    if visit is None or not visit.needs_second_factor:
        raise SignInNeeded(then="")
    audit.acts_from(session, address_of(request))
    return visit


def leaving(session: Session, request: Request) -> StaffSession:
    """The visit of somebody who signs out, however far they came in."""
    visit = visit_of(session, request)
    if visit is None:
        raise SignInNeeded(then="")
    audit.acts_from(session, address_of(request))
    return visit


def visit_of(session: Session, request: Request, *, by_hand: bool = True) -> StaffSession | None:
    token = request.cookies.get(SESSION_COOKIE)
    return staff_sessions.session_for(session, token, by_hand=by_hand) if token else None


def refuse_forged(expected: str, sent: str) -> None:
    """Stop a form that another website made the browser send."""
    if not expected or not secrets.compare_digest(expected.encode(), sent.encode()):
        raise FormRefused


def own_page(address: str) -> str:
    """The address if it is one of our pages, the list of leads if it is anything else."""
    return address if OWN_PAGE.fullmatch(address) else HOME


def _this_page(request: Request) -> str:
    if request.method != "GET":
        return HOME
    query = f"?{request.url.query}" if request.url.query else ""
    return own_page(request.url.path + query)
