"""Interviews: a visitor's way through a questionnaire, kept between messages.

Nothing is kept before the visitor agrees, and an interview that ends without consent or under
age leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic import audit, conversations
from clinic.clock import now
from clinic.facts import facts
from clinic.leads import CALLBACK_URGENCY, LeadRequest, save_lead
from clinic.screening import engine
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire, load_questionnaire
from clinic.screening.response import questionnaire_response
from clinic.screening.rules import RulesError, Ruleset, load_rules, unknown_words
from clinic.screening.summary import summary
from clinic.screening.triage import Outcome, ending, triage
from clinic.settings import HOME
from clinic.tables import Lead, QuestionnaireProgress

SCREENING, CALLBACK = "screening", "callback"
FILES = {SCREENING: "screening/questionnaire.yml", CALLBACK: "screening/callback.yml"}
CONSENT = "consent"
CONTACT_FIELDS = ("leave_message_ok", "best_time")


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


@lru_cache
def questionnaire(name: str) -> Questionnaire:
    return load_questionnaire(HOME / FILES[name])


@lru_cache
def rules() -> Ruleset:
    """The triage table, proved to speak of questions and options that exist.

    Raises:
        RulesError: the file is broken, or a rule waits for an answer that nobody can give.
    """
    path = HOME / "screening" / "triage.yml"
    ruleset = load_rules(path)
    if unknown := unknown_words(ruleset, questionnaire(SCREENING)):
        raise RulesError(path, "; ".join(unknown))
    return ruleset


def next_question(session: Session, conversation_id: str, name: str) -> engine.Question | None:
    """What to ask now; None when everything is confirmed."""
    return engine.next_question(questionnaire(name), _progress(session, conversation_id, name))


def is_open(session: Session, conversation_id: str, name: str) -> bool:
    """Whether the visitor has begun, and not finished, this questionnaire."""
    row = _row(session, conversation_id, name)
    return row is not None and row.status == "in-progress"


def hear(session: Session, conversation_id: str, name: str, text: str, *, lenient: bool) -> Heard:
    """Take the visitor's words as the answer to the open question, if they are one."""
    before = _progress(session, conversation_id, name)
    received = engine.receive(questionnaire(name), before, text, lenient=lenient)
    if received.problem is not None:
        return Heard(problem=received.problem)
    return _keep(session, conversation_id, name, received.progress)


def skip(session: Session, conversation_id: str, name: str) -> Heard:
    before = _progress(session, conversation_id, name)
    received = engine.skip(questionnaire(name), before)
    if received.problem is not None:
        return Heard(problem=received.problem)
    return _keep(session, conversation_id, name, received.progress)


def go_back(session: Session, conversation_id: str, name: str) -> None:
    """Ask the question before again; who goes back to the consent has not given it yet."""
    before = _progress(session, conversation_id, name)
    after = engine.go_back(questionnaire(name), before)
    if before.answers and not after.answers:
        _erase_answers(session, conversation_id, name)
    else:
        _keep(session, conversation_id, name, after)


def erase(session: Session, conversation_id: str) -> None:
    """Forget every answer of this conversation that has not been sent to staff."""
    session.execute(
        delete(QuestionnaireProgress).where(
            QuestionnaireProgress.conversation_id == conversation_id,
        )
    )


def save_as_lead(session: Session, conversation_id: str, name: str) -> tuple[Lead, Outcome | None]:
    """The lead that the confirmed interview is for staff, made now if it is not there.

    Raises:
        NotFinished: the visitor has not confirmed; nothing is saved.
    """
    row = _row(session, conversation_id, name)
    if row is None or row.status != "completed":
        raise NotFinished(name)
    progress = Progress.from_json(row.progress)
    outcome = _triage(name, progress)
    lead = save_lead(session, _lead_request(conversation_id, name, progress, outcome))
    return lead, outcome


def _progress(session: Session, conversation_id: str, name: str) -> Progress:
    row = _row(session, conversation_id, name)
    asked = questionnaire(name)
    # Answers to an older version may not fit the questions of today, nor the consent its text.
    if row is None or row.status == "completed" or row.version != asked.version:
        return Progress.start(asked)
    return Progress.from_json(row.progress)


def _row(session: Session, conversation_id: str, name: str) -> QuestionnaireProgress | None:
    return session.scalar(
        select(QuestionnaireProgress).where(
            QuestionnaireProgress.conversation_id == conversation_id,
            QuestionnaireProgress.questionnaire == name,
        )
    )


def _keep(session: Session, conversation_id: str, name: str, progress: Progress) -> Heard:
    over = _ending(name, progress)
    if over is not None:
        _end(session, conversation_id, name, over)
        return Heard(ending=over)
    finished = engine.next_question(questionnaire(name), progress) is None
    if progress.answers:
        _write(session, conversation_id, name, progress, finished=finished)
    if finished:
        # With the confirmation or not at all: nothing may come between the two.
        save_as_lead(session, conversation_id, name)
    return Heard(finished=finished)


def _ending(name: str, progress: Progress) -> Outcome | None:
    answered = engine.answers(questionnaire(name), progress)
    return ending(rules(), answered, states_served=facts().state_codes)


def _end(session: Session, conversation_id: str, name: str, outcome: Outcome) -> None:
    """An interview that ends early leaves no answers; without consent, no transcript either."""
    _erase_answers(session, conversation_id, name)
    if not outcome.stores:
        conversations.forget(session, conversation_id)


def _erase_answers(session: Session, conversation_id: str, name: str) -> None:
    session.execute(
        delete(QuestionnaireProgress).where(
            QuestionnaireProgress.conversation_id == conversation_id,
            QuestionnaireProgress.questionnaire == name,
        )
    )


def _write(
    session: Session, conversation_id: str, name: str, progress: Progress, *, finished: bool
) -> None:
    row = _row(session, conversation_id, name)
    # What was sent is over: whoever starts anew agrees anew.
    agreed_before = (
        row is not None and row.status != "completed" and row.version == progress.version
    )
    if row is None:
        row = QuestionnaireProgress(conversation_id=conversation_id, questionnaire=name)
    if not agreed_before:
        row.consented_at = now()
        conversations.remember_again(session, conversation_id)
        subject = f"conversation:{conversation_id}"
        audit.record(session, actor="visitor", action="consent.given", subject=subject)
    row.version = progress.version
    row.progress = progress.to_json()
    row.status = "completed" if finished else "in-progress"
    session.add(row)


def _triage(name: str, progress: Progress) -> Outcome | None:
    if name != SCREENING:
        return None
    answered = engine.answers(questionnaire(name), progress)
    return triage(rules(), answered, states_served=facts().state_codes)


def _lead_request(
    conversation_id: str, name: str, progress: Progress, outcome: Outcome | None
) -> LeadRequest:
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
