"""A figure as a table of words, with a bar beside the numbers of one column."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.numbers.figure import QUANTITIES, Cell, Figure
from clinic.numbers.period import Period
from web.console import number_words


@dataclass(frozen=True)
class Row:
    """`bar` is the part of the largest, from 0 to 100."""

    cells: tuple[str, ...]
    bar: float | None


@dataclass(frozen=True)
class Table:
    name: str
    title: str
    heads: tuple[str, ...]
    is_number: tuple[bool, ...]
    bar_at: int | None
    """The place of the column that has bars beside its numbers."""
    rows: tuple[Row, ...]
    left_out: int
    """How many rows there are beside these; the file has them all."""


def table(
    figure: Figure, period: Period, *, bars: str | None = None, most: int | None = None
) -> Table:
    """
    Args:
        bars: the title of the column that gets them.
        most: how many rows are shown.
    """
    heads = tuple(column.title for column in figure.columns)
    bar_at = heads.index(bars) if bars else None
    shown = figure.rows[:most]
    largest = max((_size(row[bar_at]) for row in shown), default=0.0) if bar_at is not None else 0
    return Table(
        name=figure.name,
        title=figure.title,
        heads=heads,
        is_number=tuple(column.kind in QUANTITIES for column in figure.columns),
        bar_at=bar_at,
        rows=tuple(
            Row(
                tuple(
                    number_words.words(column.kind, cell, period)
                    for column, cell in zip(figure.columns, row, strict=True)
                ),
                round(100 * _size(row[bar_at]) / largest, 1)
                if bar_at is not None and largest
                else None,
            )
            for row in shown
        ),
        left_out=len(figure.rows) - len(shown),
    )


def _size(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0
