"""Say thank you for what a visitor confirmed, once it is surely with staff."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import form
from actions.base import ClinicAction, Events
from actions.say import say, tell_handoff, tell_outcome
from actions.visitor import open_questionnaire
from clinic.database import transaction
from clinic.help_lines import in_danger
from clinic.interviews import is_open, save_as_lead
from clinic.opening_hours import in_words
from clinic.questionnaires import CALLBACK, SCREENING

NOT_CONFIRMED = (
    "I'm sorry, something went wrong on our side, and I cannot confirm that your answers reached "
    "our staff. Please try again in a moment, or call us."
)

GO_ON = "Continue the questions"


class FinishQuestionnaire(ClinicAction):
    """Runs when the form is over, for whatever reason, and speaks after the commit."""

    def name(self) -> str:
        return "action_finish_questionnaire"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        # What there is to say to a visitor who stopped has been said.
        how = tracker.get_slot(form.ANSWER)
        if how == form.FINISHED:
            return _tell(dispatcher, tracker)
        if how == form.FORGOTTEN:
            # Rasa forgets too: our tracker store erases what came before a restart.
            return [Restarted()]
        if how == form.ENDED:
            return form.is_closed()
        # The visitor stopped: what was open waits.
        return form.goes_on()

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        say(dispatcher, f"{NOT_CONFIRMED} {in_danger()}")
        return []


def _tell(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    name = open_questionnaire(tracker)
    with transaction() as session:
        _, outcome = save_as_lead(session, tracker.sender_id, name)
        screening_waits = name == CALLBACK and is_open(session, tracker.sender_id, SCREENING)
    if outcome is not None:
        tell_outcome(dispatcher, outcome, download=True)
    else:
        tell_handoff(
            dispatcher,
            _callback_taken(),
            state="callback",
            suggestions=[GO_ON] if screening_waits else [],
        )
    return form.is_closed(SCREENING if screening_waits else None)


def _callback_taken() -> str:
    hours = in_words()
    when = f" We are here {hours}." if hours else ""
    return (
        f"Thank you. Your request is with our staff, and a person will call you.{when} "
        f"This chat is not watched around the clock. {in_danger()}"
    )
