"""How far visitors came, kept between their messages; nothing before they agree."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic import consents, conversations, screening_steps
from clinic.clock import now
from clinic.questionnaires import form
from clinic.screening import engine
from clinic.screening.progress import Progress
from clinic.tables import QuestionnaireProgress

IN_PROGRESS, COMPLETED, ENDED = "in-progress", "completed", "ended"


def row(session: Session, conversation_id: str, name: str) -> QuestionnaireProgress | None:
    return session.scalar(
        select(QuestionnaireProgress).where(
            QuestionnaireProgress.conversation_id == conversation_id,
            QuestionnaireProgress.questionnaire == name,
        )
    )


def read(session: Session, conversation_id: str, name: str) -> Progress:
    """Where the visitor is; at the start if nothing is kept that still counts.

    Answers to an older version go on as far as they fit. Who agreed to other words than today's
    is asked for consent again, before anything else.
    """
    kept = row(session, conversation_id, name)
    asked = form(name)
    if kept is None or kept.status != IN_PROGRESS:
        return Progress.start(asked.questionnaire)
    progress = Progress.from_json(kept.progress)
    if kept.version != asked.questionnaire.version:
        progress = engine.carried_over(asked, progress)
    if not consents.covers(consents.latest(session, conversation_id, name), asked.questionnaire):
        progress = _without_consent(name, progress)
    return progress


def write(
    session: Session, conversation_id: str, name: str, progress: Progress, *, goes_on: bool = True
) -> None:
    """Keep the progress, and with the consent its words."""
    conversations.refuse_erased(session, conversation_id)
    kept = row(session, conversation_id, name)
    # What was sent is over: whoever starts anew agrees anew.
    fresh = kept is None or kept.status != IN_PROGRESS
    if kept is None:
        kept = QuestionnaireProgress(conversation_id=conversation_id, questionnaire=name)
    asked = form(name).questionnaire
    given = consents.latest(session, conversation_id, name)
    if _agrees(name, progress) and (fresh or not consents.covers(given, asked)):
        kept.consented_at = now()
        conversations.remember_again(session, conversation_id)
        consents.give(session, conversation_id, name, asked)
    before = {} if fresh else kept.progress
    steps = screening_steps.taken(session, name, before, progress, goes_on=goes_on)
    kept.version = progress.version
    kept.progress = {**progress.to_json(), **steps}
    if progress.confirmed:
        screening_steps.finished(session, name, progress)
    kept.status = COMPLETED if progress.confirmed else IN_PROGRESS
    session.add(kept)


def end(session: Session, conversation_id: str, name: str, progress: Progress) -> None:
    """Keep what was said up to an ending: staff may need it, and the visitor may come back."""
    write(session, conversation_id, name, progress, goes_on=False)
    kept = row(session, conversation_id, name)
    if kept is not None:
        kept.status = ENDED


def reopen(session: Session, conversation_id: str, name: str) -> bool:
    """Go on where an answer ended the questions, at that very question."""
    kept = row(session, conversation_id, name)
    if kept is None or kept.status != ENDED:
        return False
    kept.status = IN_PROGRESS
    return True


def erase(session: Session, conversation_id: str, name: str | None = None) -> None:
    """Forget the answers to one questionnaire, or to all."""
    forgotten = delete(QuestionnaireProgress).where(
        QuestionnaireProgress.conversation_id == conversation_id
    )
    if name is not None:
        forgotten = forgotten.where(QuestionnaireProgress.questionnaire == name)
    session.execute(forgotten)


def _agrees(name: str, progress: Progress) -> bool:
    consent = form(name).questionnaire.consent
    return consent is not None and progress.values(consent.link_id) == ("yes",)


def _without_consent(name: str, progress: Progress) -> Progress:
    consent = form(name).questionnaire.consent
    others = (one for one in progress.answers if not consent or one.link_id != consent.link_id)
    return replace(progress, answers=tuple(others), asking=None)
