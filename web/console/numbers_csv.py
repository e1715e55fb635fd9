"""One figure as a spreadsheet: plain numbers, and beside each code its words."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from clinic.database import reading, transaction
from clinic.lead_export import FORMULA
from clinic.numbers.figure import QUANTITIES, Cell, Column, Figure
from clinic.numbers.period import Period
from clinic.roles import Role
from web.console import number_words
from web.console.access import NotThere, signed_in
from web.console.lead_export import BYTE_ORDER_MARK
from web.console.numbers import asked_period, report_of
from web.console.pages import NOT_KEPT

router = APIRouter(prefix="/numbers")

PLAIN = (*QUANTITIES, "day", "text")
"""Columns that need no second one with words."""

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,40}$")]


@router.get("/{name}.csv")
def spreadsheet(request: Request, name: Name) -> Response:
    with transaction() as session:
        signed_in(session, request, Role.CLINICIAN)
    period = asked_period(request)
    with reading() as session:
        figure = report_of(session, period).figures.get(name)
    if figure is None:
        raise NotThere
    file = f"{name.replace('_', '-')}-{period.first}-{period.last}.csv"
    return Response(
        BYTE_ORDER_MARK + as_csv(figure, period),
        media_type="text/csv; charset=utf-8",
        headers={**NOT_KEPT, "Content-Disposition": f'attachment; filename="{file}"'},
    )


def as_csv(figure: Figure, period: Period) -> str:
    out = io.StringIO()
    file = csv.writer(out, lineterminator="\n")
    file.writerow(_safe(head) for column in figure.columns for head in _heads(column))
    for row in figure.rows:
        cells = zip(figure.columns, row, strict=True)
        file.writerow(_safe(cell) for column, one in cells for cell in _cells(column, one, period))
    return out.getvalue()


def _heads(column: Column) -> Iterator[str]:
    unit = f" ({column.kind})" if column.kind in ("minutes", "seconds", "share") else ""
    if column.kind not in PLAIN:
        yield f"{column.title} code"
    yield f"{column.title}{unit}"


def _cells(column: Column, cell: Cell, period: Period) -> Iterator[Cell]:
    if column.kind in PLAIN:
        yield cell
        return
    yield cell
    yield number_words.words(column.kind, cell, period)


def _safe(cell: Cell) -> str | int | float | None:
    """A spreadsheet runs what looks like a formula; the source of a visitor may be anything."""
    if isinstance(cell, str):
        return f"'{cell}" if FORMULA.match(cell) else cell
    if isinstance(cell, float):
        return round(cell, 4)
    return cell.isoformat() if isinstance(cell, date) else cell
