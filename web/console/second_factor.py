"""Set up one's own second factor, get new recovery codes, or turn it off."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from clinic import passwords, second_factor, sign_in, staff_sessions
from clinic.database import transaction
from clinic.facts import facts
from clinic.passwords import Proof
from clinic.settings import settings
from clinic.tables import Staff, StaffSession
from web.console.access import CsrfField, FormRefused, refuse_forged, signed_in
from web.console.cookies import place_of
from web.console.letting_in import keep, new_session
from web.console.pages import go_to, page

router = APIRouter(prefix="/account/second-factor")

HERE = "/staff/account/second-factor"
CodeField = Annotated[str, Form()]
PasswordField = Annotated[str, Form()]

WRONG_CODE = (
    "This code is not right, or it was used before. "
    "Wait for the next one in your app, and check that the phone's clock is right."
)
TOO_MANY = "There were too many wrong codes. Please wait 15 minutes."
BEGIN_AGAIN = "There are ten minutes for this, in one browser. Please begin again."
REFUSED = (
    "The password is not right. "
    "After five wrong passwords please wait 15 minutes before you try again."
)


@router.get("")
def second_factor_page(request: Request) -> Response:
    with transaction() as session:
        return _page(request, _visit(session, request))


@router.post("/begin")
def begin(request: Request, csrf: CsrfField = "", password: PasswordField = "") -> Response:
    """Make a key. Somebody who finds an open browser must not shut its owner out with it."""
    proof = _compared(request, csrf, password)
    with transaction() as session:
        visit = _visit(session, request)
        if not staff_sessions.is_fresh(visit) and not _is_theirs(session, request, visit, proof):
            return _page(request, visit, problem=REFUSED)
        second_factor.begin(session, visit.staff)
        staff_sessions.began_second_factor(session, visit)
    return go_to(HERE)


@router.post("/turn-on")
def turn_on(request: Request, csrf: CsrfField = "", code: CodeField = "") -> Response:
    """Take the app's first code. Browsers that were signed in without one are signed out."""
    with transaction() as session:
        visit = _visit(session, request, csrf)
        member = visit.staff
        if second_factor.is_on(member):
            return go_to(HERE)
        if not staff_sessions.may_see_the_key(visit):
            return _page(request, visit, problem=BEGIN_AGAIN)
        try:
            codes = second_factor.turn_on(session, member, code, place_of(request))
        except second_factor.CodeRefused as refused:
            return _page(request, visit, problem=_why(refused))
        staff_sessions.close_all(session, member)
        token, visit = new_session(session, request, member)
        response = _codes_shown(request, visit, codes)
    keep(request, response, token, member)
    return response


@router.post("/codes")
def new_codes(request: Request, csrf: CsrfField = "", code: CodeField = "") -> Response:
    with transaction() as session:
        visit = _visit(session, request, csrf)
        if not second_factor.is_on(visit.staff):
            return go_to(HERE)
        try:
            second_factor.prove(session, visit.staff, code, place_of(request))
        except second_factor.CodeRefused as refused:
            return _page(request, visit, problem=_why(refused))
        codes = second_factor.new_recovery_codes(session, visit.staff)
        return _codes_shown(request, visit, codes)


@router.post("/turn-off")
def turn_off(
    request: Request, csrf: CsrfField = "", password: PasswordField = "", code: CodeField = ""
) -> Response:
    proof = _compared(request, csrf, password)
    with transaction() as session:
        visit = _visit(session, request)
        if settings().require_second_factor or not second_factor.is_on(visit.staff):
            raise FormRefused
        if not _is_theirs(session, request, visit, proof):
            return _page(request, visit, problem=REFUSED)
        try:
            second_factor.prove(session, visit.staff, code, place_of(request))
        except second_factor.CodeRefused as refused:
            return _page(request, visit, problem=_why(refused))
        second_factor.turn_off(session, visit.staff, by=visit.staff_id)
    return go_to("/staff/account?done=second-factor-off")


def _visit(session: Session, request: Request, csrf: str | None = None) -> StaffSession:
    visit = signed_in(session, request, may_lack_second_factor=True)
    if csrf is not None:
        refuse_forged(visit.csrf_token, csrf)
    return visit


def _compared(request: Request, csrf: str, password: str) -> Proof:
    """The slow comparison, in no transaction."""
    with transaction() as session:
        known = _visit(session, request, csrf).staff.password_hash
    return passwords.compare(known, password)


def _is_theirs(session: Session, request: Request, visit: StaffSession, proof: Proof) -> bool:
    whose = f"staff:{visit.staff_id}"
    try:
        sign_in.accept(session, visit.staff, proof, place_of(request), actor=whose)
    except sign_in.SignInRefused:
        return False
    return True


def _why(refused: second_factor.CodeRefused) -> str:
    return TOO_MANY if isinstance(refused, second_factor.TooManyCodes) else WRONG_CODE


def _codes_shown(request: Request, visit: StaffSession, codes: list[str]) -> Response:
    """Only here and only now: they are kept nowhere in a readable form."""
    return page(request, "recovery_codes.html", visit=visit, codes=codes)


def _page(request: Request, visit: StaffSession, problem: str = "") -> Response:
    member = visit.staff
    is_new = member.totp_secret is not None and not second_factor.is_on(member)
    is_begun = is_new and staff_sessions.may_see_the_key(visit)
    return page(
        request,
        "second_factor.html",
        visit=visit,
        status=422 if problem else 200,
        is_on=second_factor.is_on(member),
        is_begun=is_begun,
        is_mandatory=settings().require_second_factor,
        is_fresh=staff_sessions.is_fresh(visit),
        codes_left=len(member.recovery_codes or ()),
        key=second_factor.key(member) if is_begun else "",
        picture=_picture(member) if is_begun else "",
        problem=problem,
    )


def _picture(member: Staff) -> str:
    """The QR code as an image in the page itself, black on white in every colour scheme."""
    made = segno.make(second_factor.address(member, facts().name), error="m")
    return made.svg_data_uri(scale=5, border=3, light="#fff")
