"""Make a lead of a confirmed interview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clinic.clinical_record import clinical_record
from clinic.clock import now
from clinic.lead_urgency import CALLBACK_URGENCY
from clinic.leads import LeadRequest
from clinic.questionnaires import CALLBACK, form, rules
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
