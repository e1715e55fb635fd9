"""The clinical summary of one request: one page, to be read before the call or printed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from clinic import inbox, lead_merge
from clinic.clinical_summary import clinical_summary
from clinic.database import transaction
from clinic.facts import facts
from clinic.roles import Role
from clinic.tables import CrisisEvent, Lead
from web.console.access import signed_in
from web.console.lead import LeadId, find_request
from web.console.lead_view import questions
from web.console.pages import page

router = APIRouter(prefix="/leads/{lead_id}")


@router.get("/summary")
def lead_summary(request: Request, lead_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        lead = find_request(session, lead_id)
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
        kept = lead_merge.stays(session, lead)
        requests = [kept, *lead_merge.merged_leads(session, kept)]
        return page(
            request,
            "lead_summary.html",
            visit=visit,
            lead=lead,
            kept=kept,
            requests=requests,
            summary=clinical_summary(lead, questions()),
            crisis_events=_crisis_events(session, requests),
            clinic=facts().name,
            is_clinician=Role(visit.staff.role).may_act_as(Role.CLINICIAN),
        )


def _crisis_events(session: Session, requests: list[Lead]) -> list[CrisisEvent]:
    """Those of the person, oldest first, in whichever conversation they were heard."""
    found = (inbox.crisis_of(session, each.conversation_id) for each in requests)
    return sorted((event for events in found for event in events), key=lambda event: event.at)
