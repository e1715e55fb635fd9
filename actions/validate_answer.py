"""Hear what a visitor says while a question is open."""

from __future__ import annotations

from dataclasses import dataclass

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions.answer import CALL_ME_BACK, answer
from actions.base import ClinicAction, Events
from actions.delete_data import (
    HOW_TO_ERASE,
    erase_everything,
    orders_erasure,
    withdraws_consent,
)
from actions.download_data import NOTHING_KEPT as NOTHING_TO_DOWNLOAD
from actions.fallback import ask_which_topic, not_understood
from actions.form import (
    ENDED,
    FINISHED,
    FORGOTTEN,
    LEFT,
    goes_on,
    is_over,
    opens,
    took_a_plain_answer,
)
from actions.kinds_of_message import (
    CUE,
    READ_WHOLE,
    is_a_wish_to_change,
    is_an_attempt,
    is_plain,
    is_rather_an_answer,
    is_talk,
    is_worrying,
)
from actions.request_person import REQUEST_PERSON, request_person
from actions.say import offer_download, say, tell_help, tell_outcome
from actions.visitor import (
    actions_of_turn,
    last_intent,
    last_key,
    last_text,
    open_questionnaire,
)
from actions.wish_for_a_person import wants_a_call
from clinic import interviews, screening_steps
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.first_help import in_an_emergency
from clinic.interviews import Heard
from clinic.questionnaires import CALLBACK, SCREENING
from clinic.screening.engine import Question
from clinic.screening.triage import Outcome

CONSENT = "consent"
ABOUT_SAFETY = ("crisis", "im_safe")
"""What these messages say is about danger, never about the question that happens to be open."""

NOT_NOTED = "I have not noted that yet: so far, your answers are as they were."
NOT_SURE_COUNTS = (
    "Thank you for telling me. If a part of you is not sure, that counts, and a person at one of "
    "these lines will listen."
)
EMERGENCY = 4
"""The urgency of an outcome that staff must see before anything else."""

STOPPED = (
    "All right, we stop here. You can type “continue the questions” to go on, "
    "or “delete my answers” to erase what you have told me."
)
NOTHING_KEPT = "All right. I have asked nothing about your health, and kept nothing of it."
CALL_OFFERED = ("C0", "N2", "N3")
"""Endings after which a call back may be offered: not to a minor, not in an emergency."""

MISTAKE = "That was a mistake, continue the questions"

NOTHING_TO_EXPLAIN = "It helps our staff to prepare for your visit."


@dataclass(frozen=True)
class Turn:
    """One message to an open questionnaire."""

    visitor: str
    name: str
    text: str
    intent: str
    key: str
    opened_the_questions: bool
    """This message asked for a person, and has its answer: a callback request was begun."""

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        return cls(
            visitor=tracker.sender_id,
            name=open_questionnaire(tracker),
            text=last_text(tracker),
            intent=last_intent(tracker),
            key=last_key(tracker),
            opened_the_questions=REQUEST_PERSON in actions_of_turn(tracker),
        )

    def hear(self, session: Session, text: str, *, lenient: bool) -> Heard:
        """Take these words as an answer."""
        return interviews.hear(
            session, self.visitor, self.name, text, lenient=lenient, key=self.key
        )


class ValidateAnswer(ClinicAction):
    """Takes an answer, or does what was asked instead, and keeps the form's loop turning.

    A clear answer is an answer whatever it sounds like: “depression” is a reason here, not a
    question about depression. What is not a clear answer may be a question or a wish; only then
    is it read more kindly as an answer.
    """

    def name(self) -> str:
        return "validate_questionnaire_form"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        turn = Turn.of(tracker)
        if turn.intent in ABOUT_SAFETY:
            return goes_on()
        with transaction() as session:
            if interviews.was_heard(session, turn.visitor, turn.name, turn.key):
                return _again(session, dispatcher, turn)
            events = _hear(session, dispatcher, turn)
            interviews.remember(session, turn.visitor, turn.name, turn.key)
        if events is not None:
            return events
        # After the transaction: what was not understood is kept in one of its own.
        _reply(dispatcher, tracker, domain, turn.intent)
        return goes_on()

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        return [*super().fail(dispatcher), *goes_on()]


def _hear(session: Session, dispatcher: CollectingDispatcher, turn: Turn) -> Events | None:
    """Take an answer, or do what is asked for; None if it is talk, to be answered outside."""
    question = interviews.next_question(session, turn.visitor, turn.name)
    heard = _as_an_answer(session, turn, question)
    if not heard.taken and not is_an_attempt(question, turn.text):
        asked_for = _wish(session, dispatcher, turn, question)
        if asked_for is not None:
            return asked_for
        if is_worrying(question, turn.text):
            return _stay_with(session, dispatcher, turn)
        if is_a_wish_to_change(question, turn.text):
            say(dispatcher, NOT_NOTED)
            interviews.ask_what_to_change(session, turn.visitor, turn.name, turn.text)
            return goes_on()
        if is_talk(turn.intent, turn.text):
            return None
    if not heard.taken:
        heard = turn.hear(session, turn.text, lenient=True)
    plain = took_a_plain_answer() if is_plain(question, heard, turn.text) else []
    return [*plain, *_go_on(dispatcher, heard)]


def _go_on(dispatcher: CollectingDispatcher, heard: Heard) -> Events:
    for line in filter(None, (heard.problem, heard.said)):
        say(dispatcher, line)
    if heard.ending is not None:
        return _end(dispatcher, heard.ending)
    if heard.finished:
        return is_over(FINISHED)
    return goes_on()


def _again(session: Session, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """What was said to a message that the visitor sends once more, as after a time-out."""
    ended = interviews.ended_by(session, turn.visitor, turn.name)
    if ended is not None:
        return _end(dispatcher, ended)
    sent = interviews.is_sent(session, turn.visitor, turn.name)
    return is_over(FINISHED) if sent else goes_on()


def _stay_with(session: Session, dispatcher: CollectingDispatcher, turn: Turn) -> Events:
    """“Maybe” is no “no”: help lines again, staff are called, and the question stays open."""
    record_crisis(session, conversation_id=turn.visitor, message_key=turn.key, category="suicide")
    say(dispatcher, NOT_SURE_COUNTS)
    return goes_on()


def _end(dispatcher: CollectingDispatcher, ending: Outcome) -> Events:
    if ending.urgency == EMERGENCY:
        tell_help(dispatcher, in_an_emergency())
    offers = [CALL_ME_BACK] if ending.code in CALL_OFFERED else []
    if ending.stores:
        offers += [CALL_ME_BACK, MISTAKE]
    tell_outcome(dispatcher, ending, suggestions=offers)
    return is_over(ENDED if ending.stores else FORGOTTEN)


def _as_an_answer(session: Session, turn: Turn, question: Question | None) -> Heard:
    """A clear answer to the open question; or the change of an earlier one; or a likely answer."""
    heard = turn.hear(session, turn.text, lenient=False)
    if heard.taken:
        return heard
    corrected = CUE.sub("", turn.text).strip()
    if corrected != turn.text and question is not None and question.kind in READ_WHOLE:
        heard = turn.hear(session, corrected, lenient=True)
        if heard.taken:
            return heard
    changed = interviews.change(session, turn.visitor, turn.name, turn.text, key=turn.key)
    if changed is not None:
        return changed
    if is_rather_an_answer(question, turn.text, turn.intent):
        return turn.hear(session, turn.text, lenient=True)
    return heard


def _wish(
    session: Session, dispatcher: CollectingDispatcher, turn: Turn, question: Question | None
) -> Events | None:
    """Do what the visitor asks for in the middle; None if it was no such wish."""
    visitor, name = turn.visitor, turn.name
    if withdraws_consent(turn.text):
        say(dispatcher, erase_everything(session, visitor))
        return is_over(FORGOTTEN)
    match turn.intent:
        case "why_ask":
            say(dispatcher, (question and question.why) or NOTHING_TO_EXPLAIN)
        case "go_back":
            interviews.go_back(session, visitor, name)
        case "skip" if question is not None and question.link_id == CONSENT:
            # Who would rather not has refused: nobody is pressed to agree.
            return _go_on(dispatcher, turn.hear(session, "No", lenient=False))
        case "skip":
            return _go_on(dispatcher, interviews.skip(session, visitor, name, key=turn.key))
        case "stop" if question is not None and question.link_id == CONSENT:
            say(dispatcher, NOTHING_KEPT, suggestions=["Start pre-screening", CALL_ME_BACK])
            return is_over(LEFT)
        case "stop":
            say(dispatcher, STOPPED, suggestions=["Continue the questions", "Delete my answers"])
            return is_over(LEFT)
        case "delete_data" if not orders_erasure(turn.text):
            say(dispatcher, HOW_TO_ERASE, suggestions=["Delete my answers"])
        case "delete_data":
            say(dispatcher, erase_everything(session, visitor))
            return is_over(FORGOTTEN)
        case "human_handoff" if turn.opened_the_questions:
            pass
        case "human_handoff" if name != CALLBACK or not wants_a_call(turn.text):
            if request_person(session, dispatcher, visitor, turn.text):
                return [*opens(CALLBACK), *goes_on()]
        case "book_appointment":
            dispatcher.utter_message(response="utter_book_appointment")
        case "start_screening" if name != SCREENING:
            if not interviews.is_open(session, visitor, SCREENING):
                screening_steps.started(session, SCREENING)
            return [*opens(SCREENING), *goes_on()]
        case "human_handoff" | "start_screening" | "resume_screening":
            pass  # what is asked for is what is open
        case "change_answer":
            interviews.ask_what_to_change(session, visitor, name, turn.text)
        case "download_data" if interviews.has_answers(session, visitor):
            offer_download(dispatcher)
        case "download_data":
            say(dispatcher, NOTHING_TO_DOWNLOAD)
        case _:
            return None
    return goes_on()


def _reply(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, intent: str
) -> None:
    if intent.startswith("faq/"):
        answer(dispatcher, tracker, domain)
    elif intent.startswith("chitchat/"):
        dispatcher.utter_message(response=f"utter_{intent}")
    elif intent == "near_tie":
        ask_which_topic(dispatcher, tracker, domain)
    else:
        not_understood(dispatcher, tracker, domain)
