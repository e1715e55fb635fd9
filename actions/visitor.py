"""Read what an action needs to know about the visitor from Rasa's tracker."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from clinic.crisis_events import HARD, SOFT, UNCLEAR
from clinic.questionnaires import CALLBACK, SCREENING


def open_questionnaire(tracker: Tracker) -> str:
    """The questionnaire the visitor is in; the screening if none was named."""
    name = tracker.get_slot("questionnaire")
    return name if name in (SCREENING, CALLBACK) else SCREENING


def last_text(tracker: Tracker) -> str:
    return str(tracker.latest_message.get("text") or "")


def last_intent(tracker: Tracker) -> str:
    """The intent of the last message; for a topic with its slug, such as `faq/cost`."""
    intent: dict[str, Any] = tracker.latest_message.get("intent") or {}
    return str(intent.get("full_retrieval_intent_name") or intent.get("name") or "")


def last_key(tracker: Tracker) -> str:
    return key_of(tracker.latest_message)


def key_of(message: dict[str, Any]) -> str:
    """What names a message: the web's key, or Rasa's own id on other channels."""
    metadata: dict[str, Any] = message.get("metadata") or {}
    return str(metadata.get("key") or message.get("message_id") or "")


def actions_of_turn(tracker: Tracker) -> list[str]:
    """What Rasa has run since the visitor's last message, the latest first."""
    done: list[str] = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") == "action":
            done.append(str(event.get("name")))
    return done


def was_said_to_a_person(message: dict[str, Any]) -> bool:
    """Whether a person of the clinic was writing with the visitor, and the bot was silent."""
    return (message.get("metadata") or {}).get("live") is True


def crisis_category(tracker: Tracker) -> str:
    """What the reply was about: the slot holds "<category>.<language>", maybe with ".again"."""
    if was_said_to_a_person(tracker.latest_message) and not _said_about_danger(tracker):
        return str(_heard(tracker).get("category") or UNCLEAR)
    reply = str(tracker.get_slot("crisis_reply") or "")
    return reply.partition(".")[0] or UNCLEAR


def crisis_outcome(tracker: Tracker) -> str:
    """Soft if a check-in was the last thing said about danger in this turn; else hard.

    Beside a person nothing is said to a hint, so there it is what was heard that counts.
    """
    if said := _said_about_danger(tracker):
        return SOFT if said == "check_in" else HARD
    is_silent = was_said_to_a_person(tracker.latest_message)
    return SOFT if is_silent and _heard(tracker).get("outcome") == SOFT else HARD


def _said_about_danger(tracker: Tracker) -> str:
    """What was said last about danger in this turn, `crisis` or `check_in`; empty if nothing."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        kind = ((event.get("data") or {}).get("custom") or {}).get("type")
        if event.get("event") == "bot" and kind in ("crisis", "check_in"):
            return str(kind)
    return ""


def _heard(tracker: Tracker) -> dict[str, Any]:
    """What crisis detection wrote beside the last message."""
    return tracker.latest_message.get("crisis") or {}
