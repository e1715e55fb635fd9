"""How often words of crisis were heard: counts by month, and nothing about anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.crisis_events import CATEGORIES, HARD, SOFT
from clinic.tables import CrisisEvent

OUTCOMES = (HARD, SOFT)


@dataclass(frozen=True)
class CrisisReport:
    """A year's counts; months that are still to come are left out."""

    year: int
    months: tuple[str, ...]
    """Such as "2026-01"."""
    categories: tuple[str, ...]
    counts: Counter[tuple[str, str, str]]
    """By month, outcome and category."""

    def count(self, outcome: str, *, month: str | None = None, category: str | None = None) -> int:
        """How many of this outcome; in one month or in all, of one category or of all."""
        return sum(
            self.counts[each_month, outcome, each]
            for each_month in ([month] if month else self.months)
            for each in ([category] if category else self.categories)
        )


def crisis_report(session: Session, year: int, *, zone: ZoneInfo, today: datetime) -> CrisisReport:
    """Count a year's events. A month begins at midnight of the clinic's own clock."""
    begin, end = datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)
    query = select(CrisisEvent.at, CrisisEvent.outcome, CrisisEvent.category).where(
        CrisisEvent.at >= begin.astimezone(UTC), CrisisEvent.at < end.astimezone(UTC)
    )
    counts = Counter(
        (f"{at.astimezone(zone):%Y-%m}", outcome, category)
        for at, outcome, category in session.execute(query)
    )
    now = f"{today.astimezone(zone):%Y-%m}"
    months = tuple(m for m in (f"{year}-{number:02}" for number in range(1, 13)) if m <= now)
    # Categories of an older version are counted too: nothing that was heard may be missing.
    unknown = sorted({category for _, _, category in counts} - set(CATEGORIES))
    return CrisisReport(year, months, (*CATEGORIES, *unknown), counts)
