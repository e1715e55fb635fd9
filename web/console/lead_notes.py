"""Write down what was done for a lead: a note, or a call by one click."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from clinic import lead_calls, lead_changes, leads
from clinic.database import transaction
from web.console.access import CsrfField, FormRefused, NotThere
from web.console.lead import LeadId, address_of, lead_in_a_form
from web.console.lead_view import LONGEST_NOTE, lead_view
from web.console.pages import go_to

router = APIRouter(prefix="/leads/{lead_id}")


@router.post("/notes")
def add_note(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", text: Annotated[str, Form()] = ""
) -> Response:
    with transaction() as session:
        visit, lead = lead_in_a_form(session, request, lead_id, csrf)
        # Browsers count a line break as one sign, and send two.
        text = text.replace("\r\n", "\n")
        problem = _problem_with(text)
        if problem:
            problems = {"note": problem}
            return lead_view(session, request, visit, lead, draft=text, problems=problems)
        try:
            leads.add_note(session, lead, text.strip(), staff_id=visit.staff_id)
        except lead_changes.LeadErased:
            raise NotThere from None
    return go_to(f"{address_of(lead)}?done=note#notes")


@router.post("/calls")
def log_call(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", outcome: Annotated[str, Form()] = ""
) -> Response:
    with transaction() as session:
        visit, lead = lead_in_a_form(session, request, lead_id, csrf)
        try:
            lead_calls.log(session, lead, outcome, staff_id=visit.staff_id)
        except lead_calls.UnknownCall:
            raise FormRefused from None
        except lead_changes.LeadErased:
            raise NotThere from None
    return go_to(f"{address_of(lead)}?done=call")


def _problem_with(note: str) -> str:
    if not note.strip():
        return "Please write something first."
    if len(note) > LONGEST_NOTE:
        return f"Please keep a note under {LONGEST_NOTE:,} characters; this one has {len(note):,}."
    return ""
