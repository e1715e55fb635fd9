"""Words of crisis: how often, of what kind, and how soon somebody looked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from clinic.crisis_events import CATEGORIES, HARD, SOFT
from clinic.numbers.figure import Column, Figure
from clinic.numbers.moments import as_day, local_day, minutes_between
from clinic.numbers.period import Period
from clinic.numbers.spread import spread
from clinic.tables import CrisisEvent


def figures(session: Session, period: Period) -> Iterator[Figure]:
    yield _by_step(session, period)
    yield _by_category(session, period)


def _heard(period: Period) -> tuple[ColumnElement[bool], ...]:
    return CrisisEvent.at >= period.begin, CrisisEvent.at < period.end


def _by_step(session: Session, period: Period) -> Figure:
    day = local_day(session, CrisisEvent.at, period.zone).label("day")
    query = (
        select(day, CrisisEvent.outcome, func.count())
        .where(*_heard(period))
        .group_by("day", CrisisEvent.outcome)
    )
    found: Counter[tuple[date, str]] = Counter()
    for each, outcome, number in session.execute(query):
        found[period.step_of(as_day(each)), outcome] += number
    return Figure(
        "crisis",
        "When words of crisis were heard",
        (Column("From", "day"), Column("Help lines shown"), Column("Check-ins after a hint")),
        tuple((each, found[each, HARD], found[each, SOFT]) for each in period.steps()),
    )


def _by_category(session: Session, period: Period) -> Figure:
    number = _numbers(session, period)
    seen = _minutes_until_seen(session, period)
    # Categories of an older version are counted too: nothing that was heard may be missing.
    known = [*CATEGORIES, *sorted({category for category, _ in number} - set(CATEGORIES))]
    rows = []
    for category in known:
        hard, soft = number[category, HARD], number[category, SOFT]
        if hard or soft:
            looked = spread(seen[category])
            rows.append((category, hard, soft, hard - looked.number, looked.median, looked.p90))
    return Figure(
        "crisis_by_category",
        "Words of crisis by kind",
        (
            Column("Kind", "category"),
            Column("Help lines shown"),
            Column("Check-ins after a hint"),
            Column("Not looked at yet"),
            Column("Half seen within", "minutes"),
            Column("Nine of ten seen within", "minutes"),
        ),
        tuple(rows),
    )


def _numbers(session: Session, period: Period) -> Counter[tuple[str, str]]:
    query = (
        select(CrisisEvent.category, CrisisEvent.outcome, func.count())
        .where(*_heard(period))
        .group_by(CrisisEvent.category, CrisisEvent.outcome)
    )
    return Counter({(category, outcome): n for category, outcome, n in session.execute(query)})


def _minutes_until_seen(session: Session, period: Period) -> dict[str, Counter[int]]:
    """Of those that called staff; a hint is shown to them without an alarm."""
    took = minutes_between(session, CrisisEvent.at, CrisisEvent.seen_at).label("took")
    query = (
        select(CrisisEvent.category, took, func.count())
        .where(*_heard(period), CrisisEvent.outcome == HARD, CrisisEvent.seen_at.is_not(None))
        .group_by(CrisisEvent.category, "took")
    )
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for category, minutes, number in session.execute(query):
        found[category][minutes] = number
    return found
