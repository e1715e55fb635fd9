"""What was counted by day, read back."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.numbers.period import Period
from clinic.tables import DailyCount


def by_detail(session: Session, period: Period, *kinds: str) -> dict[str, Counter[str]]:
    """How often in the whole period, for each kind by its detail."""
    query = (
        select(DailyCount.kind, DailyCount.detail, func.sum(DailyCount.number))
        .where(DailyCount.kind.in_(kinds), DailyCount.day.between(period.first, period.last))
        .group_by(DailyCount.kind, DailyCount.detail)
    )
    found: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for kind, detail, number in session.execute(query):
        found[kind][detail] = int(number)
    return found


def by_step(session: Session, period: Period, *kinds: str) -> dict[str, Counter[date]]:
    """How often in each step of the period, for each kind, whatever its detail."""
    query = (
        select(DailyCount.kind, DailyCount.day, func.sum(DailyCount.number))
        .where(DailyCount.kind.in_(kinds), DailyCount.day.between(period.first, period.last))
        .group_by(DailyCount.kind, DailyCount.day)
    )
    found: dict[str, Counter[date]] = {kind: Counter() for kind in kinds}
    for kind, day, number in session.execute(query):
        found[kind][period.step_of(day)] += int(number)
    return found
