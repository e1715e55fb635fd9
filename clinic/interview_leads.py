"""Make a lead of a confirmed interview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from clinic import consents, kept_progress
from clinic.clinical_record import clinical_record
from clinic.clock import now
from clinic.crisis_events import HARD
from clinic.interview_alarms import urgency_of
from clinic.lead_urgency import CALLBACK_URGENCY
from clinic.leads import LeadRequest
from clinic.questionnaires import CALLBACK, SCREENING, early_ending, form, rules, standing
from clinic.screening import engine
from clinic.screening.items import Value
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.response import questionnaire_response
from clinic.screening.summary import summary
from clinic.screening.triage import Outcome
from clinic.tables import Consent

CONTACT_FIELDS = ("contact_method", "best_time")


def lead_request(
    conversation_id: str,
    name: str,
    progress: Progress,
    outcome: Outcome | None,
    consent: Consent | None,
) -> LeadRequest:
    """What a confirmed interview says about a visitor, in the words of leads."""
    asked = form(name)
    answered = engine.answers(asked, progress)
    words = dict(summary(asked, progress))
    request = LeadRequest(
        conversation_id=conversation_id,
        name=_text(answered, "name") or "",
        phone=_text(answered, "phone"),
        email=_text(answered, "email"),
        contact=_contact_wishes(asked.questionnaire, words),
        wants_callback=name == CALLBACK,
        urgency=outcome.urgency if outcome else CALLBACK_URGENCY,
    )
    if outcome is None:
        return request
    return replace(
        request,
        outcome=outcome.code,
        triage=_as_json(outcome),
        summary=[[label, value] for label, value in words.items()],
        response=questionnaire_response(asked, progress, now(), stopped=outcome.ends),
        clinical=clinical_record(asked, progress, consent, ruleset=rules().version),
    )


def with_what_ended(session: Session, conversation_id: str, request: LeadRequest) -> LeadRequest:
    """A call back after an emergency: staff see what was answered before it."""
    kept = kept_progress.row(session, conversation_id, SCREENING)
    if kept is None or kept.status == kept_progress.COMPLETED:
        return request
    progress = Progress.from_json(kept.progress)
    over = early_ending(SCREENING, progress)
    if over is None:
        sorted_as = standing(SCREENING, progress)
        if sorted_as is not None and sorted_as.alarm == HARD:
            return replace(request, urgency=urgency_of(SCREENING, progress))
        return request
    consent = consents.latest(session, conversation_id, SCREENING)
    screened = lead_request(conversation_id, SCREENING, progress, over, consent)
    return replace(
        request,
        urgency=max(request.urgency, screened.urgency),
        outcome=screened.outcome,
        triage=screened.triage,
        summary=screened.summary,
        response=screened.response,
        clinical=screened.clinical,
    )


def _text(answered: Mapping[str, tuple[Value, ...]], link_id: str) -> str | None:
    values = answered.get(link_id)
    return str(values[0]) if values else None


def _contact_wishes(asked: Questionnaire, words: Mapping[str, str]) -> dict[str, str]:
    labels = [item.short for link_id in CONTACT_FIELDS if (item := asked.item(link_id))]
    return {label: words[label] for label in labels if label in words}


def _as_json(outcome: Outcome) -> dict[str, object]:
    return {
        "code": outcome.code,
        "label": outcome.label,
        "text": outcome.text,
        "ruleset": rules().version,
        "reasons": [
            {"rule": reason.rule, "code": reason.code, "text": reason.text}
            for reason in outcome.reasons
        ],
    }
