"""A figure: a table with a name, whatever becomes of it on a page or in a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal[
    "day",
    "outcome",
    "status",
    "category",
    "question",
    "topic",
    "source",
    "reason",
    "verdict",
    "text",
    "number",
    "amount",
    "minutes",
    "seconds",
    "share",
]
"""What the cells of a column are: codes that have words elsewhere, or quantities."""

QUANTITIES = ("number", "amount", "minutes", "seconds", "share")

Cell = str | int | float | date | None


@dataclass(frozen=True)
class Column:
    title: str
    kind: Kind = "number"


@dataclass(frozen=True)
class Figure:
    """Rows in the order of the columns. An empty cell means that it cannot be said."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but zeros."""
        return not any(
            cell
            for row in self.rows
            for column, cell in zip(self.columns, row, strict=True)
            if column.kind in QUANTITIES
        )

    def total(self, title: str) -> int:
        """The sum of a column of numbers."""
        place = [column.title for column in self.columns].index(title)
        return sum(number for row in self.rows if isinstance(number := row[place], int))


def share(part: int, whole: int) -> float | None:
    """Of nothing there is no share."""
    return part / whole if whole else None
