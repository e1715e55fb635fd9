"""What the conversation itself says about danger: how lately it was heard, what we asked last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, Iterable, Optional, Set, Text

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from nlu_components.crisis.language import ENGLISH
from nlu_components.crisis.sentences import HARD, SOFT
from nlu_components.live import answered_a_person, was_said_to_a_person

WATCHED_TURNS = 10
"""So many of the visitor's messages are read with more care after a crisis or a hint of one."""
OPEN_FOR = 3
"""A check-in that got no answer may still be answered after so many messages."""
WATCH_SLOT = "crisis_watch"
"""Turns still to watch: kept when the rest of a conversation is forgotten. It holds no words."""
PLAIN_ANSWER_SLOT = "plain_answer"
"""Set by the form's action: this turn's message was only a short answer to its question."""
REVIEW = "review"
"""The last question of a form: shall all of it be sent?"""
JUDGEMENT = "crisis"
"""The key under which the component writes what it heard beside Rasa's intent."""
HEARD = (HARD, SOFT)
SAFETY = ("check_in", "crisis")
"""The types of what the bot says about danger."""
SAID = "said"
"""Of the part that is kept only in short: which of these were said, for which category."""
ANSWERED = "answered"
"""Of that part: how often each topic was answered, by slug."""


@dataclass(frozen=True)
class Asked:
    """The safety question that the bot asked in the last turn in which it spoke."""

    kind: Text
    """`check_in` or `crisis`."""
    category: Text
    language: Text


def turns_to_watch(events: Iterable[Event]) -> int:
    """How many more messages are read with care, the next one included; 0 if none."""
    messages, was_plain = 0, False
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            if _counts(event, was_plain):
                return max(WATCHED_TURNS - messages, 0)
            messages, was_plain = messages + 1, False
        elif isinstance(event, SlotSet) and event.key == WATCH_SLOT:
            return max(int(event.value or 0) - messages, 0)
        elif _says_plain(event):
            was_plain = True
        if messages > WATCHED_TURNS:
            break
    return 0


def is_only_an_answer(events: Iterable[Event]) -> bool:
    """Whether the last message is a short, whole answer to a form's question, and no phrase of
    danger is in it: then what the classifier finds likely is no hint.
    """
    was_plain = False
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            return was_plain and bool(judgement_of(event).get("only_likely"))
        was_plain = was_plain or _says_plain(event)
    return False


def _counts(message: UserUttered, was_plain: bool) -> bool:
    heard = judgement_of(message)
    return heard.get("outcome") in HEARD and not (was_plain and heard.get("only_likely"))


def _says_plain(event: Event) -> bool:
    return isinstance(event, SlotSet) and event.key == PLAIN_ANSWER_SLOT and bool(event.value)


def asked_last(events: Iterable[Event]) -> Optional[Asked]:
    """The safety question after the visitor's last message, if there was one.

    Beside a person the bot is silent: what was said there meanwhile closes its question only if
    it came after words of that person.
    """
    asked: Optional[Asked] = None
    spoke = False
    for event in reversed(list(events)):
        spoke |= isinstance(event, BotUttered)
        if isinstance(event, UserUttered) and (spoke or not _leaves_open(event)):
            return asked
        payload = _payload(event)
        if asked is None and payload.get("type") in ("check_in", "crisis"):
            asked = _asked(payload)
    return asked


def is_pressed(text: Text, events: Iterable[Event]) -> bool:
    """Whether a message is nothing but options that the bot itself just offered.

    A pressed button is an answer in our own approved words, and the form knows what it means. After
    a safety question it is none: there a "Yes" is about danger. But "Yes, send it" never is.
    """
    offered: Set[Text] = set()
    after_a_safety_question = False
    send: Set[Text] = set()
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            break
        payload = _payload(event)
        after_a_safety_question |= payload.get("type") in ("check_in", "crisis")
        offered.update(payload.get("options") or ())
        if payload.get("field") == REVIEW:
            send.update(payload.get("options") or ())
    known = send if after_a_safety_question else offered
    return bool(known) and all(part.strip() in known for part in text.split(";"))


def open_check_in(events: Iterable[Event]) -> Optional[Asked]:
    """A check-in of the last few messages that nobody has answered yet.

    A visitor may ask "what?" or say nothing to the point first, and "yes" after that. But not
    after an answer to a person.
    """
    messages = 0
    for event in reversed(list(events)):
        payload = _payload(event)
        if payload.get("type") == "check_in":
            return _asked(payload)
        if payload.get("type") == "crisis":
            return None
        if isinstance(event, UserUttered):
            messages += not _leaves_open(event)
            answered = judgement_of(event).get("reply") or answered_a_person(event)
            if messages > OPEN_FOR or answered:
                return None
    return None


def messages_since_check_in(events: Iterable[Event]) -> int:
    """How many messages have come since the last check-in that might have answered it."""
    messages = 0
    for event in reversed(list(events)):
        if _payload(event).get("type") == "check_in":
            break
        messages += isinstance(event, UserUttered) and not _leaves_open(event)
    return messages


def asked_before(events: Iterable[Event]) -> Optional[Asked]:
    """The safety question that the visitor's last message came after, if there was one."""
    earlier = list(events)
    while earlier:
        event = earlier.pop()
        if isinstance(event, UserUttered):
            return None if answered_a_person(event) else asked_last(earlier)
    return None


def was_said_before(events: Iterable[Event], kind: Text, category: Text) -> bool:
    """Whether this kind of reply was given for this category earlier in the conversation."""
    return any(
        (payload.get("type") == kind and payload.get("category") == category)
        or [kind, category] in payload.get(SAID, ())
        for payload in map(_payload, events)
    )


def judgement_of(message: Optional[UserUttered]) -> Dict[Text, Any]:
    """What the component heard in a message; empty if it never saw it."""
    parsed: Dict[Text, Any] = (message.parse_data if message else None) or {}
    return parsed.get(JUDGEMENT) or {}


def form_before(events: Iterable[Event]) -> Optional[Text]:
    """The form that was open when the visitor's last message came; nothing if none was."""
    form: Optional[Text] = None
    at_message: Optional[Text] = None
    for event in events:
        if isinstance(event, ActiveLoop):
            form = event.name
        elif isinstance(event, (Restarted, SessionStarted)):
            form = None
        elif isinstance(event, UserUttered):
            at_message = form
    return at_message


def actions_of_turn(events: Iterable[Event]) -> Iterable[Text]:
    """What the bot has done since the visitor's last message, the latest first."""
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            return
        if isinstance(event, ActionExecuted):
            yield event.action_name


def _leaves_open(message: UserUttered) -> bool:
    """Whether a person read it who had not said anything since the bot did."""
    return was_said_to_a_person(message) and not answered_a_person(message)


def _asked(payload: Dict[Text, Any]) -> Asked:
    return Asked(payload["type"], payload.get("category", ""), payload.get("language", ENGLISH))


def _payload(event: Event) -> Dict[Text, Any]:
    """What a message of the bot's carries; nothing if it only stands before a form's question.

    Such help lines ask nothing: "yes" is the answer to the form's question, which knows what it
    means.
    """
    if not isinstance(event, BotUttered):
        return {}
    payload: Dict[Text, Any] = (event.data or {}).get("custom") or {}
    return {} if payload.get("recorded") else payload
