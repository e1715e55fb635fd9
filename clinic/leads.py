"""Leads: visitors who want the clinic to get in touch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import (
    audit,
    conversations,
    crisis_events,
    lead_changes,
    lead_merge,
    lead_origin,
    lead_search,
    lead_statuses,
    notices,
)
from clinic.clock import now
from clinic.lead_urgency import CALLBACK_URGENCY, come_in_again, due_for
from clinic.tables import Lead, Note


@dataclass(frozen=True)
class LeadRequest:
    """What a finished screening or callback request says about a visitor."""

    conversation_id: str
    name: str
    phone: str | None = None
    email: str | None = None
    contact: dict[str, str] = field(default_factory=dict)
    wants_callback: bool = False
    urgency: int = CALLBACK_URGENCY
    outcome: str | None = None
    triage: dict[str, Any] | None = None
    summary: list[list[str]] = field(default_factory=list)
    response: dict[str, Any] | None = None
    clinical: dict[str, Any] | None = None


def save_lead(session: Session, request: LeadRequest) -> Lead:
    """Keep the lead, queue a notice to staff and write the audit log.

    All three happen in the caller's transaction or not at all. A conversation has one
    lead: a second request adds to it, and its urgency only rises. Words of crisis raise it.
    """
    conversations.refuse_erased(session, request.conversation_id)
    if crisis_events.were_heard(session, request.conversation_id):
        request = replace(request, urgency=max(request.urgency, crisis_events.URGENCY))
    existing = find_by_conversation(session, request.conversation_id)
    if existing is not None:
        return _add_to(session, existing, request)
    came_at = now()
    lead = Lead(
        conversation_id=request.conversation_id,
        created_at=came_at,
        status="new",
        urgency=request.urgency,
        outcome=request.outcome,
        wants_callback=request.wants_callback,
        due_at=due_for(
            request.outcome,
            wants_callback=request.wants_callback,
            urgency=request.urgency,
            since=came_at,
        ),
        name=request.name,
        phone=request.phone,
        email=request.email,
        contact=request.contact,
        triage=request.triage,
        summary=request.summary,
        response=request.response,
        clinical=request.clinical,
    )
    lead_origin.fill_in(session, lead)
    try:
        with session.begin_nested():
            session.add(lead)
    except IntegrityError:
        # Another worker saved this conversation's lead between our look and our write.
        saved = find_by_conversation(session, request.conversation_id)
        if saved is None:
            raise
        return _add_to(session, saved, request)
    lead_search.index(session, lead)
    notices.queue(session, kind="new_lead", subject=f"lead:{lead.id}", urgency=lead.urgency)
    audit.record(session, actor="bot", action="lead.created", subject=f"lead:{lead.id}")
    return lead


def _add_to(session: Session, lead: Lead, request: LeadRequest) -> Lead:
    shown_by = lead_merge.locked_with_those_it_was_merged_into(session, lead)
    if not _says_more(lead, request):
        return lead
    lead.name = request.name
    lead.phone = request.phone or lead.phone
    lead.email = request.email or lead.email
    lead.contact = {**lead.contact, **request.contact}
    lead.wants_callback = lead.wants_callback or request.wants_callback
    if request.response is not None:
        lead.outcome = request.outcome
        lead.triage = request.triage
        lead.triage_verdict = None  # a clinician judged the one before
        lead.summary = request.summary
        lead.response = request.response
        lead.clinical = request.clinical
    lead_origin.fill_in(session, lead)
    lead_search.index(session, lead)
    for each in shown_by:
        _look_again(session, each, request.urgency)
    audit.record(session, actor="bot", action="lead.updated", subject=f"lead:{lead.id}")
    return lead


def _look_again(session: Session, lead: Lead, urgency: int) -> None:
    """What is new is not done with what was done before; nor is what is more urgent now."""
    is_waiting_anew = lead.status in lead_statuses.DONE or (
        lead.status == "contacted" and urgency > lead.urgency
    )
    come_in_again(lead, urgency)
    lead.opened_at = None
    if is_waiting_anew:
        lead.status, lead.status_reason = "new", None
        audit.record(session, actor="bot", action="lead.new", subject=f"lead:{lead.id}")
    if lead.merged_into is None:
        notices.queue(session, kind="new_lead", subject=f"lead:{lead.id}", urgency=lead.urgency)


def _says_more(lead: Lead, request: LeadRequest) -> bool:
    """Whether the request differs from what is kept: Rasa may run one action twice."""
    same_screening = request.response is None or request.summary == lead.summary
    return not (
        same_screening
        and request.name == lead.name
        and request.phone in (None, lead.phone)
        and request.email in (None, lead.email)
        and request.contact.items() <= lead.contact.items()
        and request.wants_callback <= lead.wants_callback
    )


def find_by_conversation(session: Session, conversation_id: str) -> Lead | None:
    return session.scalar(select(Lead).where(Lead.conversation_id == conversation_id))


def set_status(
    session: Session, lead: Lead, status: str, *, staff_id: int, reason: str | None = None
) -> None:
    """Move a lead along, or back, or give another reason.

    Raises:
        UnknownStatus, UnknownReason: nothing is changed.
    """
    lead_statuses.refuse_unknown(status, reason)
    if (status, reason) == (lead.status, lead.status_reason):
        return
    lead.status, lead.status_reason = status, reason
    if status != "new" and lead.contacted_at is None:
        lead.contacted_at = now()
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action=f"lead.{status}",
        subject=f"lead:{lead.id}",
        detail=reason,
    )


def add_note(session: Session, lead: Lead, text: str, *, staff_id: int) -> Note:
    """Write down what staff say about a lead, for staff only.

    Raises:
        LeadErased: nothing is written.
    """
    lead_changes.locked_and_kept(session, lead)
    note = Note(lead_id=lead.id, staff_id=staff_id, text=text)
    session.add(note)
    audit.record(session, actor=f"staff:{staff_id}", action="lead.noted", subject=f"lead:{lead.id}")
    return note
