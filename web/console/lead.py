"""One lead: what the visitor said, what triage made of it, and what staff did since."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.orm import Session

from clinic import audit, inbox, lead_merge
from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import Lead, StaffSession
from web.console.access import NotThere, refuse_forged, signed_in
from web.console.lead_view import lead_view
from web.console.pages import go_to

router = APIRouter(prefix="/leads/{lead_id}")

LeadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


@router.get("")
def lead_page(request: Request, lead_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        lead = find_lead(session, lead_id)
        if lead.id != lead_id:
            return go_to(f"{address_of(lead)}?done=is_merged")
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
        template = "lead_erased.html" if lead.erased_at else "lead.html"
        return lead_view(session, request, visit, lead, template=template)


@router.get("/print")
def paper(request: Request, lead_id: LeadId) -> Response:
    """The same in the order of reading, with nothing folded, for paper."""
    with transaction() as session:
        visit = signed_in(session, request)
        lead = find_lead(session, lead_id)
        if lead.erased_at is not None:
            raise NotThere
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
        audit.record(
            session,
            actor=f"staff:{visit.staff_id}",
            action="lead.printed",
            subject=f"lead:{lead.id}",
        )
        return lead_view(session, request, visit, lead, template="lead_print.html")


def find_lead(session: Session, lead_id: str) -> Lead:
    """The lead, or the one that it was merged into."""
    return lead_merge.stays(session, find_request(session, lead_id))


def find_request(session: Session, lead_id: str) -> Lead:
    """The lead itself, also if it was merged: its answers stand nowhere else."""
    lead = session.get(Lead, lead_id)
    if lead is None:
        raise NotThere
    return lead


def lead_in_a_form(
    session: Session, request: Request, lead_id: str, csrf: str, role: Role = Role.STAFF
) -> tuple[StaffSession, Lead]:
    """Who sends a form of a lead's page, and the lead. One that was erased takes no form."""
    visit = signed_in(session, request, role)
    refuse_forged(visit.csrf_token, csrf)
    lead = find_lead(session, lead_id)
    if lead.erased_at is not None:
        raise NotThere
    return visit, lead


def address_of(lead: Lead) -> str:
    return f"/staff/leads/{lead.id}"
