"""One member of the team, for admins: role, and help for whoever is locked out or has left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from sqlalchemy.orm import Session

from clinic import second_factor, staff_sessions, team
from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import Staff, StaffSession
from web.console.access import CsrfField, NotAllowed, NotThere, refuse_forged, signed_in
from web.console.pages import go_to, page
from web.console.team import role_named

router = APIRouter(prefix="/team/{staff_id}")

StaffId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def member_page(request: Request, staff_id: StaffId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        return _page(session, request, visit, _member(session, staff_id))


@router.post("/role")
def change_role(
    request: Request, staff_id: StaffId, csrf: CsrfField = "", role: Annotated[str, Form()] = ""
) -> Response:
    with transaction() as session:
        visit, member = _colleague(session, request, staff_id, csrf)
        try:
            team.change_role(session, member, role_named(role), by=visit.staff_id)
        except team.LastAdmin as refused:
            return _page(session, request, visit, member, problem=str(refused))
    return _back(staff_id, "role")


@router.post("/deactivate")
def deactivate(request: Request, staff_id: StaffId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit, member = _colleague(session, request, staff_id, csrf)
        try:
            team.deactivate(session, member, by=visit.staff_id)
        except team.LastAdmin as refused:
            return _page(session, request, visit, member, problem=str(refused))
    return _back(staff_id, "deactivated")


@router.post("/reactivate")
def reactivate(request: Request, staff_id: StaffId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit, member = _colleague(session, request, staff_id, csrf)
        password = team.reactivate(session, member, by=visit.staff_id)
        return _password_shown(request, visit, member, password)


@router.post("/reset")
def reset_password(request: Request, staff_id: StaffId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit, member = _colleague(session, request, staff_id, csrf)
        password = team.reset_password(session, member, by=visit.staff_id)
        return _password_shown(request, visit, member, password)


@router.post("/second-factor/off")
def take_away_second_factor(request: Request, staff_id: StaffId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit, member = _colleague(session, request, staff_id, csrf)
        team.take_away_second_factor(session, member, by=visit.staff_id)
    return _back(staff_id, "second-factor-taken")


@router.post("/sessions/end")
def end_sessions(request: Request, staff_id: StaffId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit, member = _colleague(session, request, staff_id, csrf)
        team.end_sessions(session, member, by=visit.staff_id)
    return _back(staff_id, "signed-out")


def _colleague(
    session: Session, request: Request, staff_id: int, csrf: str
) -> tuple[StaffSession, Staff]:
    """Who does it, and to whom. Nobody does it to themselves: their own second factor would be
    off without a code, and a slip would shut them out.
    """
    visit = signed_in(session, request, Role.ADMIN)
    refuse_forged(visit.csrf_token, csrf)
    member = _member(session, staff_id)
    if member.id == visit.staff_id:
        raise NotAllowed
    return visit, member


def _member(session: Session, staff_id: int) -> Staff:
    member = session.get(Staff, staff_id)
    if member is None:
        raise NotThere
    return member


def _back(staff_id: int, done: str) -> Response:
    return go_to(f"/staff/team/{staff_id}?done={done}")


def _password_shown(
    request: Request, visit: StaffSession, member: Staff, password: str
) -> Response:
    """Only here and only now: it is kept nowhere in a readable form."""
    return page(request, "one_time_password.html", visit=visit, member=member, password=password)


def _page(
    session: Session, request: Request, visit: StaffSession, member: Staff, problem: str = ""
) -> Response:
    return page(
        request,
        "team_member.html",
        visit=visit,
        status=422 if problem else 200,
        member=member,
        is_self=member.id == visit.staff_id,
        has_second_factor=second_factor.is_on(member),
        sessions=staff_sessions.all_of(session, member),
        roles=list(Role),
        problem=problem,
    )
