"""How far visitors come in the screening: counted question by question, and never by person.

What was counted of one visitor is kept, encrypted, with their progress, so that going back or
changing an answer counts nothing twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from clinic import counts
from clinic.clinical_record import missing_items
from clinic.questionnaires import CALLBACK, SCREENING, form, outcome
from clinic.screening.enabling import enabled_questions
from clinic.screening.engine import kept_contradictions
from clinic.screening.progress import Progress
from clinic.screening.triage import Outcome

COUNTED = "counted"
"""Where the kept progress says what was counted; the engine does not read it."""
REVIEW = "review"
"""The last step: the visitor looks the answers over and sends them."""


def started(session: Session, name: str) -> None:
    """The first question, the consent, is about to be shown; nothing is kept of it yet."""
    if name == SCREENING:
        counts.add(session, counts.SCREENING_STARTED)
        counts.add(session, counts.QUESTION_SHOWN, _first())


def taken(
    session: Session, name: str, before: Mapping[str, Any], progress: Progress, *, goes_on: bool
) -> dict[str, Any]:
    """Count the steps that are new, and give back what to keep with the progress.

    Args:
        before: the kept progress until now; empty at the beginning.
        goes_on: whether the next question is shown.
    """
    if name != SCREENING:
        return {}
    shown, answered = _steps(progress, goes_on=goes_on)
    was = before.get(COUNTED) or {"shown": [_first()], "answered": []}
    new_shown = [link_id for link_id in shown if link_id not in was["shown"]]
    new_answered = [link_id for link_id in answered if link_id not in was["answered"]]
    for link_id in new_shown:
        counts.add(session, counts.QUESTION_SHOWN, link_id)
    for link_id in new_answered:
        counts.add(session, counts.QUESTION_ANSWERED, link_id)
    return {
        COUNTED: {
            "shown": [*was["shown"], *new_shown],
            "answered": [*was["answered"], *new_answered],
        }
    }


def finished(session: Session, name: str, progress: Progress) -> None:
    """The visitor has confirmed; count what came of it and how complete it is."""
    if name == CALLBACK:
        counts.add(session, counts.CALLBACK_ASKED)
        return
    found = outcome(name, progress)
    counts.add(session, counts.SCREENING_FINISHED, found.code if found else "")
    asked = form(name)
    missing = missing_items(asked, progress)
    counts.add(session, counts.ANSWER_ASKED, number=len(enabled_questions(asked, progress)))
    if not missing:
        counts.add(session, counts.NOTHING_MISSING)
    for item in missing:
        counts.add(session, counts.ANSWER_MISSING, item.link_id)
    for one in kept_contradictions(asked, progress):
        counts.add(session, counts.CONTRADICTION_KEPT, one.id)


def ended(
    session: Session, name: str, before: Mapping[str, Any], progress: Progress, over: Outcome
) -> None:
    """An answer has ended the questions; where nothing may be kept, the steps count here."""
    consent = form(name).questionnaire.consent
    if consent and progress.values(consent.link_id) != ("yes",):
        counts.add(session, counts.CONSENT_REFUSED, name)
    if name == SCREENING:
        counts.add(session, counts.ENDED, over.code)
    if not over.stores:
        taken(session, name, before, progress, goes_on=False)


def _steps(progress: Progress, *, goes_on: bool) -> tuple[list[str], list[str]]:
    """What was shown and what was answered, in the questionnaire's order."""
    questions = [asked.item.link_id for asked in enabled_questions(form(SCREENING), progress)]
    answered = [link_id for link_id in questions if progress.answered(link_id)]
    if progress.confirmed:
        return [*answered, REVIEW], [*answered, REVIEW]
    open_ones = (link_id for link_id in questions if not progress.answered(link_id))
    waiting = [next(open_ones, REVIEW)] if goes_on else []
    return [*answered, *waiting], answered


def _first() -> str:
    return form(SCREENING).questionnaire.questions[0].item.link_id
