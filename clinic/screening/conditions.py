"""When a triage rule fires: small questions to the answers, put together with all and any."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from clinic.screening.items import Value


@dataclass(frozen=True)
class Facts:
    """What a rule may look at. Unfinished: questions not answered were never asked."""

    answers: Mapping[str, tuple[Value, ...]]
    states_served: frozenset[str]
    unfinished: bool = False

    def codes(self, question: str) -> tuple[str, ...]:
        return tuple(_code(value) for value in self.answers.get(question, ()))

    def numbers(self, question: str) -> tuple[int, ...]:
        values = self.answers.get(question, ())
        return tuple(v for v in values if isinstance(v, int) and not isinstance(v, bool))


class Condition(Protocol):
    def holds(self, facts: Facts) -> bool: ...

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        """Every question it looks at, with the option where it names one."""
        ...


@dataclass(frozen=True)
class Is:
    """One of these options was chosen."""

    question: str
    options: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        return any(code in self.options for code in facts.codes(self.question))

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        for option in self.options:
            yield self.question, option


@dataclass(frozen=True)
class AtLeast:
    question: str
    number: int

    def holds(self, facts: Facts) -> bool:
        return any(number >= self.number for number in facts.numbers(self.question))

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        yield self.question, None


@dataclass(frozen=True)
class Below:
    question: str
    number: int

    def holds(self, facts: Facts) -> bool:
        return any(number < self.number for number in facts.numbers(self.question))

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        yield self.question, None


@dataclass(frozen=True)
class NotServed:
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

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        yield self.question, None


@dataclass(frozen=True)
class Missing:
    """The question was skipped."""

    question: str

    def holds(self, facts: Facts) -> bool:
        return not facts.unfinished and not facts.answers.get(self.question)

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        yield self.question, None


@dataclass(frozen=True)
class Always:
    def holds(self, facts: Facts) -> bool:
        return not facts.unfinished

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        return iter(())


@dataclass(frozen=True)
class All:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return all(part.holds(facts) for part in self.parts)

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        for part in self.parts:
            yield from part.mentions()


@dataclass(frozen=True)
class Any:
    parts: tuple[Condition, ...]

    def holds(self, facts: Facts) -> bool:
        return any(part.holds(facts) for part in self.parts)

    def mentions(self) -> Iterator[tuple[str, str | None]]:
        for part in self.parts:
            yield from part.mentions()


def _code(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
