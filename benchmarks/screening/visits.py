"""What is seen of a conversation, and how its visitor behaves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.screening.bots import Deed
from benchmarks.screening.speech import Said
from benchmarks.screening.visitors import Answer, Visitor


@dataclass(frozen=True)
class Habits:
    """How visitors behave, in percent."""

    # of the questions: before how many they wander off, go back, or say something wrong at first
    digress: int = 12
    go_back: int = 8
    slip: int = 8
    # of the visitors
    change_at_review: int = 15
    come_back_later: int = 3
    # of the answers: buttons, own words, and own words in a hurry
    styles: tuple[int, int, int] = (30, 50, 20)


PRESSES_BUTTONS = Habits(0, 0, 0, 0, 0, styles=(100, 0, 0))
"""Whatever goes wrong with these visitors is not a matter of language."""


@dataclass(frozen=True)
class Turn:
    """One message of a visitor, and where it led."""

    deed: Deed
    field: str | None
    text: str
    then: str | None
    seconds: float


@dataclass(frozen=True)
class Incident:
    """Something that should not have happened, or had to be put right."""

    kind: str
    field: str | None
    text: str
    got: str = ""


@dataclass
class Visit:
    """What was seen of one conversation, as it goes."""

    who: Visitor
    ended: str | None = None
    stuck: str | None = None
    turns: list[Turn] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    taken: dict[str, Said] = field(default_factory=dict)
    """The last wording after which the bot went on to something else, by field."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Wordings after which the bot asked again."""
    heard: dict[str, Answer] = field(default_factory=dict)
    """What each wording was meant to say, the last one of each question."""
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, field: str | None, text: str, got: str = "") -> None:
        self.incidents.append(Incident(kind, field, text, got))
