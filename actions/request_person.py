"""A visitor wants a person: staff are called into the chat, or call back."""

from __future__ import annotations

from datetime import datetime

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.orm import Session

from actions.base import ClinicAction, Events
from actions.form import opens
from actions.say import say, tell_handoff
from actions.visitor import last_text
from actions.wish_for_a_person import refuses_a_person, wants_a_call
from clinic import handoff_endings, handoffs, opening_hours, presence
from clinic.clock import now
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import in_danger
from clinic.questionnaires import CALLBACK

REQUEST_PERSON = "action_request_person"

CALL_INSTEAD = "Call me back instead"

CALLED = (
    "Of course. I have called our staff to this chat. It may take a few minutes, and I cannot "
    "promise that somebody is free. Until a person comes, it is still me, the automated assistant: "
    "ask me anything meanwhile. What you write is kept, encrypted, for our staff. "
    "This chat is not for emergencies. {help}"
)
CALLED_ALREADY = (
    "Our staff have been called to this chat and can see that you are waiting. I cannot say when "
    "somebody is free. Until a person comes, it is still me, the automated assistant. {help}"
)
NOBODY_HERE = (
    "I'm an automated assistant, and nobody of our staff can come to this chat right now. {hours}"
    "They can call you back, or you can call us at {phone}. {help}"
)
ADULTS_ONLY = (
    "I cannot call our staff into this chat, because our clinic sees adults only. "
    "You can talk with a person there on the phone: {phone}. {help}"
)
NOT_CALLED = (
    "I'm sorry, something went wrong on our side, and I could not call our staff. "
    "You can call us at {phone}. {help}"
)


STAYS = (
    "All right, I call nobody. It is still me, the automated assistant, and we go on here. "
    "Should you want a person later, just say so."
)


class RequestPerson(ClinicAction):
    """Calls staff; where nobody is there, or a call is wished for, a callback request is taken."""

    def name(self) -> str:
        return REQUEST_PERSON

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        with transaction() as session:
            calls_back = request_person(session, dispatcher, tracker.sender_id, last_text(tracker))
        # The form runs only if there is something to ask, so no rule can name it.
        return [*opens(CALLBACK), FollowupAction("questionnaire_form")] if calls_back else []

    def fail(self, dispatcher: CollectingDispatcher) -> Events:
        say(dispatcher, NOT_CALLED.format(phone=facts().phone, help=in_danger()))
        return []


def request_person(
    session: Session, dispatcher: CollectingDispatcher, visitor: str, text: str
) -> bool:
    """Call staff into the chat, and say so. True if staff call back instead."""
    called = handoffs.open_of(session, visitor)
    if refuses_a_person(text):
        if handoffs.state_of(called) == "waiting":
            handoff_endings.leave(session, visitor)
        say(dispatcher, STAYS)
        return False
    if wants_a_call(text):
        if handoffs.state_of(called) == "waiting":
            handoff_endings.leave(session, visitor)
        dispatcher.utter_message(response="utter_human_handoff")
        return True
    if not handoffs.may_ask(session, visitor):
        say(dispatcher, ADULTS_ONLY.format(phone=facts().phone, help=in_danger()))
        return False
    if called is None and not presence.somebody_is_here(session):
        tell_handoff(dispatcher, nobody_here(now()), state="offered")
        return True
    handoffs.ask(session, visitor)
    words = CALLED if called is None else CALLED_ALREADY
    tell_handoff(
        dispatcher, words.format(help=in_danger()), state="waiting", suggestions=[CALL_INSTEAD]
    )
    return False


def nobody_here(at: datetime) -> str:
    """When staff are there; said to who asked for one and has to be content with a call."""
    hours, opening = opening_hours.in_words(), opening_hours.next_opening_in_words(at)
    holiday = opening_hours.holiday_today(at)
    told = [
        f"We are closed today for {holiday}." if holiday else "",
        f"Our hours: {hours.rstrip('.')}." if hours else "",
        f"We open again {opening}." if opening else "",
    ]
    in_a_row = "".join(f"{line} " for line in told if line)
    return NOBODY_HERE.format(hours=in_a_row, phone=facts().phone, help=in_danger())
