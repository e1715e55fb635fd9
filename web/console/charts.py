"""Plots as shapes for the server to draw: bars side by side, without text, so that any width fits.

The words around a plot (title, summary, ends of the axes) are HTML and keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.numbers.figure import Figure
from clinic.numbers.period import Period
from web.console import number_words

HEIGHT = 100
SLOT = 10
"""The width of one step; its bars fill nine tenths of it."""
ROUND: tuple[int, ...] = (10, 15, 20, 30, 40, 50, 60, 80, 100)
"""Tenths of a power of ten that an axis may end at."""


@dataclass(frozen=True)
class Bar:
    """`series` counts from 1 and chooses the look; `label` is shown when pointed at."""

    x: float
    y: float
    width: float
    height: float
    series: int
    label: str


@dataclass(frozen=True)
class Plot:
    """Bars in a box of `width` by HEIGHT, and the words around them."""

    title: str
    summary: str
    legend: tuple[str, ...]
    bars: tuple[Bar, ...]
    width: int
    top: str
    first: str
    last: str


def plot(figure: Figure, period: Period, columns: Sequence[str]) -> Plot:
    """Bars of some columns of a figure whose rows are the steps of the period."""
    places = [[column.title for column in figure.columns].index(name) for name in columns]
    steps = [number_words.words("day", row[0], period) for row in figure.rows]
    series = [[_count(row[place]) for row in figure.rows] for place in places]
    top = _round_up(max((max(one, default=0) for one in series), default=0))
    return Plot(
        title=figure.title,
        summary=" ".join(
            _summary(column, values, steps, period.step)
            for column, values in zip(columns, series, strict=True)
        ),
        legend=tuple(columns),
        bars=tuple(_bars(columns, series, steps, top)),
        width=SLOT * max(1, len(steps)),
        top=number_words.number(top),
        first=steps[0] if steps else "",
        last=steps[-1] if steps else "",
    )


def _bars(
    columns: Sequence[str], series: Sequence[Sequence[int]], steps: Sequence[str], top: int
) -> list[Bar]:
    width = 0.9 * SLOT / len(series)
    return [
        Bar(
            x=round(SLOT * (place + 0.05) + width * one, 2),
            y=round(HEIGHT * (1 - value / top), 2),
            width=round(width, 2),
            height=round(HEIGHT * value / top, 2),
            series=one + 1,
            label=f"{steps[place]}: {number_words.number(value)} {columns[one].lower()}",
        )
        for one, values in enumerate(series)
        for place, value in enumerate(values)
        if value
    ]


def _summary(column: str, values: Sequence[int], steps: Sequence[str], step: str) -> str:
    """One sentence that says what the bars show, for who cannot see them."""
    if not any(values):
        return f"{column}: none."
    most = max(values)
    when = f" ({_in_a_sentence(steps[values.index(most)])})" if values.count(most) == 1 else ""
    total = number_words.number(sum(values))
    return f"{column}: {total} in all, at most {number_words.number(most)} in one {step}{when}."


def _in_a_sentence(step: str) -> str:
    return step.replace("Week of", "week of", 1)


def _count(cell: object) -> int:
    return cell if isinstance(cell, int) else 0


def _round_up(most: int) -> int:
    """What stands at the top of the axis: a number that is easily halved in one's head."""
    if most <= 10:
        return max(1, most)
    power: int = 10 ** (len(str(most)) - 1)
    return next(tenths * power // 10 for tenths in ROUND if tenths * power >= 10 * most)
