"""When a rule fires: small questions to the answers, put together with all, any and not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

from clinic.screening.dates import day_of, unknown
from clinic.screening.items import Value, code_of


@dataclass(frozen=True)
class Facts:
    """What a rule may look at.

    `points` and `labels` are those of the chosen options, by question; `scores` the totals, none
    where a scale is not complete; `medicines` what the visitor called those of each group; `today`
    tells the day on which the rules look.
    Unfinished: more may still be asked, so nothing can be said about everyone.
    """

    answers: Mapping[str, tuple[Value, ...]]
    states_served: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    points: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    scores: Mapping[str, int | None] = field(default_factory=dict)
    medicines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unfinished: bool = False
    today: Callable[[], date] = unknown

    def codes(self, question: str) -> tuple[str, ...]:
        return tuple(code_of(value) for value in self.answers.get(question, ()))

    def numbers(self, question: str) -> tuple[int, ...]:
        values = self.answers.get(question, ())
        return tuple(v for v in values if isinstance(v, int) and not isinstance(v, bool))

    def days(self, question: str) -> tuple[date, ...]:
        found = (day_of(value) for value in self.answers.get(question, ()))
        return tuple(day for day in found if day)


class Mention(NamedTuple):
    """Something a condition looks at: a question, maybe with an option, a score or a group."""

    kind: str
    name: str
    option: str | None = None


QUESTION, POINTS, SCORE, MEDICINE = "question", "points", "score", "medicine"
DATE = "date"


class Condition(Protocol):
    def holds(self, facts: Facts) -> bool: ...

    def said(self, facts: Facts) -> Iterator[str]:
        """What the visitor chose or wrote that makes it hold, in words."""
        ...

    def mentions(self) -> Iterator[Mention]: ...


class _Silent:
    """A condition that no words of the visitor's stand for."""

    def said(self, facts: Facts) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True)
class Is:
    """One of these options was chosen."""

    question: str
    options: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        return any(code in self.options for code in facts.codes(self.question))

    def said(self, facts: Facts) -> Iterator[str]:
        for code in facts.codes(self.question):
            if code in self.options:
                yield facts.labels.get((self.question, code), code)

    def mentions(self) -> Iterator[Mention]:
        for option in self.options:
            yield Mention(QUESTION, self.question, option)


@dataclass(frozen=True)
class AtLeast(_Silent):
    question: str
    number: int

    def holds(self, facts: Facts) -> bool:
        return any(number >= self.number for number in facts.numbers(self.question))

    def mentions(self) -> Iterator[Mention]:
        yield Mention(QUESTION, self.question)


@dataclass(frozen=True)
class Below(_Silent):
    question: str
    number: int

    def holds(self, facts: Facts) -> bool:
        return any(number < self.number for number in facts.numbers(self.question))

    def mentions(self) -> Iterator[Mention]:
        yield Mention(QUESTION, self.question)


@dataclass(frozen=True)
class NotBelow(_Silent):
    """A number that should be lower than that of another question, and is not."""

    question: str
    other: str

    def holds(self, facts: Facts) -> bool:
        others = facts.numbers(self.other)
        return any(number >= other for number in facts.numbers(self.question) for other in others)

    def mentions(self) -> Iterator[Mention]:
        yield Mention(QUESTION, self.question)
        yield Mention(QUESTION, self.other)


@dataclass(frozen=True)
class Before(_Silent):
    question: str
    day: date

    def holds(self, facts: Facts) -> bool:
        return any(day < self.day for day in facts.days(self.question))

    def mentions(self) -> Iterator[Mention]:
        yield Mention(DATE, self.question)


@dataclass(frozen=True)
class Since(_Silent):
    """On that day or later."""

    question: str
    day: date

    def holds(self, facts: Facts) -> bool:
        return any(day >= self.day for day in facts.days(self.question))

    def mentions(self) -> Iterator[Mention]:
        yield Mention(DATE, self.question)


@dataclass(frozen=True)
class WithinDays(_Silent):
    """No more than so many days ago. What is still to come is not longer ago either."""

    question: str
    number: int

    def holds(self, facts: Facts) -> bool:
        days = facts.days(self.question)
        return any((facts.today() - day).days <= self.number for day in days)

    def mentions(self) -> Iterator[Mention]:
        yield Mention(DATE, self.question)


@dataclass(frozen=True)
class PointsAtLeast(_Silent):
    """The chosen option of a scale's item has at least so many points."""

    question: str
    number: int

    def holds(self, facts: Facts) -> bool:
        return facts.points.get(self.question, -1) >= self.number

    def mentions(self) -> Iterator[Mention]:
        yield Mention(POINTS, self.question)


@dataclass(frozen=True)
class ScoreAtLeast(_Silent):
    score: str
    number: int

    def holds(self, facts: Facts) -> bool:
        total = facts.scores.get(self.score)
        return total is not None and total >= self.number

    def mentions(self) -> Iterator[Mention]:
        yield Mention(SCORE, self.score)


@dataclass(frozen=True)
class ScoreBelow(_Silent):
    score: str
    number: int

    def holds(self, facts: Facts) -> bool:
        total = facts.scores.get(self.score)
        return total is not None and total < self.number

    def mentions(self) -> Iterator[Mention]:
        yield Mention(SCORE, self.score)


@dataclass(frozen=True)
class ScoreMissing(_Silent):
    """The scale was not asked, or not answered whole."""

    score: str

    def holds(self, facts: Facts) -> bool:
        return not facts.unfinished and facts.scores.get(self.score) is None

    def mentions(self) -> Iterator[Mention]:
        yield Mention(SCORE, self.score)


@dataclass(frozen=True)
class Takes:
    """A medicine of this group is taken now."""

    group: str

    def holds(self, facts: Facts) -> bool:
        return self.group in facts.medicines

    def said(self, facts: Facts) -> Iterator[str]:
        return iter(facts.medicines.get(self.group, ()))

    def mentions(self) -> Iterator[Mention]:
        yield Mention(MEDICINE, self.group)


@dataclass(frozen=True)
class NotServed(_Silent):
    """The visitor lives where the clinic does not treat people.

    A clinic that has not set its states turns away only those outside the US.
    """

    question: str

    def holds(self, facts: Facts) -> bool:
        served = facts.states_served
        return any(
            code == "outside_us" or (served and code not in served)
            for code in facts.codes(self.question)
        )

    def mentions(self) -> Iterator[Mention]:
        yield Mention(QUESTION, self.question)


@dataclass(frozen=True)
class Missing(_Silent):
    """The question was asked, and skipped."""

    question: str

    def holds(self, facts: Facts) -> bool:
        return self.question in facts.skipped

    def mentions(self) -> Iterator[Mention]:
        yield Mention(QUESTION, self.question)


@dataclass(frozen=True)
class Always(_Silent):
    def holds(self, facts: Facts) -> bool:
        return not facts.unfinished

    def mentions(self) -> Iterator[Mention]:
        return iter(())


@dataclass(frozen=True)
class Not(_Silent):
    part: Condition

    def holds(self, facts: Facts) -> bool:
        return not self.part.holds(facts)

    def mentions(self) -> Iterator[Mention]:
        return self.part.mentions()


@dataclass(frozen=True)
class _Several:
    parts: tuple[Condition, ...]

    def said(self, facts: Facts) -> Iterator[str]:
        for part in self.parts:
            if part.holds(facts):
                yield from part.said(facts)

    def mentions(self) -> Iterator[Mention]:
        for part in self.parts:
            yield from part.mentions()


@dataclass(frozen=True)
class All(_Several):
    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)


@dataclass(frozen=True)
class Any(_Several):
    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)
