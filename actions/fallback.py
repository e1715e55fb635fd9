"""Be honest about what was not understood, offer what comes nearest, and keep it for staff."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.exc import SQLAlchemyError

from actions.answer import CALL_ME_BACK
from actions.base import ClinicAction, Events
from actions.say import say, say_not_understood
from actions.topics import last_turn, message_before, nearest, titles, topic
from actions.visitor import key_of, last_key, last_text
from clinic import unanswered
from clinic.database import transaction
from clinic.encryption import UnreadableValue
from clinic.unanswered import Reason

log = logging.getLogger(__name__)

OFFERED = 3
"""Topics that are offered when nothing was understood."""

NOT_UNDERSTOOD = (
    "I'm sorry, I have no approved answer to that, or I did not understand it. "
    "Is it one of these? You can also ask in other words, or have our staff call you back."
)
AGAIN_NOT_UNDERSTOOD = (
    "I'm sorry, I still do not understand. A person can help better than I can: "
    "our staff will call you back if you like. These are the nearest things I know about."
)
WHICH_ONE = "I want to give you the right answer. Do you mean “{}” or “{}”?"
NOT_THAT = "I'm sorry, that missed your question. Did you mean one of these?"
NOTHING_TO_REPAIR = "I'm sorry. Please ask me in other words, or have our staff call you back."
NO_MORE = (
    "That is all I have on this. The sources under the answer say more, and our staff can talk "
    "it through with you. You could also ask about these."
)


class Fallback(ClinicAction):
    """The nearest topics and a person; after a second time in a row the person first."""

    def name(self) -> str:
        return "action_fallback"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        not_understood(dispatcher, tracker, domain)
        return []


class AskWhichTopic(ClinicAction):
    """Between two topics the visitor chooses."""

    def name(self) -> str:
        return "action_ask_which_topic"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        ask_which_topic(dispatcher, tracker, domain)
        return []


class Repair(ClinicAction):
    """The visitor says that the answer missed the question."""

    def name(self) -> str:
        return "action_repair"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        missed = message_before(tracker)
        keep(tracker, missed, "not_what_i_asked")
        turn = last_turn(tracker)
        said = {payload.get("topic") for payload in turn}
        # What was offered a moment ago and not taken is not meant either.
        offered = {title for payload in turn for title in payload.get("suggestions") or []}
        others = [
            slug
            for slug in nearest(missed, besides=said)
            if topic(domain, slug).title not in offered
        ][:OFFERED]
        words = NOT_THAT if others else NOTHING_TO_REPAIR
        say(dispatcher, words, suggestions=[*titles(domain, others), CALL_ME_BACK])
        return []


class TellMore(ClinicAction):
    """The visitor wants more than the answer holds."""

    def name(self) -> str:
        return "action_tell_more"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        said = {payload.get("topic") for payload in last_turn(tracker)} - {None}
        if not said:
            not_understood(dispatcher, tracker, domain)
            return []
        others = nearest(message_before(tracker), besides=said)
        offers = [*titles(domain, others[:OFFERED]), CALL_ME_BACK]
        say(dispatcher, NO_MORE, suggestions=offers)
        return []


def not_understood(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
    """Say so, and keep the message for staff."""
    keep(tracker, tracker.latest_message, "not_understood")
    offers = titles(domain, nearest(tracker.latest_message)[:OFFERED])
    if any(payload.get("type") == "fallback" for payload in last_turn(tracker)):
        say_not_understood(dispatcher, AGAIN_NOT_UNDERSTOOD, suggestions=[CALL_ME_BACK, *offers])
    else:
        say_not_understood(dispatcher, NOT_UNDERSTOOD, suggestions=[*offers, CALL_ME_BACK])


def ask_which_topic(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
    """Offer the two nearest topics."""
    first, second = titles(domain, nearest(tracker.latest_message)[:2])
    words = WHICH_ONE.format(first, second)
    say(dispatcher, words, suggestions=[first, second, "Something else"])


def keep(tracker: Tracker, message: dict[str, Any], reason: Reason) -> None:
    """Keep a message that got no answer. A broken database must not cost the visitor theirs."""
    text = str(message.get("text") or last_text(tracker))
    try:
        with transaction() as session:
            unanswered.keep(
                session,
                conversation_id=tracker.sender_id,
                message_key=key_of(message) or last_key(tracker),
                text=text,
                reason=reason,
                nearest=nearest(message)[:OFFERED],
            )
    except (SQLAlchemyError, UnreadableValue, OSError) as error:
        log.error("unanswered message not kept error=%s", type(error).__name__)
