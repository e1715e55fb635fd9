"""Give visitors a copy of what they answered."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.say import offer_download, say
from clinic.database import transaction
from clinic.interviews import has_answers

NOTHING_KEPT = "I have kept no answers of yours in this chat, so there is nothing to download."


class DownloadData(ClinicAction):
    """Offers the files; the web makes them, for this visitor's browser only."""

    def name(self) -> str:
        return "action_download_data"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        with transaction() as session:
            kept = has_answers(session, tracker.sender_id)
        if kept:
            offer_download(dispatcher)
        else:
            say(dispatcher, NOTHING_KEPT, suggestions=["Start pre-screening"])
        return []
