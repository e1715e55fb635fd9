"""The clinic's week as data: from when to when on each weekday, and the days that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIOD = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")
LIKE_THIS = "write it from - to, such as 9:00-12:00"
WHOLE_DAY = 24 * 60
"""Minutes."""


class Period(NamedTuple):
    """From when to when on one day, in minutes after midnight."""

    begin: int
    end: int


class Holiday(NamedTuple):
    """A day that is not like its weekday; closed if there are no periods."""

    name: str
    periods: tuple[Period, ...]


Week = tuple[tuple[Period, ...], ...]
"""The periods of Monday to Sunday; none on a day that is closed."""

EVERY_HOUR: Week = ((Period(0, WHOLE_DAY),),) * len(WEEKDAYS)


def read_week(written: Any) -> Week | None:
    """`opening_hours` of clinic.yml; None if nothing stands there.

    Raises:
        ValueError: what is wrong, for the person who wrote it.
    """
    if not written:
        return None
    if not isinstance(written, dict):
        raise ValueError("must be a list of weekdays, such as monday: [9:00-12:00, 13:00-17:00]")
    for day in written:
        if day not in WEEKDAYS:
            raise ValueError(f"does not know the day “{day}”; write monday, tuesday and so on")
    week = tuple(_periods(written.get(day), day) for day in WEEKDAYS)
    if not any(week):
        raise ValueError("has no open day; leave it empty if you are there at every hour")
    return week


def read_holidays(written: Any) -> dict[date, Holiday]:
    """`holidays` of clinic.yml: dates, each alone, with a name, or with hours of its own.

    Raises:
        ValueError: what is wrong, for the person who wrote it.
    """
    if not isinstance(written or [], list):
        raise ValueError("must be a list; begin each line with a dash: - 2026-12-25")
    holidays: dict[date, Holiday] = {}
    for entry in written or []:
        for day, what in (entry if isinstance(entry, dict) else {entry: None}).items():
            if type(day) is not date:
                raise ValueError(f"does not know the date “{day}”; write it like 2026-12-25")
            if day in holidays:
                raise ValueError(f"names {day} twice")
            holidays[day] = _holiday(what, day)
    return holidays


def _holiday(what: Any, day: date) -> Holiday:
    if isinstance(what, str) and not PERIOD.fullmatch(what.strip()):
        return Holiday(what.strip(), ())
    return Holiday("", _periods(what, day))


def _periods(written: Any, day: object) -> tuple[Period, ...]:
    if written is None:
        return ()
    listed = written if isinstance(written, list) else [written]
    periods = tuple(_period(entry, day) for entry in listed)
    for before, after in pairwise(periods):
        if after.begin < before.end:
            raise ValueError(f"of {day} overlap, or do not stand in their order")
    return periods


def _period(written: Any, day: object) -> Period:
    if isinstance(written, int):
        # YAML takes a bare 9:00 for 540, minutes or seconds as in a stopwatch.
        raise ValueError(f"of {day} have one time without its other half; {LIKE_THIS}")
    found = PERIOD.fullmatch(str(written).strip())
    if found is None:
        raise ValueError(f"of {day} cannot be “{written}”; {LIKE_THIS}")
    hours = [int(number) for number in found.groups()]
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if max(hours[1], hours[3]) > 59 or end > WHOLE_DAY:
        raise ValueError(f"of {day} cannot be “{written}”; a day goes from 0:00 to 24:00")
    if begin >= end:
        raise ValueError(
            f"of {day} end before they begin: “{written}”; write 17:00 for 5 pm, and what comes "
            "after midnight under the next day"
        )
    return Period(begin, end)


class Open(NamedTuple):
    """A time without a break in which the clinic is open, in UTC."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Calendar:
    """Turns the clinic's week into instants, whatever the clocks do in its time zone."""

    zone: ZoneInfo
    week: Week = EVERY_HOUR
    holidays: Mapping[date, Holiday] = field(default_factory=dict)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def periods(self, day: date) -> tuple[Period, ...]:
        holiday = self.holidays.get(day)
        return self.week[day.weekday()] if holiday is None else holiday.periods

    def closing(self, day: date) -> datetime | None:
        """When this day's last period ends; None if it is closed all day."""
        periods = self.periods(day)
        return self._instant(day, periods[-1].end) if periods else None

    def open_from(self, at: datetime) -> Iterator[Open]:
        """Every open time from this instant on, without an end; the first may have begun before."""
        reached = at.astimezone(UTC)
        # The day before may reach into this one, where clocks are set back at midnight.
        day = self.day_of(at) - timedelta(days=1)
        while True:
            for period in self.periods(day):
                begin = max(self._instant(day, period.begin), reached)
                end = self._instant(day, period.end)
                if begin < end:
                    yield Open(begin, end)
                    reached = end
            day += timedelta(days=1)

    def _instant(self, day: date, minutes: int) -> datetime:
        """As calendars do it (RFC 5545): a time that comes twice is the first one, and a time that
        the clocks leap over counts on from before the leap.
        """
        wall = datetime.combine(day, time.min) + timedelta(minutes=minutes)
        return wall.replace(tzinfo=self.zone).astimezone(UTC)
