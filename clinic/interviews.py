"""Interviews: a visitor's way through a questionnaire, one message at a time.

Nothing is kept before the visitor agrees, and an interview that ends without consent or under
age leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic import conversations, kept_progress
from clinic.interview_leads import lead_request
from clinic.leads import save_lead
from clinic.questionnaires import early_ending, outcome, questionnaire
from clinic.screening import engine
from clinic.screening.progress import Progress
from clinic.screening.triage import Outcome
from clinic.tables import Lead


class NotFinished(Exception):
    """There is no confirmed interview to save in this conversation."""


@dataclass(frozen=True)
class Heard:
    """What became of one message in an interview."""

    problem: str | None = None
    """One helpful line; the answer was not taken."""
    ending: Outcome | None = None
    """The answer ends the interview here."""
    finished: bool = False
    """Everything is answered and confirmed."""

    @property
    def taken(self) -> bool:
        return self.problem is None


def next_question(session: Session, conversation_id: str, name: str) -> engine.Question | None:
    """What to ask now; None when everything is confirmed."""
    progress = kept_progress.read(session, conversation_id, name)
    return engine.next_question(questionnaire(name), progress)


def is_open(session: Session, conversation_id: str, name: str) -> bool:
    """Whether the visitor has begun, and not finished, this questionnaire."""
    kept = kept_progress.row(session, conversation_id, name)
    return kept is not None and kept.status == "in-progress"


def hear(session: Session, conversation_id: str, name: str, text: str, *, lenient: bool) -> Heard:
    """Take the visitor's words as the answer to the open question, if they are one."""
    before = kept_progress.read(session, conversation_id, name)
    received = engine.receive(questionnaire(name), before, text, lenient=lenient)
    return _take(session, conversation_id, name, received)


def skip(session: Session, conversation_id: str, name: str) -> Heard:
    """Leave the open question out, if it may be."""
    before = kept_progress.read(session, conversation_id, name)
    return _take(session, conversation_id, name, engine.skip(questionnaire(name), before))


def go_back(session: Session, conversation_id: str, name: str) -> None:
    """Ask the question before again; who goes back to the consent has not given it yet."""
    before = kept_progress.read(session, conversation_id, name)
    after = engine.go_back(questionnaire(name), before)
    if before.answers and not after.answers:
        kept_progress.erase(session, conversation_id, name)
    else:
        _keep(session, conversation_id, name, after)


def erase(session: Session, conversation_id: str) -> None:
    """Forget every answer of this conversation that has not been sent to staff."""
    kept_progress.erase(session, conversation_id)


def save_as_lead(session: Session, conversation_id: str, name: str) -> tuple[Lead, Outcome | None]:
    """The lead that the confirmed interview is for staff, made now if it is not there.

    Raises:
        NotFinished: the visitor has not confirmed; nothing is saved.
    """
    kept = kept_progress.row(session, conversation_id, name)
    if kept is None or kept.status != "completed":
        raise NotFinished(name)
    progress = Progress.from_json(kept.progress)
    sorted_as = outcome(name, progress)
    return save_lead(session, lead_request(conversation_id, name, progress, sorted_as)), sorted_as


def _take(session: Session, conversation_id: str, name: str, received: engine.Received) -> Heard:
    if received.problem is not None:
        return Heard(problem=received.problem)
    return _keep(session, conversation_id, name, received.progress)


def _keep(session: Session, conversation_id: str, name: str, progress: Progress) -> Heard:
    over = early_ending(name, progress)
    if over is not None:
        # It leaves no answers; without consent or under age, no transcript either.
        kept_progress.erase(session, conversation_id, name)
        if not over.stores:
            conversations.forget(session, conversation_id)
        return Heard(ending=over)
    finished = engine.next_question(questionnaire(name), progress) is None
    if progress.answers:
        kept_progress.write(session, conversation_id, name, progress, finished=finished)
    if finished:
        # With the confirmation or not at all: nothing may come between the two.
        save_as_lead(session, conversation_id, name)
    return Heard(finished=finished)
