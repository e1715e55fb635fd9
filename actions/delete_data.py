"""Erase what a visitor told us, when they say so."""

from __future__ import annotations

import re

from rasa_sdk import Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions.base import ClinicAction, Events
from actions.say import say, say_beside_a_person
from actions.visitor import last_text, was_said_to_a_person
from clinic import conversations, interviews
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import in_danger
from clinic.screening.reading.words import is_question

HOW_TO_ERASE = (
    "Write “delete my answers”, and I erase this chat and the answers you gave. "
    "It cannot be undone."
)
# “Forget it” ends a subject. An erasure names what is to go, and is not in the negative.
ERASE = re.compile(
    r"\b(?:delet\w*|delte|eras\w*|earse|wip(?:e|ed|ing)|remov\w*|purg\w*|scrub\w*|destroy\w*|trash\w*"
    r"|clear|bin|dump|get\s+rid\s+of|throw\s+away|forget|borra\w*|elimin\w*)\b",
    re.IGNORECASE,
)
WHAT_I_TOLD = re.compile(
    r"\b(?:answers?|data|info(?:rmation)?|details|records?|chat|conversation|messages?|history"
    r"|everything|stuff|respuestas|datos|forget\s+me|what\s+i\s+(?:said|told|typed|wrote|entered)"
    r"|(?:delete|erase|wipe|purge)\s+(?:it|this|that|all)"
    r"|all\s+(?:i|that\s+i)\s+(?:said|told|typed|wrote|entered))\b",
    re.IGNORECASE,
)
NEGATION = re.compile(r"\b(?:don[’']?t|do\s+not|not|never|without|no\s+need)\b", re.IGNORECASE)
ONE_ANSWER = re.compile(
    r"\b(?:last|previous|first|that|this|one|an|wrong)\s+answer\b", re.IGNORECASE
)
WITHDRAWS = re.compile(
    r"\b(?:withdraw|revoke|take\s+back)\b.{0,20}\b(?:consent|agreement|permission)\b"
    r"|\b(?:no\s+longer|don[’']?t|do\s+not)\s+(?:agree|consent)\b.{0,20}\b(?:any\s?more|now)\b"
    r"|\bno\s+longer\s+(?:agree|consent)\b",
    re.IGNORECASE,
)
ERASED = "Done. I have erased this chat and the answers you gave."
NOT_ERASED = (
    "I'm sorry, something went wrong on our side, and nothing was erased. "
    "Please try again in a moment."
)


class DeleteData(ClinicAction):
    """Erases answers and transcript; a request that staff already have needs a person."""

    def name(self) -> str:
        return "action_delete_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if not orders_erasure(last_text(tracker)):
            if was_said_to_a_person(tracker.latest_message):
                return []  # the person answers
            say(dispatcher, HOW_TO_ERASE, suggestions=["Delete my answers"])
            return []
        with transaction() as session:
            words = erase_everything(session, tracker.sender_id)
        say_beside_a_person(dispatcher, words)
        # Rasa forgets too: our tracker store erases what came before a restart.
        return [Restarted()]

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        say_beside_a_person(dispatcher, f"{NOT_ERASED} {in_danger()}")
        return []


def orders_erasure(text: str) -> bool:
    """Whether this is plainly an order to erase: nothing is erased on a guess."""
    if is_question(text) or NEGATION.search(text) or ONE_ANSWER.search(text):
        return False
    return bool(ERASE.search(text) and WHAT_I_TOLD.search(text))


def withdraws_consent(text: str) -> bool:
    """Whether the visitor plainly takes back what they agreed to."""
    return bool(WITHDRAWS.search(text)) and not is_question(text)


def erase_everything(session: Session, conversation_id: str) -> str:
    """Erase what is not with staff yet; returns what to tell the visitor."""
    interviews.erase(session, conversation_id)
    conversations.forget(session, conversation_id)
    if not interviews.is_with_staff(session, conversation_id):
        return ERASED
    return (
        f"{ERASED} What you sent to our staff is in their hands: "
        f"please call {facts().phone} to have that erased too."
    )
