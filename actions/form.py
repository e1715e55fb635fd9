"""The form's only slot: what it says about the interview, and what the next step makes of it."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events

ANSWER = "questionnaire_answer"

FINISHED = "finished"
"""Confirmed and with staff."""

LEFT = "left"
"""The visitor stopped and may come back; all has been said."""

ENDED = "ended"
"""An answer ended the interview; all has been said."""

FORGOTTEN = "forgotten"
"""Nothing of it may be kept, not even in Rasa's tracker."""


def goes_on() -> Events:
    """The question, or the next one, is asked."""
    # None, or Rasa would keep the visitor's raw words as if they had been accepted.
    return [SlotSet(ANSWER, None)]


def took_a_plain_answer() -> Events:
    """Crisis detection need not wonder about such words; what a phrase hears, it hears anyway."""
    return [SlotSet("plain_answer", True)]


def is_over(how: str) -> Events:
    """The form closes, and action_finish_questionnaire runs."""
    return [SlotSet(ANSWER, how)]


def opens(questionnaire: str) -> Events:
    """This questionnaire is the one whose questions are asked from here on."""
    # Without the answer's slot: Rasa would take it for an answer to be validated at once.
    return [SlotSet("questionnaire", questionnaire)]


def is_closed(waiting: str | None = None) -> Events:
    """No question is open any more, or only those of a questionnaire that waits."""
    return [SlotSet("questionnaire", waiting), *goes_on()]
