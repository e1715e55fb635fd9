"""Bring a visitor back to where they were before words of crisis interrupted."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.base import ClinicAction, Events
from actions.form import opens
from actions.say import say
from actions.visitor import open_questionnaire

ASK_ANYTHING = "What would you like to know?"

Turn = list[dict[str, Any]]
"""A message and what the bot did after it, as Rasa's events."""

UNDERSTOOD = 0.6
"""As in config.yml: below this confidence nothing was understood."""


class BackToQuestion(ClinicAction):
    """Goes on with the open question, or answers what was asked beside the words of crisis.

    Rasa has said already that it is glad, in the visitor's language.
    """

    def name(self) -> str:
        return "action_back_to_question"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        interrupted, since = _interruption(tracker.events)
        if not all(_forms(interrupted)) and not any(_forms(since)):
            return [*opens(open_questionnaire(tracker)), FollowupAction("questionnaire_form")]
        reply = "" if since or not interrupted else _topic_asked(interrupted[0][0])
        if reply in (domain.get("responses") or {}):
            dispatcher.utter_message(response=reply)
        else:
            say(dispatcher, ASK_ANYTHING)
        return []


def _interruption(events: list[dict[str, Any]]) -> tuple[list[Turn], list[Turn]]:
    """The last turns of crisis, one after the other, and the turns since.

    A visitor may write more than one message of crisis; where they were is before the first.
    """
    turns: list[Turn] = []
    for event in events:
        if event.get("event") == "user":
            turns.append([event])
        elif turns:
            turns[-1].append(event)
    turns = turns[:-1]  # the last message is the one that asks to go back
    end = len(turns)
    while end and not _brought_help(turns[end - 1]):
        end -= 1
    start = end
    while start and _brought_help(turns[start - 1]):
        start -= 1
    return turns[start:end], turns[end:]


def _brought_help(turn: Turn) -> bool:
    return any(event.get("name") == "utter_crisis" for event in turn)


def _forms(turns: list[Turn]) -> list[str | None]:
    """The forms that were opened, and nothing for each that was closed, in their order."""
    return [
        event.get("name") for turn in turns for event in turn if event.get("event") == "active_loop"
    ]


def _topic_asked(message: dict[str, Any]) -> str:
    """The reply to what was asked in the same message; empty if nothing was understood."""
    parsed: dict[str, Any] = message.get("parse_data") or {}
    sure = any(
        ranked.get("name") == "faq" and ranked.get("confidence", 0) >= UNDERSTOOD
        for ranked in parsed.get("intent_ranking") or []
    )
    best = ((parsed.get("response_selector") or {}).get("faq") or {}).get("response") or {}
    return str(best.get("utter_action") or "") if sure else ""
