"""A visitor's own answers, to read and to keep: all that one conversation holds of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import leads
from clinic.facts import facts
from clinic.help_lines import in_danger
from clinic.kept_progress import COMPLETED, ENDED, IN_PROGRESS
from clinic.questionnaires import CALLBACK, SCREENING, form
from clinic.screening.enabling import enabled_questions
from clinic.screening.form import Form
from clinic.screening.progress import Answered, Progress
from clinic.screening.response import questionnaire_response
from clinic.screening.summary import SKIPPED, summary
from clinic.tables import QuestionnaireProgress

NO_DIAGNOSIS = (
    "This is what you told our automated assistant. It is not a diagnosis and not medical advice: "
    "a clinician decides with you. It is about your health, so keep it where only you can see it."
)
DELETE = (
    "To delete these answers, write “delete my answers” in the chat. "
    "To have something deleted that you sent to our staff, call {phone}."
)
STATUS = {
    COMPLETED: "You sent these answers to our staff.",
    ENDED: "One of your answers ended these questions early.",
    IN_PROGRESS: "You are not finished, and you have not sent these answers to our staff.",
}


@dataclass(frozen=True)
class KeptAnswers:
    """What is kept of one questionnaire. `told` is what the visitor heard after sending it."""

    questionnaire: str
    title: str
    status: str
    version: str
    consented_at: datetime
    answers: tuple[tuple[str, str], ...]
    told: tuple[str, ...]
    response: dict[str, Any]
    """FHIR R4 QuestionnaireResponse."""


def kept_answers(session: Session, conversation_id: str) -> list[KeptAnswers]:
    """The answers of this conversation, by questionnaire; empty if nothing is kept.

    Raises:
        ProgressError: what is kept cannot be read.
    """
    rows = session.scalars(
        select(QuestionnaireProgress)
        .where(
            QuestionnaireProgress.conversation_id == conversation_id,
            QuestionnaireProgress.questionnaire.in_((SCREENING, CALLBACK)),
        )
        .order_by(QuestionnaireProgress.id)
    )
    return [_kept(session, row) for row in rows]


def as_json(kept: Sequence[KeptAnswers]) -> dict[str, Any]:
    return {
        "forms": [
            {
                "questionnaire": one.questionnaire,
                "status": one.status,
                "version": one.version,
                "consented_at": one.consented_at.isoformat(timespec="seconds"),
                "answers": [list(line) for line in one.answers],
            }
            for one in kept
        ]
    }


def as_fhir(kept: Sequence[KeptAnswers]) -> dict[str, Any]:
    """The QuestionnaireResponse; if there are several, a Bundle of them."""
    if len(kept) == 1:
        return kept[0].response
    entries = [{"fullUrl": uuid4().urn, "resource": one.response} for one in kept]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def as_text(kept: Sequence[KeptAnswers], at: datetime) -> str:
    """A page to read or to print."""
    clinic = facts()
    blocks = [
        f"Your answers to {clinic.name}\nDownloaded on {_moment(at)}",
        NO_DIAGNOSIS,
        *(block for one in kept for block in _blocks(one)),
        DELETE.format(phone=clinic.phone),
        in_danger(),
    ]
    return "\n\n".join(blocks) + "\n"


def _kept(session: Session, row: QuestionnaireProgress) -> KeptAnswers:
    asked, progress = form(row.questionnaire), Progress.from_json(row.progress)
    return KeptAnswers(
        questionnaire=row.questionnaire,
        title=asked.questionnaire.title,
        status=row.status,
        version=row.version,
        consented_at=row.consented_at,
        answers=(*summary(asked, progress), *_no_longer_asked(asked, progress)),
        told=_told(session, row),
        response=questionnaire_response(
            asked, progress, row.updated_at, stopped=row.status == ENDED
        ),
    )


def _no_longer_asked(asked: Form, progress: Progress) -> Iterator[tuple[str, str]]:
    """Answers to questions that an older version had: they are kept, so they are shown."""
    known = {one.item.link_id for one in enabled_questions(asked, progress)}
    for answer in progress.answers:
        if answer.link_id not in known:
            yield answer.link_id.replace("_", " ").capitalize(), _as_kept(answer)


def _as_kept(answer: Answered) -> str:
    return SKIPPED if answer.skipped else "; ".join(str(value) for value in answer.values)


def _told(session: Session, row: QuestionnaireProgress) -> tuple[str, ...]:
    """The outcome in the words of that day, as the rules may have changed since."""
    lead = leads.find_by_conversation(session, row.conversation_id)
    if row.questionnaire != SCREENING or row.status != COMPLETED or lead is None:
        return ()
    outcome: dict[str, Any] = lead.triage or {}
    # Reasons for weaker outcomes are for staff: the visitor never heard them.
    own = [one["text"] for one in outcome.get("reasons", ()) if one["code"] == outcome.get("code")]
    return tuple(text for text in (outcome.get("text", ""), *own) if text)


def _blocks(one: KeptAnswers) -> Iterator[str]:
    agreed = f"You agreed on {_moment(one.consented_at)}. Version of the questions: {one.version}."
    yield f"{one.title.upper()}\n{STATUS[one.status]}\n{agreed}"
    yield "\n".join(_line(f"{label}: {words}") for label, words in one.answers)
    if one.told:
        text, *reasons = one.told
        yield "\n".join(("What we told you", text, *map(_line, reasons)))


def _line(words: str) -> str:
    return "- " + words.replace("\n", "\n  ")


def _moment(at: datetime) -> str:
    """As the clinic's clock shows it: November 22, 2026, 4:05 PM EST."""
    return f"{at.astimezone(facts().zone):%B %-d, %Y, %-I:%M %p %Z}"
