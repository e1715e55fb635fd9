"""Leads: visitors who want the clinic to get in touch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import audit, crisis_events, notices
from clinic.tables import Lead, Note

STATUSES = ("new", "contacted", "booked", "closed")
DONE = ("booked", "closed")
CALLBACK_URGENCY = 2
"""Where a plain callback request stands among screened leads (4 is the most urgent)."""


class UnknownStatus(Exception):
    """A status that no lead can have."""


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
    if crisis_events.were_heard(session, request.conversation_id):
        request = replace(request, urgency=max(request.urgency, crisis_events.URGENCY))
    existing = find_by_conversation(session, request.conversation_id)
    if existing is not None:
        return _add_to(session, existing, request)
    lead = Lead(
        conversation_id=request.conversation_id,
        status="new",
        urgency=request.urgency,
        outcome=request.outcome,
        wants_callback=request.wants_callback,
        name=request.name,
        phone=request.phone,
        email=request.email,
        contact=request.contact,
        triage=request.triage,
        summary=request.summary,
        response=request.response,
        clinical=request.clinical,
    )
    try:
        with session.begin_nested():
            session.add(lead)
    except IntegrityError:
        # Another worker saved this conversation's lead between our look and our write.
        saved = find_by_conversation(session, request.conversation_id)
        if saved is None:
            raise
        return _add_to(session, saved, request)
    notices.queue(session, kind="new_lead", subject=f"lead:{lead.id}")
    audit.record(session, actor="bot", action="lead.created", subject=f"lead:{lead.id}")
    return lead


def _add_to(session: Session, lead: Lead, request: LeadRequest) -> Lead:
    if not _says_more(lead, request):
        return lead
    if lead.status in DONE:
        # Somebody has to look again: what is new is not done with what was done before.
        lead.status = "new"
        audit.record(session, actor="bot", action="lead.new", subject=f"lead:{lead.id}")
    lead.name = request.name
    lead.phone = request.phone or lead.phone
    lead.email = request.email or lead.email
    lead.contact = {**lead.contact, **request.contact}
    lead.wants_callback = lead.wants_callback or request.wants_callback
    lead.urgency = max(lead.urgency, request.urgency)
    if request.response is not None:
        lead.outcome = request.outcome
        lead.triage = request.triage
        lead.summary = request.summary
        lead.response = request.response
        lead.clinical = request.clinical
    notices.queue(session, kind="new_lead", subject=f"lead:{lead.id}")
    audit.record(session, actor="bot", action="lead.updated", subject=f"lead:{lead.id}")
    return lead


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


def by_urgency(
    session: Session, *, statuses: Collection[str] = STATUSES, limit: int = 200
) -> list[Lead]:
    """Leads with one of these statuses, the most urgent first, then the longest waiting."""
    query = select(Lead).where(Lead.status.in_(statuses))
    query = query.order_by(Lead.urgency.desc(), Lead.created_at, Lead.id).limit(limit)
    return list(session.scalars(query))


def set_status(session: Session, lead: Lead, status: str, *, staff_id: int) -> None:
    """Move a lead along; only the four known statuses exist."""
    if status not in STATUSES:
        raise UnknownStatus(status)
    if status == lead.status:
        return
    lead.status = status
    audit.record(
        session, actor=f"staff:{staff_id}", action=f"lead.{status}", subject=f"lead:{lead.id}"
    )


def add_note(session: Session, lead: Lead, text: str, *, staff_id: int) -> Note:
    note = Note(lead_id=lead.id, staff_id=staff_id, text=text)
    session.add(note)
    audit.record(session, actor=f"staff:{staff_id}", action="lead.noted", subject=f"lead:{lead.id}")
    return note
