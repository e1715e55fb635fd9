"""Ask the open question."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.say import ask
from actions.visitor import open_questionnaire
from clinic.database import reading
from clinic.interviews import next_question


class AskQuestion(ClinicAction):
    """Rasa's form calls this each time it wants its only slot: we say which question that is."""

    def name(self) -> str:
        return "action_ask_questionnaire_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        with reading() as session:
            question = next_question(session, tracker.sender_id, open_questionnaire(tracker))
        if question is not None:
            ask(dispatcher, question)
        return []
