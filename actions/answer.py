"""Answer what was asked: one topic, several at once, or one that was answered before."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.say import say_again
from actions.topics import Topic, answered_before, asked, nearest, titles, topic

CALL_ME_BACK = "Call me back"
OTHERS = 2
"""Neighbouring topics that are offered when an answer is asked for again."""
HELP_LINES = ("988", "911")


class Answer(ClinicAction):
    """Gives the approved answer of each topic that the message asks for."""

    def name(self) -> str:
        return "action_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        answer(dispatcher, tracker, domain)
        return []


def answer(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
    """Say the answers of the visitor's last message."""
    before = answered_before(tracker)
    for slug in asked(tracker.latest_message):
        if slug in before:
            found = topic(domain, slug)
            others = [other for other in nearest(tracker.latest_message) if other != slug]
            offers = [*titles(domain, others[:OTHERS]), CALL_ME_BACK]
            say_again(dispatcher, found, shorter(found), suggestions=offers)
        else:
            dispatcher.utter_message(response=f"utter_faq/{slug}")


def shorter(found: Topic) -> str:
    """The heart of an answer, in other words around it. Help lines are never left out."""
    heart, *rest = found.text.strip().split("\n\n")
    lines = [line for part in rest for line in part.splitlines()]
    help_lines = [line for line in lines if any(number in line for number in HELP_LINES)]
    return "\n\n".join(
        [
            f"As I said further up, in short: {heart}",
            *help_lines,
            "If you meant something else, ask me in other words, or talk to our staff.",
        ]
    )
