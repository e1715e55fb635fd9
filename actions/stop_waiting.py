"""“Stop” where no questions are open: a visitor who waits for a person waits no longer."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.say import say
from clinic import handoff_endings, handoffs
from clinic.database import transaction
from clinic.handoff_words import CALL_ME_BACK
from clinic.help_lines import in_danger

NO_LONGER = "All right. You no longer wait for a person."
NOT_STOPPED = (
    "I'm sorry, something went wrong on our side. If you were waiting for a person, "
    "you may still be waiting."
)


class StopWaiting(ClinicAction):
    """Ends a hand-off that waits; otherwise there is nothing to stop, and it says so."""

    def name(self) -> str:
        return "action_stop_waiting"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        with transaction() as session:
            # Locked by this look: a person who comes in this very moment is not sent away.
            is_live = handoffs.is_live_for_this_turn(session, tracker.sender_id)
            stopped = not is_live and handoff_endings.leave(session, tracker.sender_id)
        if stopped:
            say(dispatcher, NO_LONGER, suggestions=[CALL_ME_BACK])
        else:
            dispatcher.utter_message(response="utter_no_questions_open")
        return []

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        say(dispatcher, f"{NOT_STOPPED} {in_danger()}")
        return []
