"""The days that numbers are asked for, and the steps in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Step = Literal["day", "week", "month"]
STEPS: tuple[Step, ...] = get_args(Step)

NAMED: Mapping[str, Step] = {"30d": "day", "12w": "week", "12m": "month"}
"""The periods that are one press away, and the step that suits each."""
USUAL = "30d"

MOST_DAYS = 5 * 366
MOST_STEPS = 120
"""No plot with more is readable: the next longer step is taken."""

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From the first day to the last one, both included, by the clinic's own clock."""

    first: date
    last: date
    step: Step
    zone: ZoneInfo
    name: str = ""

    @property
    def begin(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The moment at which it is over."""
        return _midnight(self.last + DAY, self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def step_of(self, day: date) -> date:
        """The day on which this day's step begins, which may be before the period."""
        if self.step == "month":
            return day.replace(day=1)
        return day - timedelta(days=day.weekday()) if self.step == "week" else day

    def steps(self) -> list[date]:
        """The first day of every step, also of those in which nothing happened."""
        return list(dict.fromkeys(self.step_of(self.first + n * DAY) for n in range(self.days)))


def period_of(address: Mapping[str, str], *, today: date, zone: ZoneInfo) -> Period:
    """What an address asks for; the usual period where it asks for nothing that exists.

    Args:
        address: `from` and `to` as dates, or `period` as one of the names; and `step`.
    """
    first, last = _day(address.get("from")), _day(address.get("to"))
    name = ""
    if first is None and last is None:
        name = address.get("period", USUAL)
        name = name if name in NAMED else USUAL
        first, last = _beginning(name, today), today
    # Whoever names one end means everything up to today, or the day alone.
    first, last = first or last or today, last or max(today, first or today)
    first, last = min(first, last), max(first, last)
    first = max(first, last - (MOST_DAYS - 1) * DAY)
    step = _step(address.get("step"), NAMED.get(name), (last - first).days + 1)
    return Period(first, last, step, zone, name)


def _beginning(name: str, today: date) -> date:
    if name == "12w":
        return today - timedelta(days=today.weekday(), weeks=11)
    if name == "12m":
        return date(today.year - (today.month < 12), today.month % 12 + 1, 1)
    return today - 29 * DAY


def _step(asked: str | None, suits: Step | None, days: int) -> Step:
    lengths: Mapping[Step, int] = {"day": 1, "week": 7, "month": 28}
    wanted = next((step for step in STEPS if step == asked), suits)
    longer = STEPS[STEPS.index(wanted) :] if wanted else STEPS
    return next((step for step in longer if days / lengths[step] <= MOST_STEPS), "month")


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1970 < day.year < 9000 else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
