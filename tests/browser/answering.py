"""A bot that answers everything and remembers what it heard, for tests of the chat itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinic import handoffs
from tests.browser.bot_stand_in import bot_stand_in
from tests.console_desk import ConsoleDesk

ANSWER: dict[str, Any] = {
    "type": "answer",
    "topic": "what_is",
    "title": "What is it?",
    "sources": [{"title": "A source", "url": "https://example.org/a"}],
    "reviewed": "2026-11-22",
    "suggestions": ["Is it safe?"],
}
QUESTION: dict[str, Any] = {
    "type": "question",
    "field": "home",
    "kind": "text",
    "section": "About you",
    "number": 3,
    "of": 9,
    "why": "So that we know.",
    "optional": True,
}
SEVERAL: dict[str, Any] = {
    **QUESTION,
    "field": "help_with",
    "kind": "multiple",
    "options": ["Depression", "Anxiety", "None of these"],
    "exclusive": ["None of these"],
}
CHOICE: dict[str, Any] = {**QUESTION, "field": "how", "kind": "choice", "options": ["Yes", "No"]}
HELP: dict[str, Any] = {
    "type": "crisis",
    "category": "overdose",
    "language": "en",
    "resources": [
        {"name": "Emergency", "call": "911"},
        {"name": "988 Lifeline", "call": "988", "text": "Text 988"},
    ],
}
CALL_STAFF = "can i talk to a person"
WAITING: dict[str, Any] = {"type": "handoff", "state": "waiting"}
PAYLOADS = {
    "ask me": QUESTION,
    "go back": QUESTION,
    "ask the next": {**QUESTION, "number": 4},
    "ask several": SEVERAL,
    "ask for a choice": CHOICE,
    "what after an overdose": HELP,
    CALL_STAFF: WAITING,
}


@dataclass
class Heard:
    """The visitors' words, in the order in which they reached the bot."""

    texts: list[str] = field(default_factory=list)
    desk: ConsoleDesk | None = None

    def say(self, conversation_id: str, text: str) -> list[dict[str, Any]]:
        self.texts.append(text)
        if text.lower() == CALL_STAFF and self.desk:
            with self.desk.writing() as session:
                handoffs.ask(session, conversation_id)
        payload = PAYLOADS.get(text.lower(), ANSWER)
        return [{"text": f"About {text}."}, {"custom": payload}]


@dataclass
class AnsweringDesk:
    desk: ConsoleDesk
    heard: Heard

    @property
    def url(self) -> str:
        return self.desk.url


@contextmanager
def answering_desk(folder: Path, **settings: str) -> Iterator[AnsweringDesk]:
    heard = Heard()
    with bot_stand_in(heard.say) as url:
        heard.desk = desk = ConsoleDesk(folder, CLINIC_RASA_URL=url, **settings)
        try:
            desk.start()
            yield AnsweringDesk(desk, heard)
        finally:
            desk.stop()
