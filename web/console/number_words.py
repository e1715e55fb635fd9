"""What the cells of a figure say to people: codes in words, times and shares as they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from clinic import topic_titles
from clinic.numbers.figure import Cell, Kind
from clinic.numbers.period import Period
from clinic.questionnaires import SCREENING, form
from clinic.screening_steps import REVIEW
from clinic.triage_verdicts import VERDICTS
from web.console import labels

UNKNOWN = "–"

REASONS = {
    "not_understood": "Not understood",
    "not_what_i_asked": "The answer missed the question",
}
MINUTES_OF_A_DAY = 24 * 60


def words(kind: Kind, cell: Cell, period: Period) -> str:
    """One cell; a dash where it cannot be said."""
    if kind == "outcome":
        return labels.outcome(None if cell is None else str(cell))
    if cell is None:
        return UNKNOWN
    if isinstance(cell, date):
        return step(cell, period)
    if isinstance(cell, str):
        return CODES.get(kind, str)(cell)
    return QUANTITIES[kind](cell)


def step(day: date, period: Period) -> str:
    """What a step of the period is called; `day` is its first."""
    if period.step == "month":
        return f"{day:%b %Y}"
    written = f"{day.day} {day:%b %Y}"
    return f"Week of {written}" if period.step == "week" else written


def span(period: Period) -> str:
    """Both ends of a period."""
    return f"{_day(period.first)} to {_day(period.last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def number(count: float) -> str:
    return f"{count:,.0f}"


def amount(value: float) -> str:
    return f"{value:,.2f}".removesuffix(".00")


def share(part: float) -> str:
    """A whole percentage; what is nearly nothing or nearly all is not rounded to it."""
    percent = round(100 * part)
    if percent == 0 and part > 0:
        return "under 1%"
    return "over 99%" if percent == 100 and part < 1 else f"{percent}%"


def minutes(length: float) -> str:
    whole = int(length)
    if whole < 1:
        return "under a minute"
    days, rest = divmod(whole, MINUTES_OF_A_DAY)
    hours, left = divmod(rest, 60)
    if days:
        return f"{days:,} d {hours} h" if hours else f"{days:,} d"
    if hours:
        return f"{hours} h {left} min" if left else f"{hours} h"
    return f"{left} min"


def seconds(length: float) -> str:
    whole = timedelta(seconds=int(length))
    return f"{whole.seconds} s" if whole < timedelta(minutes=2) else minutes(length / 60)


def question(link_id: str) -> str:
    """What staff call a question; of an older version only its code is left."""
    if link_id == REVIEW:
        return "Look everything over and send"
    item = form(SCREENING).questionnaire.item(link_id)
    return item.short[:1].upper() + item.short[1:] if item else link_id


def source(name: str) -> str:
    return name or "Not known"


CODES: Mapping[Kind, Callable[[str], str]] = {
    "status": labels.status,
    "category": labels.category,
    "question": question,
    "topic": topic_titles.title_of,
    "source": source,
    "reason": lambda code: REASONS.get(code, code),
    "verdict": lambda code: VERDICTS.get(code, code),
}
QUANTITIES: Mapping[Kind, Callable[[float], str]] = {
    "number": number,
    "amount": amount,
    "minutes": minutes,
    "seconds": seconds,
    "share": share,
}
