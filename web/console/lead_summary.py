"""The clinical summary of one lead: one page, to be read before the call or printed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from clinic import inbox
from clinic.clinical_summary import clinical_summary
from clinic.database import transaction
from clinic.facts import facts
from clinic.roles import Role
from web.console.access import signed_in
from web.console.lead import LeadId, find_lead
from web.console.lead_view import questions
from web.console.pages import page

router = APIRouter(prefix="/leads/{lead_id}")


@router.get("/summary")
def lead_summary(request: Request, lead_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        lead = find_lead(session, lead_id)
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
        return page(
            request,
            "lead_summary.html",
            visit=visit,
            lead=lead,
            summary=clinical_summary(lead, questions()),
            crisis_events=inbox.crisis_of(session, lead.conversation_id),
            clinic=facts().name,
            is_clinician=Role(visit.staff.role).may_act_as(Role.CLINICIAN),
        )
