"""Change an answer when no question is open."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer import CALL_ME_BACK
from actions.base import ClinicAction, Events
from actions.form import opens
from actions.say import say
from actions.visitor import last_text, open_questionnaire
from clinic import interviews
from clinic.database import transaction
from clinic.facts import facts

WITH_STAFF = (
    "What you sent is with our staff, so I cannot change it here. They can: call us at {phone}, or "
    "tell them when they call you."
)
NO_ANSWERS = "You have no open answers to change. You can start the questions whenever you like."


class ChangeAnswer(ClinicAction):
    """Goes back into a questionnaire that waits; what was sent can only be changed by staff."""

    def name(self) -> str:
        return "action_change_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        visitor, name = tracker.sender_id, open_questionnaire(tracker)
        with transaction() as session:
            if interviews.is_open(session, visitor, name):
                interviews.reopen(session, visitor, name)
                interviews.ask_what_to_change(session, visitor, name, last_text(tracker))
                return [*opens(name), FollowupAction("questionnaire_form")]
            sent = interviews.is_with_staff(session, visitor)
        if sent:
            words = WITH_STAFF.format(phone=facts().phone)
            say(dispatcher, words, suggestions=[CALL_ME_BACK])
        else:
            say(dispatcher, NO_ANSWERS, suggestions=["Start pre-screening"])
        return []
