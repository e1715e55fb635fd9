"""How far visitors came, kept between their messages; nothing before they agree."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic import audit, conversations
from clinic.clock import now
from clinic.questionnaires import questionnaire
from clinic.screening.progress import Progress
from clinic.tables import QuestionnaireProgress


def row(session: Session, conversation_id: str, name: str) -> QuestionnaireProgress | None:
    return session.scalar(
        select(QuestionnaireProgress).where(
            QuestionnaireProgress.conversation_id == conversation_id,
            QuestionnaireProgress.questionnaire == name,
        )
    )


def read(session: Session, conversation_id: str, name: str) -> Progress:
    """Where the visitor is; at the start if nothing is kept that still counts."""
    kept = row(session, conversation_id, name)
    asked = questionnaire(name)
    # Answers to an older version may not fit the questions of today, nor the consent its text.
    if kept is None or kept.status == "completed" or kept.version != asked.version:
        return Progress.start(asked)
    return Progress.from_json(kept.progress)


def write(
    session: Session, conversation_id: str, name: str, progress: Progress, *, finished: bool
) -> None:
    """Keep the progress; with the first answer, which is the consent, also when it was given."""
    kept = row(session, conversation_id, name)
    # What was sent is over: whoever starts anew agrees anew.
    agreed_before = (
        kept is not None and kept.status != "completed" and kept.version == progress.version
    )
    if kept is None:
        kept = QuestionnaireProgress(conversation_id=conversation_id, questionnaire=name)
    if not agreed_before:
        kept.consented_at = now()
        conversations.remember_again(session, conversation_id)
        subject = f"conversation:{conversation_id}"
        audit.record(session, actor="visitor", action="consent.given", subject=subject)
    kept.version = progress.version
    kept.progress = progress.to_json()
    kept.status = "completed" if finished else "in-progress"
    session.add(kept)


def erase(session: Session, conversation_id: str, name: str | None = None) -> None:
    """Forget the answers to one questionnaire, or to all."""
    forgotten = delete(QuestionnaireProgress).where(
        QuestionnaireProgress.conversation_id == conversation_id
    )
    if name is not None:
        forgotten = forgotten.where(QuestionnaireProgress.questionnaire == name)
    session.execute(forgotten)
