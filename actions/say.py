"""The bot's messages, as web/bot_message.schema.json describes them."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher

from actions.topics import Topic
from clinic.screening.engine import Question
from clinic.screening.triage import Outcome


def say(dispatcher: CollectingDispatcher, text: str, *, suggestions: Sequence[str] = ()) -> None:
    """Plain words, with things to tap if there are any."""
    payload = {"type": "text", "suggestions": list(suggestions)} if suggestions else None
    dispatcher.utter_message(text=text, json_message=payload)


def ask(dispatcher: CollectingDispatcher, question: Question) -> None:
    dispatcher.utter_message(
        text=question.text,
        json_message={
            "type": "question",
            "field": question.link_id,
            "kind": question.kind,
            "options": list(question.options),
            "number": question.number,
            "of": question.of,
            "why": question.why,
            "optional": question.optional,
        },
    )


def tell_outcome(
    dispatcher: CollectingDispatcher, outcome: Outcome, *, suggestions: Sequence[str] = ()
) -> None:
    dispatcher.utter_message(
        text=outcome.text,
        json_message={
            "type": "outcome",
            "code": outcome.code,
            # Those of weaker rules are for staff: the visitor hears why this outcome is theirs.
            "reasons": [r.text for r in outcome.reasons if r.code == outcome.code],
            "suggestions": list(suggestions),
        },
    )


def tell_handoff(
    dispatcher: CollectingDispatcher, text: str, *, state: str, suggestions: Sequence[str] = ()
) -> None:
    dispatcher.utter_message(
        text=text,
        json_message={"type": "handoff", "state": state, "suggestions": list(suggestions)},
    )


def say_again(
    dispatcher: CollectingDispatcher, topic: Topic, text: str, *, suggestions: Sequence[str]
) -> None:
    """A topic's answer in other words, with the same sources."""
    payload = {**topic.payload, "suggestions": list(suggestions)}
    dispatcher.utter_message(text=text, json_message=payload)


def say_not_understood(
    dispatcher: CollectingDispatcher, text: str, *, suggestions: Sequence[str]
) -> None:
    payload = {"type": "fallback", "suggestions": list(suggestions)}
    dispatcher.utter_message(text=text, json_message=payload)
