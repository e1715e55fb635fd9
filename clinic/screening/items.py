"""What one question of a questionnaire is made of."""

from dataclasses import dataclass

Value = str | int | bool


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

    @property
    def code(self) -> str:
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return str(self.value)


@dataclass(frozen=True)
class Condition:
    """One line of `enableWhen`: compares the answer to an earlier question."""

    question: str
    operator: str
    answer: Value


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
    reads: str = ""
    explicit: bool = False  # no answer is read out of a sentence: consent is said, not inferred
    why: str | None = None
    short: str = ""

    @property
    def is_question(self) -> bool:
        return self.type not in ("group", "display")

    def option(self, value: Value) -> Option | None:
        return next((option for option in self.options if option.value == value), None)
