"""The page of one lead: everything that is known about one person, from all their requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import (
    inbox,
    lead_assignment,
    lead_calls,
    lead_changes,
    lead_merge,
    lead_search,
    lead_statuses,
    retention,
)
from clinic.clinical_summary import ClinicalSummary, clinical_summary
from clinic.lead_timeline import timeline
from clinic.questionnaires import SCREENING, form
from clinic.roles import Role
from clinic.screening.hand_written import UnusableFileError
from clinic.screening.questionnaire import Questionnaire
from clinic.tables import Consent, CrisisEvent, Lead, Note, StaffSession
from clinic.triage_verdicts import VERDICTS
from web.console.pages import page
from web.console.transcripts import Bubble, transcript

LONGEST_NOTE = 4000


@dataclass(frozen=True)
class Asked:
    """One request of the person: its answers, its conversation and what was agreed to."""

    lead: Lead
    summary: ClinicalSummary
    crisis_events: list[CrisisEvent]
    consents: list[Consent]
    bubbles: list[Bubble]


def lead_view(
    session: Session,
    request: Request,
    visit: StaffSession,
    lead: Lead,
    *,
    template: str = "lead.html",
    draft: str = "",
    problems: dict[str, str] | None = None,
) -> Response:
    """The page as it is now; `problems` are shown at their forms, and a draft is given back."""
    merged = lead_merge.merged_leads(session, lead)
    every = [lead, *merged]
    asked = [_asked(session, each) for each in every]
    return page(
        request,
        template,
        visit=visit,
        status=422 if problems else 200,
        lead=lead,
        asked=asked,
        reach=_reach(every),
        wishes={label: words for each in reversed(every) for label, words in each.contact.items()},
        notes=_notes(session, every),
        deeds=timeline(session, every),
        calls=lead_calls.calls(session, every),
        same=_same(session, every),
        expires=retention.end_of(session, lead),
        seen=lead_changes.newest(session, every),
        is_clinician=Role(visit.staff.role).may_act_as(Role.CLINICIAN),
        is_admin=Role(visit.staff.role).may_act_as(Role.ADMIN),
        colleagues=lead_assignment.colleagues(session),
        statuses=lead_statuses,
        call_outcomes=lead_calls.OUTCOMES,
        verdicts=VERDICTS,
        longest_note=LONGEST_NOTE,
        draft=draft,
        problems=problems or {},
    )


def questions() -> Questionnaire | None:
    """The screening's questions, for their short labels."""
    try:
        return form(SCREENING).questionnaire
    except UnusableFileError:
        # Someone is editing the file: staff still have to see the lead.
        return None


def _asked(session: Session, lead: Lead) -> Asked:
    agreed = select(Consent).where(Consent.conversation_id == lead.conversation_id)
    return Asked(
        lead=lead,
        summary=clinical_summary(lead, questions()),
        crisis_events=inbox.crisis_of(session, lead.conversation_id),
        consents=list(session.scalars(agreed.order_by(Consent.id))),
        bubbles=transcript(session, lead.conversation_id),
    )


def _reach(leads: Sequence[Lead]) -> dict[str, list[str]]:
    """Every number and address once, those of the request in front first."""
    return {
        "phones": list(dict.fromkeys(lead.phone for lead in leads if lead.phone)),
        "emails": list(dict.fromkeys(lead.email for lead in leads if lead.email)),
    }


def _notes(session: Session, leads: Sequence[Lead]) -> list[Note]:
    query = select(Note).where(Note.lead_id.in_([lead.id for lead in leads]))
    return list(session.scalars(query.order_by(Note.id)))


def _same(session: Session, leads: Sequence[Lead]) -> list[dict[str, Any]]:
    """Other leads that may be of this person, with what agrees."""
    known = {lead.id for lead in leads}
    others = {
        other.id: other
        for lead in leads
        for other in lead_search.same_person(session, lead)
        if other.id not in known
    }
    return [{"lead": other, "agrees": list(_agreeing(leads, other))} for other in others.values()]


def _agreeing(leads: Sequence[Lead], other: Lead) -> Iterator[str]:
    found = [lead_merge.agreement(lead, other) for lead in leads]
    for field, words in (("phone", "phone number"), ("email", "e-mail"), ("name", "name")):
        if any(getattr(one, field) for one in found):
            yield words
