"""The team, for admins: who has an account, who is invited, and the way to invite one more."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from sqlalchemy.orm import Session

from clinic import invitations, second_factor, staff, team
from clinic.database import transaction
from clinic.roles import Role
from clinic.settings import settings
from clinic.tables import StaffSession
from web.console.access import CsrfField, FormRefused, NotThere, refuse_forged, signed_in
from web.console.pages import go_to, page

router = APIRouter(prefix="/team")

InvitationId = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("")
def team_page(request: Request) -> Response:
    with transaction() as session:
        return _page(session, request, signed_in(session, request, Role.ADMIN))


@router.post("/invitations")
def invite(
    request: Request,
    csrf: CsrfField = "",
    username: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
        chosen = role_named(role)
        try:
            token = invitations.invite(session, username, chosen, by=visit.staff_id)
        except staff.StaffError as refused:
            return _page(session, request, visit, typed=username, role=role, problem=str(refused))
        return page(
            request,
            "invited.html",
            visit=visit,
            username=staff.normal(username),
            role=chosen,
            link=f"{settings().public_url}/staff/join#{token}",
            token=token,
        )


@router.post("/invitations/{token_hash}/withdraw")
def withdraw(request: Request, token_hash: InvitationId, csrf: CsrfField = "") -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
        if not invitations.withdraw(session, token_hash, by=visit.staff_id):
            raise NotThere
    return go_to("/staff/team?done=withdrawn")


def role_named(role: str) -> Role:
    """The role that a form names; our own forms name no other."""
    try:
        return Role(role)
    except ValueError:
        raise FormRefused from None


def _page(
    session: Session,
    request: Request,
    visit: StaffSession,
    *,
    typed: str = "",
    role: str = Role.STAFF,
    problem: str = "",
) -> Response:
    return page(
        request,
        "team.html",
        visit=visit,
        status=422 if problem else 200,
        members=team.everybody(session),
        has_second_factor=second_factor.is_on,
        invitations=invitations.open_ones(session),
        roles=list(Role),
        typed=typed,
        role=role,
        problem=problem,
    )
