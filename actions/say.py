"""The bot's messages, as web/bot_message.schema.json describes them."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.executor import CollectingDispatcher

from actions.topics import Topic
from clinic.first_help import Help, before_a_question
from clinic.screening.engine import KEEP, Question
from clinic.screening.triage import Outcome

SO_FAR = "Your answer so far"
YOUR_ANSWERS = "Here is what I have kept of your answers."
DOWNLOADS = [
    {"title": "As a text to read", "url": "/api/answers.txt"},
    {"title": "As a file for another clinic (FHIR)", "url": "/api/answers.json"},
]


def say(dispatcher: CollectingDispatcher, text: str, *, suggestions: Sequence[str] = ()) -> None:
    """Plain words, with things to tap if there are any."""
    payload = {"type": "text", "suggestions": list(suggestions)} if suggestions else None
    dispatcher.utter_message(text=text, json_message=payload)


def say_beside_a_person(dispatcher: CollectingDispatcher, text: str) -> None:
    """Words that are shown though a person of the clinic writes with the visitor."""
    payload = {"type": "text", "beside_a_person": True}
    dispatcher.utter_message(text=text, json_message=payload)


def ask(dispatcher: CollectingDispatcher, question: Question) -> None:
    """A question of a form; help lines first where it may touch on danger."""
    if question.help:
        tell_help(dispatcher, before_a_question(question.help))
    asked_again = question.was is not None
    dispatcher.utter_message(
        text=f"{question.text}\n\n{SO_FAR}: {question.was}" if asked_again else question.text,
        json_message={
            "type": "question",
            "field": question.link_id,
            "kind": question.kind,
            "options": list(question.options),
            "exclusive": list(question.exclusive),
            "section": question.section,
            "number": question.number,
            "of": question.of,
            "why": question.why,
            "optional": question.optional,
            "suggestions": [KEEP] if asked_again else [],
            **_limits(question),
        },
    )


def _limits(question: Question) -> dict[str, str]:
    """The first and the last day of a date, where it has any."""
    days = {"earliest": question.earliest, "latest": question.latest}
    return {name: day.isoformat() for name, day in days.items() if day}


def tell_help(dispatcher: CollectingDispatcher, help_lines: Help) -> None:
    """A card with the clinic's help lines."""
    dispatcher.utter_message(text=help_lines.text, json_message=help_lines.payload)


def tell_outcome(
    dispatcher: CollectingDispatcher,
    outcome: Outcome,
    *,
    suggestions: Sequence[str] = (),
    download: bool = False,
) -> None:
    dispatcher.utter_message(
        text=outcome.text,
        json_message={
            "type": "outcome",
            "code": outcome.code,
            # Those of weaker rules are for staff: the visitor hears why this outcome is theirs.
            "reasons": [r.text for r in outcome.reasons if r.code == outcome.code],
            "suggestions": list(suggestions),
            "download": download,
        },
    )


def offer_download(dispatcher: CollectingDispatcher) -> None:
    """The visitor's own answers, as a text to keep and as a file for another system."""
    dispatcher.utter_message(
        text=YOUR_ANSWERS, json_message={"type": "download", "files": DOWNLOADS}
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
