"""What one question of a questionnaire is made of."""

from dataclasses import dataclass, field
from datetime import date

from clinic.screening.dates import Limit, LocalDates

Value = str | int | bool


def code_of(value: Value) -> str:
    """A value as files name it: yes and no for true and false."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@dataclass(frozen=True)
class Coding:
    """A word of a published vocabulary, such as LOINC."""

    code: str
    system: str | None = None
    display: str | None = None


@dataclass(frozen=True)
class Option:
    """An answer a visitor can choose: what we keep, what they see, and what else they may say."""

    value: Value
    label: str
    also: tuple[str, ...] = ()
    exclusive: bool = False  # stands alone: "None of these" and a second choice exclude each other
    coding: Coding | None = None
    points: int | None = None  # what it counts in a score
    takes: str | None = None  # the follow-up whose answer may be typed here at once
    at_least_days: int | None = None  # from how long on it is the right one

    @property
    def code(self) -> str:
        return code_of(self.value)


@dataclass(frozen=True)
class Condition:
    """One line of `enableWhen`: compares the answer to an earlier question."""

    question: str
    operator: str
    answer: Value | date


@dataclass(frozen=True)
class EnableWhen:
    """When a question is asked: all of its conditions hold, or any of them."""

    conditions: tuple[Condition, ...]
    behavior: str = "all"


@dataclass(frozen=True)
class Item:
    """One entry of a questionnaire: a question, a group of them, or a text to display."""

    link_id: str
    type: str
    text: str
    required: bool = False
    repeats: bool = False
    options: tuple[Option, ...] = ()
    enable_when: EnableWhen | None = None
    codes: tuple[Coding, ...] = ()
    items: tuple["Item", ...] = ()
    max_length: int | None = None
    min_value: int | None = None
    max_value: int | None = None
    earliest: Limit | None = None
    latest: Limit | None = None
    dates: LocalDates = field(default_factory=LocalDates)
    reads: str = ""
    explicit: bool = False  # no answer is read out of a sentence: consent is said, not inferred
    why: str | None = None
    short: str = ""
    named: tuple[str, ...] = ()  # what else visitors call it when they change it
    past: bool = False  # of medicines: also those no longer taken
    confirms: str | None = None  # the question about medicines whose doubtful words it clears up
    with_: str | None = None  # the question that one text may answer together with this one
    text_version: str | None = None  # of the consent: who agreed to another text is asked again
    stem: str | None = None  # of a group: said above every question of it
    help: str | None = None  # of a group: help lines of this kind come before its first question

    @property
    def is_question(self) -> bool:
        return self.type not in ("group", "display")

    def option(self, value: Value) -> Option | None:
        return next((option for option in self.options if option.value == value), None)
