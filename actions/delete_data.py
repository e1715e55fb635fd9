"""Erase what a visitor told us, when they say so."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions.base import ClinicAction, Events
from actions.say import say
from actions.visitor import last_text
from clinic import conversations, interviews, leads
from clinic.database import transaction
from clinic.facts import facts
from clinic.screening.reading.words import is_question

HOW_TO_ERASE = (
    "Write “delete my answers”, and I erase this chat and the answers you gave. "
    "It cannot be undone."
)
ERASED = "Done. I have erased this chat and the answers you gave."
NOT_ERASED = (
    "I'm sorry, something went wrong on our side, and nothing was erased. "
    "Please try again in a moment. If you are in danger, call 911. "
    "In a crisis, call or text 988."
)


class DeleteData(ClinicAction):
    """Erases answers and transcript; a request that staff already have needs a person."""

    def name(self) -> str:
        return "action_delete_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if is_question(last_text(tracker)):
            say(dispatcher, HOW_TO_ERASE, suggestions=["Delete my answers"])
            return []
        with transaction() as session:
            words = erase_everything(session, tracker.sender_id)
        say(dispatcher, words)
        # Rasa forgets too: our tracker store erases what came before a restart.
        return [Restarted()]

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        say(dispatcher, NOT_ERASED)
        return []


def erase_everything(session: Session, conversation_id: str) -> str:
    """Erase what is not with staff yet; returns what to tell the visitor."""
    interviews.erase(session, conversation_id)
    conversations.forget(session, conversation_id)
    if leads.find_by_conversation(session, conversation_id) is None:
        return ERASED
    return (
        f"{ERASED} What you sent to our staff is in their hands: "
        f"please call {facts().phone} to have that erased too."
    )
