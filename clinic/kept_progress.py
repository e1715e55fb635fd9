"""How far visitors came, kept between their messages; nothing before they agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from clinic import consents, conversations, screening_steps
from clinic.clock import now
from clinic.questionnaires import form
from clinic.screening import engine
from clinic.screening.progress import Progress
from clinic.tables import QuestionnaireProgress

IN_PROGRESS, COMPLETED, ENDED = "in-progress", "completed", "ended"


READ = "progress"
"""Where a session keeps what its transaction has read: one message looks at it many times."""

_ROW = select(QuestionnaireProgress).where(
    QuestionnaireProgress.conversation_id == bindparam("conversation_id"),
    QuestionnaireProgress.questionnaire == bindparam("name"),
)


@dataclass
class _Read:
    """A row, and what was made of what stands in it."""

    row: QuestionnaireProgress
    kept: Mapping[str, Any] | None = None
    progress: Progress | None = None


def row(session: Session, conversation_id: str, name: str) -> QuestionnaireProgress | None:
    found = _find(session, conversation_id, name)
    return found.row if found else None


def _find(session: Session, conversation_id: str, name: str) -> _Read | None:
    read = _read_so_far(session)
    known = read.get((conversation_id, name))
    if known is not None and known.row in session:  # it is not there once it was deleted
        return known
    found = session.scalar(_ROW, {"conversation_id": conversation_id, "name": name})
    if found is None:
        return None
    read[conversation_id, name] = known = _Read(found)
    return known


def _read_so_far(session: Session) -> dict[tuple[str, str], _Read]:
    """What this transaction has read; the next one looks anew."""
    session.connection()  # from here on there is a transaction
    begun, read = session.info.get(READ, (None, {}))
    if begun is not session.get_transaction():
        read = {}
        session.info[READ] = (session.get_transaction(), read)
    found: dict[tuple[str, str], _Read] = read
    return found


def read(session: Session, conversation_id: str, name: str) -> Progress:
    """Where the visitor is; at the start if nothing is kept that still counts.

    Answers to an older version go on as far as they fit. Who agreed to other words than today's
    is asked for consent again, before anything else.
    """
    found = _find(session, conversation_id, name)
    if found is None or found.row.status != IN_PROGRESS:
        return Progress.start(form(name).questionnaire)
    # Each writing puts something else there, so the same is what was read before.
    if found.progress is None or found.kept is not found.row.progress:
        found.kept = found.row.progress
        found.progress = _still_counts(session, found.row)
    return found.progress


def _still_counts(session: Session, kept: QuestionnaireProgress) -> Progress:
    name, asked = kept.questionnaire, form(kept.questionnaire)
    progress = Progress.from_json(kept.progress)
    if kept.version != asked.questionnaire.version:
        progress = engine.carried_over(asked, progress)
    if _has_agreed(session, kept.conversation_id, name):
        return progress
    return _without_consent(name, progress)


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
    if _agrees(name, progress) and (fresh or not _has_agreed(session, conversation_id, name)):
        kept.consented_at = now()
        conversations.remember_again(session, conversation_id)
        consents.give(session, conversation_id, name, form(name).questionnaire)
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


def _has_agreed(session: Session, conversation_id: str, name: str) -> bool:
    """Whether the visitor agreed to the words that are shown today."""
    given = consents.latest(session, conversation_id, name)
    return consents.covers(given, form(name).questionnaire)


def _agrees(name: str, progress: Progress) -> bool:
    consent = form(name).questionnaire.consent
    return consent is not None and progress.values(consent.link_id) == ("yes",)


def _without_consent(name: str, progress: Progress) -> Progress:
    consent = form(name).questionnaire.consent
    others = (one for one in progress.answers if not consent or one.link_id != consent.link_id)
    return replace(progress, answers=tuple(others), asking=None)
