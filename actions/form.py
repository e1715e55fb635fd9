"""The form's only slot: what it says about the interview, and what the next step makes of it."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events

ANSWER = "questionnaire_answer"

FINISHED = "finished"
"""Confirmed and with staff."""

LEFT = "left"
"""The visitor stopped, or an answer ended the interview; all has been said."""

FORGOTTEN = "forgotten"
"""Nothing of it may be kept, not even in Rasa's tracker."""


def goes_on() -> Events:
    """The question, or the next one, is asked."""
    # None, or Rasa would keep the visitor's raw words as if they had been accepted.
    return [SlotSet(ANSWER, None)]


def is_over(how: str) -> Events:
    """The form closes, and action_finish_questionnaire runs."""
    return [SlotSet(ANSWER, how)]


def opens(questionnaire: str) -> Events:
    """This questionnaire is the one whose questions are asked from here on."""
    return [SlotSet("questionnaire", questionnaire), *goes_on()]
