"""Erase a person, or a conversation of somebody who left no request. Never by a slip."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from clinic import conversations, erasure, inbox, leads
from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import CrisisEvent, Lead, StaffSession
from web.console.access import CsrfField, NotThere, refuse_forged, signed_in
from web.console.crisis import CrisisId
from web.console.lead import LeadId, address_of, find_lead
from web.console.pages import go_to, page

router = APIRouter()

WORD = "ERASE"
NOT_MEANT = f"Nothing was erased. To erase, type {WORD} into the field."

Typed = Annotated[str, Form(max_length=100)]


@router.get("/leads/{lead_id}/erase")
def ask_about_a_person(request: Request, lead_id: LeadId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        lead = _lead(session, lead_id)
        inbox.look_at_lead(session, lead, staff_id=visit.staff_id)
        return _person_page(session, request, visit, lead)


@router.post("/leads/{lead_id}/erase")
def erase_a_person(
    request: Request, lead_id: LeadId, csrf: CsrfField = "", typed: Typed = ""
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
        lead = _lead(session, lead_id)
        if not _is_meant(typed):
            return _person_page(session, request, visit, lead, problem=NOT_MEANT)
        erasure.erase_lead(session, lead, visit.staff_id)
    return go_to(f"{address_of(lead)}?done=erased")


@router.get("/crisis/{event_id}/erase")
def ask_about_a_conversation(request: Request, event_id: CrisisId) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        event = _event(session, event_id)
        lead = leads.find_by_conversation(session, event.conversation_id)
        if lead is not None:
            return go_to(f"{address_of(lead)}/erase")
        return _conversation_page(request, visit, event)


@router.post("/crisis/{event_id}/erase")
def erase_a_conversation(
    request: Request, event_id: CrisisId, csrf: CsrfField = "", typed: Typed = ""
) -> Response:
    with transaction() as session:
        visit = signed_in(session, request, Role.ADMIN)
        refuse_forged(visit.csrf_token, csrf)
        event = _event(session, event_id)
        if not _is_meant(typed):
            return _conversation_page(request, visit, event, problem=NOT_MEANT)
        try:
            erasure.erase_conversation(session, event.conversation_id, visit.staff_id)
        except erasure.HasLead:
            return go_to(f"/staff/crisis/{event_id}/erase")
    return go_to(f"/staff/crisis/{event_id}?done=erased_conversation")


def _lead(session: Session, lead_id: str) -> Lead:
    lead = find_lead(session, lead_id)
    if lead.erased_at is not None:
        raise NotThere
    return lead


def _event(session: Session, event_id: int) -> CrisisEvent:
    event = session.get(CrisisEvent, event_id)
    if event is None or not conversations.exists(session, event.conversation_id):
        raise NotThere
    return event


def _is_meant(typed: str) -> bool:
    return typed.strip().upper() == WORD


def _person_page(
    session: Session, request: Request, visit: StaffSession, lead: Lead, problem: str = ""
) -> Response:
    return page(
        request,
        "erase_person.html",
        visit=visit,
        status=422 if problem else 200,
        lead=lead,
        held=erasure.held(session, lead),
        word=WORD,
        problem=problem,
    )


def _conversation_page(
    request: Request, visit: StaffSession, event: CrisisEvent, problem: str = ""
) -> Response:
    return page(
        request,
        "erase_conversation.html",
        visit=visit,
        status=422 if problem else 200,
        event=event,
        word=WORD,
        problem=problem,
    )
