"""Tell staff that words of crisis were heard, or a hint of them."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.visitor import crisis_category, crisis_outcome, last_key
from clinic.crisis_events import record_crisis
from clinic.database import transaction


class RecordCrisis(ClinicAction):
    """Keeps the category and the time, never the words. Help has been said before this runs."""

    def name(self) -> str:
        return "action_record_crisis"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        with transaction() as session:
            record_crisis(
                session,
                conversation_id=tracker.sender_id,
                message_key=last_key(tracker),
                category=crisis_category(tracker),
                outcome=crisis_outcome(tracker),
            )
        return []

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        # The visitor has the help lines already; our trouble is not theirs at this moment.
        return []
