"""Save what a visitor confirmed, and only then say thank you."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import Restarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import ClinicAction, Events
from actions.say import tell_handoff, tell_outcome
from actions.visitor import open_questionnaire
from clinic.database import transaction
from clinic.facts import facts
from clinic.interviews import CALLBACK, SCREENING, is_open, save_as_lead

FORGOTTEN = "forgotten"
"""The slot's value when nothing of the interview may be kept, not even in Rasa's tracker."""

GO_ON = "Continue the questions"


class FinishQuestionnaire(ClinicAction):
    """Runs when the form is over, for whatever reason, and speaks after the commit."""

    def name(self) -> str:
        return "action_finish_questionnaire"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        # What there is to say to a visitor who stopped has been said.
        match tracker.get_slot("questionnaire_answer"):
            case "finished":
                return _save(dispatcher, tracker)
            case answer if answer == FORGOTTEN:
                # Rasa forgets too: our tracker store erases what came before a restart.
                return [Restarted()]
            case _:
                return []


def _save(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    name = open_questionnaire(tracker)
    with transaction() as session:
        _, outcome = save_as_lead(session, tracker.sender_id, name)
        screening_waits = name == CALLBACK and is_open(session, tracker.sender_id, SCREENING)
    if outcome is not None:
        tell_outcome(dispatcher, outcome)
    else:
        tell_handoff(
            dispatcher,
            _callback_taken(),
            state="callback",
            suggestions=[GO_ON] if screening_waits else [],
        )
    return [SlotSet("questionnaire", SCREENING)]


def _callback_taken() -> str:
    hours = facts().hours
    when = f" We are here {hours}." if hours else ""
    return (
        f"Thank you. Your request is with our staff, and a person will call you.{when} "
        "This chat is not watched around the clock. If you are in danger, call 911. "
        "In a crisis, call or text 988."
    )
