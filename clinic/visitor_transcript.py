"""A visitor's own conversation as a text to read and to keep: who said what, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from clinic.facts import facts
from clinic.help_lines import in_danger
from clinic.tables import Message

AUTOMATED = (
    "The automated assistant is not a person and not a clinician. What it wrote is general "
    "information. It is not a diagnosis and not medical advice: a clinician decides with you. "
    "This file is about your health, so keep it where only you can see it."
)
DELETE = (
    "To delete this conversation on our side, choose that in the chat's menu. "
    "To have something deleted that you sent to our staff, call {phone}."
)
SPEAKERS = {
    "visitor": "You",
    "bot": "Automated assistant",
    "staff": "A person of our staff",
}
INDENT = "  "


def as_text(said: Sequence[Message], at: datetime) -> str:
    """Everything that was said, oldest first, in the clinic's time zone.

    Args:
        said: as `conversations.transcript` gives it.
        at: when the file is made.
    """
    clinic = facts()
    blocks = [
        f"Your conversation with {clinic.name}\nSaved on {_day(at)}, {_time(at)}",
        *_days(said),
        "-" * 60,
        AUTOMATED,
        DELETE.format(phone=clinic.phone),
        in_danger(),
    ]
    return "\n\n".join(blocks) + "\n"


def _days(said: Sequence[Message]) -> Iterator[str]:
    for day, messages in groupby(said, key=lambda message: _day(message.at)):
        yield day.upper()
        yield from map(_bubble, messages)


def _bubble(message: Message) -> str:
    lines = [*_words(message.content), *_shown(message.content.get("payload") or {})]
    # Indented, so that no line of a message can be taken for the beginning of another one.
    said = "\n".join(f"{INDENT}{line}" if line else "" for line in lines)
    return f"{SPEAKERS[message.sender]}, {_time(message.at)}\n{said}"


def _words(content: dict[str, Any]) -> list[str]:
    return str(content.get("text") or "").strip().splitlines()


def _shown(payload: dict[str, Any]) -> list[str]:
    """What stood under the words: sources, help lines, choices, reasons."""
    show = SHOWN.get(str(payload.get("type")))
    return show(payload) if show else []


def _sources(answer: dict[str, Any]) -> list[str]:
    sources = [f"- {one['title']}: {one['url']}" for one in answer.get("sources") or ()]
    reviewed = answer.get("reviewed")
    return [
        *(["Sources:", *sources] if sources else []),
        *([f"Last reviewed: {reviewed}"] if reviewed else []),
    ]


def _help_lines(payload: dict[str, Any]) -> list[str]:
    return [f"- {_help_line(one)}" for one in payload.get("resources") or ()]


def _help_line(line: dict[str, Any]) -> str:
    call = f"call {line['call']}" if line.get("call") else ""
    ways = [way for way in (call, line.get("text"), line.get("chat")) if way]
    note = f" ({line['note']})" if line.get("note") else ""
    return f"{line['name']}: {', '.join(ways)}{note}"


def _choices(question: dict[str, Any]) -> list[str]:
    return [f"- {option}" for option in question.get("options") or ()]


def _reasons(outcome: dict[str, Any]) -> list[str]:
    return [f"- {reason}" for reason in outcome.get("reasons") or ()]


SHOWN: dict[str, Callable[[dict[str, Any]], list[str]]] = {
    "answer": _sources,
    "crisis": _help_lines,
    "check_in": _help_lines,
    "question": _choices,
    "outcome": _reasons,
}


def _day(at: datetime) -> str:
    """As the clinic's calendar has it: Sunday, November 22, 2026."""
    return f"{at.astimezone(facts().zone):%A, %B %-d, %Y}"


def _time(at: datetime) -> str:
    """As the clinic's clock shows it: 4:05 PM EST."""
    return f"{at.astimezone(facts().zone):%-I:%M %p %Z}"
