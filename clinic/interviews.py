"""Interviews: a visitor's way through a questionnaire, one message at a time.

Nothing is kept before the visitor agrees, and an interview that ends without consent or under
age leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from clinic import consents, conversations, kept_progress, screening_steps
from clinic.crisis_events import record_crisis
from clinic.interview_alarms import new_alarm, urgency_of
from clinic.interview_leads import lead_request, with_what_ended
from clinic.leads import find_by_conversation, save_lead
from clinic.questionnaires import CALLBACK, SCREENING, early_ending, form, outcome
from clinic.screening import engine
from clinic.screening.changes import find_change
from clinic.screening.progress import Progress
from clinic.screening.triage import Outcome
from clinic.tables import Lead

REFUSED = "C0"
"""The outcome of somebody who did not agree to a questionnaire."""

UNDER_AGE = "N1"
"""The outcome of somebody of whom nothing may be kept."""


class NotFinished(Exception):
    """There is no confirmed interview to save in this conversation."""


@dataclass(frozen=True)
class Heard:
    """What became of one message in an interview."""

    problem: str | None = None
    """One helpful line; the answer was not taken."""
    is_change: bool = False
    """An earlier answer is being changed."""
    said: str | None = None
    """One line that tells what was changed."""
    ending: Outcome | None = None
    """The answer ends the interview here."""
    finished: bool = False
    """Everything is answered and confirmed."""
    alarm: str | None = None
    """What was answered shows danger, and staff were called at once: hard or soft."""

    @property
    def taken(self) -> bool:
        return self.problem is None


def next_question(session: Session, conversation_id: str, name: str) -> engine.Question | None:
    """What to ask now; None when everything is confirmed."""
    progress = kept_progress.read(session, conversation_id, name)
    return engine.next_question(form(name), progress)


def is_open(session: Session, conversation_id: str, name: str) -> bool:
    """Whether the visitor has begun, and not finished, this questionnaire."""
    kept = kept_progress.row(session, conversation_id, name)
    return kept is not None and kept.status != kept_progress.COMPLETED


def has_answers(session: Session, conversation_id: str) -> bool:
    """Whether any answer of this visitor is kept, sent or not."""
    return any(kept_progress.row(session, conversation_id, name) for name in (SCREENING, CALLBACK))


def is_with_staff(session: Session, conversation_id: str) -> bool:
    """Whether something of this conversation was sent to staff."""
    return find_by_conversation(session, conversation_id) is not None


def was_heard(session: Session, conversation_id: str, name: str, key: str) -> bool:
    """Whether this very message was heard before: after a time-out a visitor sends it again."""
    kept = kept_progress.row(session, conversation_id, name)
    return kept is not None and bool(key) and kept.last_key == key


def ended_by(session: Session, conversation_id: str, name: str) -> Outcome | None:
    """The outcome that ended the questions, if they were ended and what was said is kept."""
    kept = kept_progress.row(session, conversation_id, name)
    if kept is None or kept.status != kept_progress.ENDED:
        return None
    return early_ending(name, Progress.from_json(kept.progress))


def is_sent(session: Session, conversation_id: str, name: str) -> bool:
    """Whether this questionnaire was confirmed, and none was begun since."""
    kept = kept_progress.row(session, conversation_id, name)
    return kept is not None and kept.status == kept_progress.COMPLETED


def remember(session: Session, conversation_id: str, name: str, key: str) -> None:
    """This message was heard; sent again, it must not answer the next question too."""
    kept = kept_progress.row(session, conversation_id, name)
    if kept is not None:
        kept.last_key = key


def reopen(session: Session, conversation_id: str, name: str) -> bool:
    """Go on after an emergency ended the questions; False if none did."""
    return kept_progress.reopen(session, conversation_id, name)


def hear(
    session: Session, conversation_id: str, name: str, text: str, *, lenient: bool, key: str = ""
) -> Heard:
    """Take the visitor's words as the answer to the open question, if they are one.

    Args:
        key: names the message. Where the answer shows danger, staff are called under it.
    """
    before = kept_progress.read(session, conversation_id, name)
    received = engine.receive(form(name), before, text, lenient=lenient)
    return _take(session, conversation_id, name, before, received, key)


def skip(session: Session, conversation_id: str, name: str, *, key: str = "") -> Heard:
    """Leave the open question out, if it may be. Not to say may show danger, too."""
    before = kept_progress.read(session, conversation_id, name)
    received = engine.skip(form(name), before)
    return _take(session, conversation_id, name, before, received, key)


def change(
    session: Session, conversation_id: str, name: str, text: str, *, key: str = ""
) -> Heard | None:
    """Change an earlier answer, if that is what the visitor asks for; None if it is not."""
    before = kept_progress.read(session, conversation_id, name)
    items = engine.answered_items(form(name), before)
    if before.confirmed or not items or _waits_for_consent(name, before):
        return None
    wish = find_change(text, items, items[-1].link_id)
    if wish is None:
        return None
    received = engine.change(form(name), before, wish.link_ids, wish.text)
    over = early_ending(name, received.progress)
    if over is not None and not over.stores:
        # All would be erased. A slip must not do that: the question is asked again instead.
        received = engine.change(form(name), before, wish.link_ids, None)
    taken = _keep(session, conversation_id, name, before, received.progress, key)
    return replace(taken, is_change=True, said=received.said or received.problem)


def ask_what_to_change(session: Session, conversation_id: str, name: str, text: str) -> None:
    """Ask the question again whose answer the visitor wants to change, or which one it is."""
    before = kept_progress.read(session, conversation_id, name)
    items = engine.answered_items(form(name), before)
    if not items or _waits_for_consent(name, before):
        return
    wish = find_change(text, items, items[-1].link_id)
    after = engine.change(form(name), before, wish.link_ids if wish else (), None).progress
    kept_progress.write(session, conversation_id, name, after)


def go_back(session: Session, conversation_id: str, name: str) -> None:
    """Ask the question before again. No answer changes, so nothing can end here."""
    before = kept_progress.read(session, conversation_id, name)
    after = engine.go_back(form(name), before)
    if after.answers and not _waits_for_consent(name, before):
        kept_progress.write(session, conversation_id, name, after)


def erase(session: Session, conversation_id: str) -> None:
    """Forget every answer of this conversation; what was sent to staff, they have."""
    kept_progress.erase(session, conversation_id)
    if not is_with_staff(session, conversation_id):
        consents.erase(session, conversation_id)


def save_as_lead(session: Session, conversation_id: str, name: str) -> tuple[Lead, Outcome | None]:
    """The lead that the confirmed interview is for staff, made now if it is not there.

    Raises:
        NotFinished: the visitor has not confirmed; nothing is saved.
    """
    kept = kept_progress.row(session, conversation_id, name)
    if kept is None or kept.status != kept_progress.COMPLETED:
        raise NotFinished(name)
    progress = Progress.from_json(kept.progress)
    sorted_as = outcome(name, progress)
    consent = consents.latest(session, conversation_id, name)
    request = lead_request(conversation_id, name, progress, sorted_as, consent)
    if name == CALLBACK:
        request = with_what_ended(session, conversation_id, request)
    return save_lead(session, request), sorted_as


def _take(
    session: Session,
    conversation_id: str,
    name: str,
    before: Progress,
    received: engine.Received,
    key: str,
) -> Heard:
    if received.problem is not None:
        return Heard(problem=received.problem)
    return _keep(session, conversation_id, name, before, received.progress, key)


def _keep(
    session: Session,
    conversation_id: str,
    name: str,
    before: Progress,
    after: Progress,
    key: str = "",
) -> Heard:
    alarm, over = new_alarm(name, before, after), early_ending(name, after)
    if alarm is not None:
        record_crisis(
            session,
            conversation_id=conversation_id,
            message_key=key,
            category="suicide" if over is None else "emergency",
            outcome=alarm,
            urgency=urgency_of(name, after),
        )
    if over is not None:
        _end(session, conversation_id, name, before, after, over)
        return Heard(ending=over, alarm=alarm)
    if after.answers:
        kept_progress.write(session, conversation_id, name, after)
    if after.confirmed:
        # With the confirmation or not at all: nothing may come between the two.
        save_as_lead(session, conversation_id, name)
    return Heard(finished=after.confirmed, alarm=alarm)


def _end(
    session: Session,
    conversation_id: str,
    name: str,
    before: Progress,
    after: Progress,
    over: Outcome,
) -> None:
    kept = kept_progress.row(session, conversation_id, name)
    screening_steps.ended(session, name, kept.progress if kept else {}, after, over)
    if over.stores:
        ended_at = replace(after, asking=_newest(name, before, after))
        kept_progress.end(session, conversation_id, name, ended_at)
        return
    # Without consent, or about somebody whom the clinic cannot treat: no answers, no transcript.
    # Who does not want one of the questionnaires may want the other.
    erased = name if over.code == REFUSED else None
    kept_progress.erase(session, conversation_id, erased)
    if not is_with_staff(session, conversation_id):
        consents.erase(session, conversation_id, erased)
    if not has_answers(session, conversation_id):
        conversations.forget(session, conversation_id, under_age=over.code == UNDER_AGE)


def _newest(name: str, before: Progress, after: Progress) -> str | None:
    """The question whose answer is another now; a visitor who slipped comes back to it."""
    for answer in after.answers:
        if before.values(answer.link_id) != answer.values:
            return answer.link_id
    asked = engine.next_question(form(name), before)
    return asked.link_id if asked else None


def _waits_for_consent(name: str, progress: Progress) -> bool:
    consent = form(name).questionnaire.consent
    return consent is not None and progress.answered(consent.link_id) is None
