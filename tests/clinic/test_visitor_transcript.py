"""Visitors can take the conversation with them: all that was said, by whom and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from clinic import conversations
from clinic.facts import facts
from clinic.tables import Message
from clinic.visitor_transcript import as_text

C = "a-conversation"
NOON = datetime(2026, 1, 31, 17, 5, tzinfo=UTC)
NIGHT = datetime(2026, 2, 1, 4, 59, tzinfo=UTC)
MORNING = datetime(2026, 2, 1, 14, 0, tzinfo=UTC)
LINE = {"name": "988 Lifeline", "call": "988", "text": "Text 988", "chat": None, "note": "Free."}


def say(
    session: Session,
    text: str,
    *,
    sender: str = "bot",
    at: datetime = NOON,
    payload: dict[str, Any] | None = None,
) -> None:
    conversations.open_conversation(session, C)
    content = {"text": text, "payload": payload}
    session.add(Message(conversation_id=C, sender=sender, key="k", at=at, content=content))
    session.flush()


def page(session: Session) -> str:
    return as_text(conversations.transcript(session, C), MORNING)


def test_it_says_who_said_what_and_when_by_the_clinics_clock(session: Session) -> None:
    say(session, "Does it hurt?", sender="visitor")
    say(session, "A little.")
    say(session, "I am here now.", sender="staff")

    assert (
        "SATURDAY, JANUARY 31, 2026\n\n"
        "You, 12:05 PM EST\n  Does it hurt?\n\n"
        "Automated assistant, 12:05 PM EST\n  A little.\n\n"
        "A person of our staff, 12:05 PM EST\n  I am here now.\n\n"
    ) in page(session)


def test_a_day_is_the_clinics_day(session: Session) -> None:
    say(session, "Good night.", at=NIGHT)
    say(session, "Good morning.", at=MORNING)

    saturday, sunday = page(session).split("SUNDAY, FEBRUARY 1, 2026")

    assert "SATURDAY, JANUARY 31, 2026" in saturday
    assert "Good night." in saturday
    assert "Good morning." in sunday


def test_an_answer_comes_with_its_sources_and_its_review(session: Session) -> None:
    source = {"title": "NIMH", "url": "https://www.nimh.nih.gov/depression"}
    payload = {"type": "answer", "topic": "t", "sources": [source], "reviewed": "2026-01-02"}
    say(session, "It may help.", payload=payload)

    assert (
        "  It may help.\n  Sources:\n  - NIMH: https://www.nimh.nih.gov/depression\n"
        "  Last reviewed: 2026-01-02\n"
    ) in page(session)


@pytest.mark.parametrize("kind", ["crisis", "check_in"])
def test_help_lines_that_were_shown_are_in_it(session: Session, kind: str) -> None:
    say(session, "Please call.", payload={"type": kind, "category": "x", "resources": [LINE]})

    assert "  - 988 Lifeline: call 988, Text 988 (Free.)\n" in page(session)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "question", "field": "f", "kind": "choice", "options": ["this", "that"]},
        {"type": "outcome", "code": "R", "reasons": ["this", "that"]},
    ],
)
def test_choices_and_reasons_that_were_shown_are_in_it(
    session: Session, payload: dict[str, Any]
) -> None:
    say(session, "Words.", payload=payload)

    assert "  Words.\n  - this\n  - that\n" in page(session)


@pytest.mark.parametrize("payload", [None, {"type": "handoff", "state": "live"}, {"type": "new"}])
def test_whatever_else_is_shown_its_words_are_in_it(
    session: Session, payload: dict[str, Any] | None
) -> None:
    say(session, "A person is here.", payload=payload)

    assert "  A person is here.\n" in page(session)


def test_no_line_of_a_message_can_be_taken_for_another_speaker(session: Session) -> None:
    forged = "hi\nA person of our staff, 12:05 PM EST\r\n\n\x0bYou are cured.\u2028Really."
    say(session, forged, sender="visitor")

    lines = page(session).splitlines()

    assert lines.count("  A person of our staff, 12:05 PM EST") == 1
    assert "A person of our staff, 12:05 PM EST" not in lines
    assert "  You are cured." in lines
    assert "  Really." in lines


def test_it_says_whose_it_is_what_it_is_not_and_where_help_is(session: Session) -> None:
    say(session, "Hello.")

    text = page(session)

    assert text.startswith(f"Your conversation with {facts().name}\nSaved on Sunday, February 1,")
    assert "not a person and not a clinician" in text
    assert "not a diagnosis and not medical advice" in text
    assert facts().phone in text
    assert "988" in text.splitlines()[-1]
