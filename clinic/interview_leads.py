"""Make a lead of a confirmed interview."""

from __future__ import annotations

from clinic.clock import now
from clinic.leads import CALLBACK_URGENCY, LeadRequest
from clinic.questionnaires import CALLBACK, questionnaire, rules
from clinic.screening import engine
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.response import questionnaire_response
from clinic.screening.summary import summary
from clinic.screening.triage import Outcome

CONTACT_FIELDS = ("leave_message_ok", "best_time")


def lead_request(
    conversation_id: str, name: str, progress: Progress, outcome: Outcome | None
) -> LeadRequest:
    """What a confirmed interview says about a visitor, in the words of leads."""
    asked = questionnaire(name)
    answered = engine.answers(asked, progress)
    words = dict(summary(asked, progress))
    screened = outcome is not None
    return LeadRequest(
        conversation_id=conversation_id,
        name=_text(answered, "name") or "",
        phone=_text(answered, "phone"),
        email=_text(answered, "email"),
        contact=_contact_wishes(asked, words),
        wants_callback=name == CALLBACK,
        urgency=outcome.urgency if outcome else CALLBACK_URGENCY,
        outcome=outcome.code if outcome else None,
        triage=_as_json(outcome) if outcome else None,
        summary=[[label, value] for label, value in words.items()] if screened else [],
        response=questionnaire_response(asked, progress, now()) if screened else None,
    )


def _text(answered: dict[str, tuple[str | int | bool, ...]], link_id: str) -> str | None:
    values = answered.get(link_id)
    return str(values[0]) if values else None


def _contact_wishes(asked: Questionnaire, words: dict[str, str]) -> dict[str, str]:
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
