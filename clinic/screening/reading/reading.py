"""What reading a text came to: values, or one helpful line for the visitor."""

from dataclasses import dataclass

from clinic.screening.items import Value


@dataclass(frozen=True)
class Reading:
    """`also` answers the item's `with`: "150/95" fills two questions at once."""

    values: tuple[Value, ...] = ()
    problem: str | None = None
    also: tuple[Value, ...] = ()


def problem(line: str) -> Reading:
    """The line never repeats the visitor's own words: they may be anything."""
    return Reading(problem=line)


QUESTION = problem(
    "That sounds like a question. Please answer this one first, or say that you want to stop."
)
