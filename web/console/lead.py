"""One lead: what the visitor said, what triage made of it, and what staff did since."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from sqlalchemy.orm import Session

from clinic import inbox, leads
from clinic.clinical_summary import clinical_summary
from clinic.database import transaction
from clinic.questionnaires import SCREENING, form
from clinic.screening.hand_written import UnusableFileError
from clinic.screening.questionnaire import Questionnaire
from clinic.tables import Lead, StaffSession
from web.console.access import CsrfField, FormRefused, NotThere, refuse_forged, signed_in
from web.console.pages import go_to, page
from web.console.transcripts import transcript

router = APIRouter(prefix="/leads/{lead_id}")

LeadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
LONGEST_NOTE = 4000


@router.get("")
def lead_page(request: Request, lead_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        lead = find_lead(session, lead_id)
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
        return _page(session, request, visit, lead)


@router.post("/status")
def change_status(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", status: Annotated[str, Form()] = ""
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        lead = find_lead(session, lead_id)
        try:
            leads.set_status(session, lead, status, staff_id=visit.staff_id)
        except leads.UnknownStatus:
            raise FormRefused from None
    return go_to(f"/staff/leads/{lead_id}?done=status")


@router.post("/notes")
def add_note(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", text: Annotated[str, Form()] = ""
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request)
        refuse_forged(visit.csrf_token, csrf)
        lead = find_lead(session, lead_id)
        problem = _problem_with(text)
        if problem:
            return _page(session, request, visit, lead, draft=text, problem=problem)
        leads.add_note(session, lead, text.strip(), staff_id=visit.staff_id)
    return go_to(f"/staff/leads/{lead_id}?done=note#notes")


def find_lead(session: Session, lead_id: str) -> Lead:
    lead = session.get(Lead, lead_id)
    if lead is None:
        raise NotThere
    return lead


def questions() -> Questionnaire | None:
    """The screening's questions, for their short labels."""
    try:
        return form(SCREENING).questionnaire
    except UnusableFileError:
        # Someone is editing the file: staff still have to see the lead.
        return None


def _problem_with(note: str) -> str:
    if not note.strip():
        return "Please write something first."
    if len(note) > LONGEST_NOTE:
        return f"Please keep a note under {LONGEST_NOTE:,} characters; this one has {len(note):,}."
    return ""


def _page(
    session: Session,
    request: Request,
    visit: StaffSession,
    lead: Lead,
    *,
    draft: str = "",
    problem: str = "",
) -> Response:
    return page(
        request,
        "lead.html",
        visit=visit,
        status=422 if problem else 200,
        lead=lead,
        summary=clinical_summary(lead, questions()),
        crisis_events=inbox.crisis_of(session, lead.conversation_id),
        bubbles=transcript(session, lead.conversation_id),
        statuses=leads.STATUSES,
        longest_note=LONGEST_NOTE,
        draft=draft,
        problem=problem,
    )
