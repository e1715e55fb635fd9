"""Answer what was asked: one topic, several at once, or one that was answered before."""

from __future__ import annotations

import re

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.say import say_again
from actions.topics import Topic, asked, nearest, times_answered, titles, topic
from clinic.help_lines import clinic_lines

CALL_ME_BACK = "Call me back"
OTHERS = 2
"""Neighbouring topics that are offered when an answer is asked for again."""
IN_THE_ANSWERS = ("988", "911")
"""The numbers that the answers of data/faq come with."""


class Answer(ClinicAction):
    """Gives the approved answer of each topic that the message asks for."""

    def name(self) -> str:
        return "action_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        answer(dispatcher, tracker, domain)
        return []


def answer(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> None:
    """Say the answers of the visitor's last message."""
    times = times_answered(tracker)
    for slug in asked(tracker.latest_message):
        if times[slug]:
            found = topic(domain, slug)
            others = nearest(tracker.latest_message, besides=[slug])
            offers = [*titles(domain, others[:OTHERS]), CALL_ME_BACK]
            # In turn, so that the same words never come twice in a row.
            words = points_first(found) if times[slug] % 2 else in_short(found)
            say_again(dispatcher, found, words, suggestions=offers)
        else:
            dispatcher.utter_message(response=f"utter_faq/{slug}")


def points_first(found: Topic) -> str:
    """The whole answer the other way round: a follow-up is often about one of its points."""
    heart, *points = _parts(found)
    if not points:
        return in_short(found)
    return "\n\n".join(["Let me say that again, the details first.", *points, f"In short: {heart}"])


def in_short(found: Topic) -> str:
    """The heart of an answer, and a person who knows more. Help lines are never left out."""
    heart, *points = _parts(found)
    lines = [line for part in points for line in part.splitlines()]
    help_lines = [line for line in lines if _numbers().search(line)]
    end = "That is all I know about it. If you meant something else, our staff can help you better."
    return "\n\n".join([f"Once more, in short: {heart}", *help_lines, end])


def _numbers() -> re.Pattern[str]:
    """The numbers of the clinic's country, and those that the answers come with."""
    here = {line.call for line in clinic_lines() if {"emergency", "crisis"} & set(line.helps)}
    numbers = "|".join(re.escape(number) for number in sorted({*here, *IN_THE_ANSWERS} - {""}))
    return re.compile(rf"(?<![\d.,])(?:{numbers})(?!\d)")  # 1,000 does not name 000


def _parts(found: Topic) -> list[str]:
    return found.text.strip().split("\n\n")
