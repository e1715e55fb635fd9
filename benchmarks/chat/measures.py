"""Figures of many rounds: percentiles, the median round, and how far the rounds lie apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest rank: a value that was really measured."""
    ranked = sorted(values)
    return ranked[min(int(len(ranked) * percent / 100), len(ranked) - 1)]


@dataclass(frozen=True)
class Round:
    """One bot, one number of visitors, once. Times in seconds; `cpu` and `cores` of this round."""

    turns: Sequence[float]
    wall: float
    cpu: Mapping[str, float]
    """Seconds of processor time by process, the client among them."""
    cores: Sequence[float]
    """How busy each core of the machine was, in percent."""
    failures: Mapping[str, int]

    @property
    def per_second(self) -> float:
        return len(self.turns) / self.wall

    def milliseconds(self, percent: float) -> float:
        return 1000 * percentile(self.turns, percent)

    def cpu_of_a_turn(self, process: str) -> float:
        return 1000 * self.cpu.get(process, 0.0) / max(len(self.turns), 1)

    @property
    def others(self) -> float:
        """Percent of one core that neither the bot nor the client took: the machine was not
        quiet."""
        return max(sum(self.cores) - 100 * sum(self.cpu.values()) / self.wall, 0.0)

    def cpu_percent(self, process: str) -> float:
        return 100 * self.cpu.get(process, 0.0) / self.wall


@dataclass(frozen=True)
class Figure:
    """The median round, and the lowest and highest."""

    middle: float
    low: float
    high: float

    def shown(self, digits: int = 1) -> str:
        return f"{self.middle:.{digits}f} ({self.low:.{digits}f}–{self.high:.{digits}f})"


def figure(rounds: Sequence[Round], of: Callable[[Round], float]) -> Figure:
    values = [of(one) for one in rounds]
    return Figure(median(values), min(values), max(values))


def failures(rounds: Sequence[Round]) -> dict[str, int]:
    """Turns that had no answer, by what happened instead."""
    found: dict[str, int] = {}
    for one in rounds:
        for kind, times in one.failures.items():
            found[kind] = found.get(kind, 0) + times
    return found


def growth(moments: Sequence[float], values: Sequence[float]) -> float:
    """By how many percent a straight line through the values rises from its begin to its end."""
    middle_moment, middle_value = sum(moments) / len(moments), sum(values) / len(values)
    spread = sum((moment - middle_moment) ** 2 for moment in moments)
    if spread == 0:
        return 0.0
    slope = (
        sum(
            (moment - middle_moment) * (value - middle_value)
            for moment, value in zip(moments, values, strict=True)
        )
        / spread
    )
    begin = middle_value + slope * (moments[0] - middle_moment)
    return 100 * slope * (moments[-1] - moments[0]) / begin
