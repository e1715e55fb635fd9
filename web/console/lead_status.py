"""Move a lead along, and judge its triage. Whoever is slower sees what the other did first."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from clinic import lead_changes, lead_merge, lead_timeline, leads, triage_verdicts
from clinic.database import transaction
from clinic.lead_statuses import DONE, UnknownReason, UnknownStatus, reason_in_words, refuse_unknown
from clinic.lead_timeline import Deed
from clinic.roles import Role
from clinic.tables import Lead, StaffSession
from web.console.access import CsrfField, FormRefused
from web.console.lead import LeadId, address_of, lead_in_a_form
from web.console.lead_view import lead_view
from web.console.pages import go_to, page

router = APIRouter(prefix="/leads/{lead_id}")

Seen = Annotated[int, Form(ge=0, le=2**31 - 1)]
"""The newest change that the page showed."""

NO_REASON = "Please choose why."


@router.post("/status")
def change_status(
    request: Request,
    lead_id: LeadId,
    csrf: CsrfField = "",
    status: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    seen: Seen = 0,
) -> Response:
    with transaction() as session:
        visit, lead = lead_in_a_form(session, request, lead_id, csrf)
        _refuse_what_is_not_offered(status, reason)
        if status in DONE and not reason:
            return lead_view(session, request, visit, lead, problems={status: NO_REASON})
        # From here on nobody else changes it, so what is compared now stays true.
        lead_changes.locked(session, lead)
        changes = _since(session, lead, seen)
        if changes:
            return _what_the_other_did(session, request, visit, lead, changes, status, reason)
        leads.set_status(session, lead, status, reason=reason or None, staff_id=visit.staff_id)
    return go_to(f"{address_of(lead)}?done=status")


@router.post("/verdict")
def judge(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", verdict: Annotated[str, Form()] = ""
) -> Response:
    with transaction() as session:
        visit, lead = lead_in_a_form(session, request, lead_id, csrf, Role.CLINICIAN)
        try:
            triage_verdicts.judge(session, lead, verdict or None, staff_id=visit.staff_id)
        except triage_verdicts.UnknownVerdict:
            raise FormRefused from None
    return go_to(f"{address_of(lead)}?done=verdict#triage")


def _refuse_what_is_not_offered(status: str, reason: str) -> None:
    try:
        refuse_unknown(status, reason or None)
    except (UnknownStatus, UnknownReason):
        raise FormRefused from None


def _since(session: Session, lead: Lead, seen: int) -> list[Deed]:
    every = [lead, *lead_merge.merged_leads(session, lead)]
    return lead_timeline.deeds(session, lead_changes.since(session, every, seen))


def _what_the_other_did(
    session: Session,
    request: Request,
    visit: StaffSession,
    lead: Lead,
    changes: list[Deed],
    status: str,
    reason: str,
) -> Response:
    return page(
        request,
        "lead_meanwhile.html",
        visit=visit,
        status=409,
        lead=lead,
        changes=changes,
        wanted=status,
        reason=reason,
        why=reason_in_words(status, reason or None),
        seen=lead_changes.newest(session, [lead, *lead_merge.merged_leads(session, lead)]),
    )
