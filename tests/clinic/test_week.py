"""The clinic's week: what a person may write, and that no change of the clock shifts it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise, takewhile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.week import (
    EVERY_HOUR,
    WHOLE_DAY,
    Calendar,
    Holiday,
    Open,
    Period,
    read_holidays,
    read_week,
)

NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Cairo", "UTC")
NINE_TO_FIVE = Period(9 * 60, 17 * 60)
OFFICE_WEEK = ((NINE_TO_FIVE,),) * 5 + ((), ())
FORWARD, BACK = date(2026, 3, 8), date(2026, 11, 1)
"""The two Sundays of 2026 on which the clocks of New York change."""


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def open_on(calendar: Calendar, day: date) -> list[Open]:
    begin = datetime.combine(day, datetime.min.time(), calendar.zone)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), calendar.zone)
    return list(takewhile(lambda one: one.begin < end, calendar.open_from(begin)))


# --- What a person may write ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "monday: [9:00-17:00]",
        "monday: 9:00-17:00",
        "monday: ['9:00-17:00']",
        "monday: [09:00 - 17:00]",
        "monday: [9:00–17:00]",
        "monday: [9:00-17:00]\nsunday:",
        "monday: [9:00-17:00]\nsunday: []",
    ],
)
def test_a_day_has_its_period_and_the_others_are_closed(written: str) -> None:
    assert read_week(yaml.safe_load(written)) == ((NINE_TO_FIVE,), (), (), (), (), (), ())


def test_a_day_may_have_several_periods_and_end_at_midnight() -> None:
    week = read_week({"friday": ["9:00-12:00", "13:00-17:00", "17:00-24:00"]})

    assert week is not None
    assert week[4] == (Period(540, 720), Period(780, 1020), Period(1020, WHOLE_DAY))


@pytest.mark.parametrize("written", [None, {}, []])
def test_without_a_line_there_is_no_week(written: Any) -> None:
    assert read_week(written) is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("monday: 9:00", "of monday have one time without its other half"),
        ("monday: [9:00, 17:00]", "of monday have one time without its other half"),
        ("monday: 09:00", "of monday cannot be “09:00”; write it from - to"),
        ("monday: nine to five", "such as 9:00-12:00"),
        ("monday: 9-17", "of monday cannot be “9-17”"),
        ("monday: 9am-5pm", "of monday cannot be “9am-5pm”"),
        ("monday: true", "of monday have one time"),
        ("monday: {from: 9}", "of monday cannot be"),
        ("monday: [9:00-9:00]", "of monday end before they begin"),
        ("monday: [9:00-5:00]", "write 17:00 for 5 pm"),
        ("monday: [22:00-2:00]", "what comes after midnight under the next day"),
        ("monday: [9:00-24:30]", "a day goes from 0:00 to 24:00"),
        ("monday: [9:60-17:00]", "a day goes from 0:00 to 24:00"),
        ("monday: [9:00-12:00, 11:00-17:00]", "of monday overlap"),
        ("monday: [13:00-17:00, 9:00-12:00]", "do not stand in their order"),
        ("Monday: [9:00-17:00]", "does not know the day “Monday”"),
        ("mo: [9:00-17:00]", "does not know the day “mo”"),
        ("1: [9:00-17:00]", "does not know the day “1”"),
        ("monday: []", "has no open day"),
        ("Monday to Friday", "must be a list of weekdays"),
    ],
)
def test_a_wrong_week_is_said_to_be_wrong(written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_week(yaml.safe_load(written))


def test_a_holiday_is_closed_or_has_its_own_hours() -> None:
    written = (
        "[2026-12-25, 2026-12-26: Boxing Day, 2026-12-24: [9:00-12:00], 2026-12-31: 9:00-12:00]"
    )

    assert read_holidays(yaml.safe_load(written)) == {
        date(2026, 12, 25): Holiday("", ()),
        date(2026, 12, 26): Holiday("Boxing Day", ()),
        date(2026, 12, 24): Holiday("", (Period(540, 720),)),
        date(2026, 12, 31): Holiday("", (Period(540, 720),)),
    }


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-12-25", "must be a list; begin each line with a dash"),
        ("2026-12-25: Christmas", "must be a list; begin each line with a dash"),
        ("[25.12.2026]", "does not know the date “25.12.2026”"),
        ("[Christmas]", "does not know the date “Christmas”"),
        ("[2026-12-25 10:00:00]", "does not know the date"),
        ("[2026-12-25, 2026-12-25: Christmas]", "names 2026-12-25 twice"),
        ("[2026-12-24: [9:00]]", "of 2026-12-24 have one time"),
        ("[2026-12-24: [Christmas Eve]]", "of 2026-12-24 cannot be “Christmas Eve”"),
    ],
)
def test_wrong_holidays_are_said_to_be_wrong(written: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_holidays(yaml.safe_load(written))


# --- What it comes to in instants -----------------------------------------------------------------


def test_a_holiday_wins_over_its_weekday() -> None:
    friday, saturday = date(2026, 12, 25), date(2026, 12, 26)
    calendar = Calendar(
        NEW_YORK,
        OFFICE_WEEK,
        {friday: Holiday("Christmas Day", ()), saturday: Holiday("", (Period(600, 720),))},
    )

    (first,) = open_on(calendar, friday) + open_on(calendar, saturday)

    assert first == Open(at("2026-12-26T10:00"), at("2026-12-26T12:00"))


@pytest.mark.parametrize("day", [FORWARD, BACK])
def test_office_hours_are_the_same_on_the_wall_when_the_clocks_change(day: date) -> None:
    calendar = Calendar(NEW_YORK, ((NINE_TO_FIVE,),) * 7)

    (hours,) = open_on(calendar, day)

    assert hours == Open(at(f"{day}T09:00"), at(f"{day}T17:00"))
    assert hours.end - hours.begin == timedelta(hours=8)


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25)])
def test_a_whole_day_is_as_long_as_it_really_is(day: date, hours: int) -> None:
    (whole,) = open_on(Calendar(NEW_YORK), day)

    assert whole.end - whole.begin == timedelta(hours=hours)


def test_hours_that_the_clocks_leap_over_are_made_up_for_after_the_leap() -> None:
    calendar = Calendar(NEW_YORK, ((Period(120, 150), Period(180, 240)),) * 7)

    spring = open_on(calendar, FORWARD)

    assert spring == [
        Open(at(f"{FORWARD}T03:00"), at(f"{FORWARD}T03:30")),
        Open(at(f"{FORWARD}T03:30"), at(f"{FORWARD}T04:00")),
    ]


minutes = st.integers(0, WHOLE_DAY // 15).map(lambda quarter: quarter * 15)
days = st.lists(minutes, unique=True, max_size=6).map(
    lambda times: tuple(
        Period(begin, end) for begin, end in list(pairwise(sorted(times)))[::2]
    )
)  # fmt: skip
weeks = st.tuples(*[days] * 7).filter(any)
calendars = st.builds(Calendar, st.sampled_from(ZONES).map(ZoneInfo), weeks)
moments = st.one_of(
    # Around the changes of the clock of 2026 in all of these zones, and at any other time.
    *(
        st.datetimes(datetime(*day), datetime(*day) + timedelta(days=3))  # noqa: DTZ001
        for day in [(2026, 3, 7), (2026, 3, 28), (2026, 4, 4), (2026, 10, 3), (2026, 10, 24),
                    (2026, 10, 29), (2026, 10, 31), (2026, 4, 23)]
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC))  # fmt: skip


def wall_has_changed(zone: ZoneInfo, moment: datetime) -> bool:
    """Whether the clocks change within a day of this moment."""
    offsets = {(moment + timedelta(hours=h)).astimezone(zone).utcoffset() for h in (-25, 0, 25)}
    return len(offsets) > 1


@settings(deadline=None)
@given(calendars, moments)
def test_open_times_come_in_order_and_never_overlap(calendar: Calendar, moment: datetime) -> None:
    times = list(islice(calendar.open_from(moment), 12))

    assert all(one.begin < one.end for one in times)
    assert all(before.end <= after.begin for before, after in pairwise(times))
    assert times[0].end > moment


@settings(deadline=None)
@given(calendars, moments)
def test_away_from_a_change_it_is_open_when_the_clock_on_the_wall_says_so(
    calendar: Calendar, moment: datetime
) -> None:
    wall = moment.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    said = any(begin <= minute < end for begin, end in calendar.periods(wall.date()))

    is_open = next(calendar.open_from(moment)).begin == moment

    assert is_open == said or wall_has_changed(calendar.zone, moment)


@settings(deadline=None)
@given(calendars, moments)
def test_hours_in_the_daytime_are_those_on_the_wall_whatever_the_clocks_do(
    calendar: Calendar, moment: datetime
) -> None:
    """Clocks change between midnight and four; a clinic that opens later never notices."""
    daytime = tuple(tuple(one for one in periods if one.begin >= 240) for periods in calendar.week)
    calendar = Calendar(calendar.zone, daytime if any(daytime) else OFFICE_WEEK)
    wall = moment.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    said = any(begin <= minute < end for begin, end in calendar.periods(wall.date()))

    assert (next(calendar.open_from(moment)).begin == moment) == said


@settings(deadline=None)
@given(st.sampled_from(ZONES).map(ZoneInfo), moments)
def test_without_hours_it_is_always_open(zone: ZoneInfo, moment: datetime) -> None:
    times = [
        one for one, _ in zip(Calendar(zone, EVERY_HOUR).open_from(moment), range(5), strict=False)
    ]

    assert times[0].begin == moment
    assert all(before.end == after.begin for before, after in pairwise(times))
