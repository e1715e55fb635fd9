"""Two leads side by side: are they the same person? Then one shows both; or part them again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from clinic import inbox, lead_merge
from clinic.database import transaction
from clinic.lead_statuses import DONE
from clinic.tables import Lead, StaffSession
from web.console.access import CsrfField, FormRefused, NotThere, signed_in
from web.console.lead import LeadId, address_of, find_lead, lead_in_a_form
from web.console.pages import go_to, page

router = APIRouter(prefix="/leads/{lead_id}")

OtherId = Annotated[str, Form(pattern=r"^[0-9a-f]{32}$")]


@router.get("/merge/{other_id}")
def compare(request: Request, lead_id: LeadId, other_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        return _side_by_side(session, request, visit, lead_id, other_id)


@router.post("/merge")
def merge(
    request: Request,
    lead_id: LeadId,
    csrf: CsrfField = "",
    other: OtherId = "",
    stays: OtherId = "",
) -> Response:
    with transaction() as session:
        visit, _ = lead_in_a_form(session, request, lead_id, csrf)
        if lead_id == other or stays not in (lead_id, other):
            raise FormRefused
        goes = session.get(Lead, other if stays == lead_id else lead_id)
        into = session.get(Lead, stays)
        if goes is None or into is None:
            raise NotThere
        try:
            lead_merge.merge(session, goes, into, staff_id=visit.staff_id)
        except lead_merge.NotMergeable:
            # Somebody else was faster, or the form was changed: show the two as they are now.
            return _side_by_side(session, request, visit, lead_id, other, was_refused=True)
    return go_to(f"{address_of(into)}?done=merged")


@router.post("/part")
def part(request: Request, lead_id: LeadId, csrf: CsrfField = "", other: OtherId = "") -> Response:
    with transaction() as session:
        visit, lead = lead_in_a_form(session, request, lead_id, csrf)
        goes = session.get(Lead, other)
        if goes is None:
            raise NotThere
        try:
            lead_merge.part(session, goes, staff_id=visit.staff_id)
        except lead_merge.NotMergeable:
            return go_to(f"{address_of(lead)}?done=is_parted")
    return go_to(f"{address_of(lead)}?done=parted")


def _side_by_side(
    session: Session,
    request: Request,
    visit: StaffSession,
    lead_id: str,
    other_id: str,
    *,
    was_refused: bool = False,
) -> Response:
    both = [find_lead(session, each) for each in (lead_id, other_id)]
    if both[0].id == both[1].id:
        return go_to(f"{address_of(both[0])}?done=is_merged")
    if any(lead.erased_at for lead in both):
        raise NotThere
    for lead in both:
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
    may_stay = _who_may_stay(both)
    return page(
        request,
        "lead_merge.html",
        visit=visit,
        status=409 if was_refused else 200,
        both=both,
        agrees=lead_merge.agreement(*both),
        may_stay=may_stay,
        proposed=max(may_stay, key=lambda lead: lead.triage is not None),
        was_refused=was_refused,
    )


def _who_may_stay(both: list[Lead]) -> list[Lead]:
    """Not the one that is done with, while the other still waits: it would wait unseen."""
    waiting = [lead for lead in both if lead.status not in DONE]
    return waiting if len(waiting) == 1 else both
