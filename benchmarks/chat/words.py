"""Words and tables that all the pages here share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def at_most(value: float, goal: float, unit: str = "") -> str:
    return _verdict(value <= goal, value, f"at most {goal:g}", unit)


def at_least(value: float, goal: float, unit: str = "") -> str:
    return _verdict(value >= goal, value, f"at least {goal:g}", unit)


def failed(failures: Mapping[str, int]) -> str:
    """Turns without an answer, in words; said whenever figures are shown."""
    if not failures:
        return "Every turn was answered."
    kinds = ", ".join(f"{kind} ({times})" for kind, times in sorted(failures.items()))
    return f"**Without an answer: {kinds}.**"


def _verdict(reached: bool, value: float, goal: str, unit: str) -> str:
    word = "reached" if reached else "**missed**"
    return f"{word}: {value:.2f}{unit} (goal: {goal}{unit})"
