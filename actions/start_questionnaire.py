"""Open a questionnaire, or go on where it stopped."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.form import opens
from actions.say import say
from actions.visitor import open_questionnaire
from clinic import screening_steps
from clinic.database import transaction
from clinic.interviews import is_open, reopen
from clinic.questionnaires import SCREENING

NOTHING_OPEN = "I'm glad you are here. No questions are open; you can ask me anything."
WELCOME_BACK = "Welcome back. Let's go on where we were."


class StartScreening(ClinicAction):
    """Opens the pre-screening; a visitor who was in the middle of it goes on there."""

    def name(self) -> str:
        return "action_start_screening"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return _open(dispatcher, tracker, SCREENING)


class ResumeQuestionnaire(ClinicAction):
    """Goes on with whatever was open when the visitor left it."""

    def name(self) -> str:
        return "action_resume_questionnaire"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        with transaction() as session:
            waits = is_open(session, tracker.sender_id, SCREENING)
        if tracker.get_slot("questionnaire") is None and not waits:
            say(dispatcher, NOTHING_OPEN, suggestions=["Start pre-screening"])
            return []
        # The form runs only when there is something to go on with, so no rule can name it.
        opened = _open(dispatcher, tracker, open_questionnaire(tracker))
        return [*opened, FollowupAction("questionnaire_form")]


def _open(dispatcher: CollectingDispatcher, tracker: Tracker, name: str) -> Events:
    with transaction() as session:
        if is_open(session, tracker.sender_id, name):
            reopen(session, tracker.sender_id, name)
            say(dispatcher, WELCOME_BACK)
        elif tracker.get_slot("questionnaire") != name:
            screening_steps.started(session, name)
    return opens(name)
