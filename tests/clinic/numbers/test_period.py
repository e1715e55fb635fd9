"""A period is what somebody asked for, or the usual one; never a crash and never a wall of bars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from clinic.numbers.period import MOST_STEPS, Period, period_of

ZONE = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 22)  # a Sunday


def asked(**address: str) -> Period:
    return period_of(
        {name.rstrip("_"): value for name, value in address.items()}, today=TODAY, zone=ZONE
    )


@pytest.mark.parametrize(
    ("name", "first", "step", "steps"),
    [
        ("30d", date(2026, 10, 24), "day", 30),
        ("12w", date(2026, 8, 31), "week", 12),
        ("12m", date(2025, 12, 1), "month", 12),
    ],
)
def test_a_named_period_ends_today_and_has_as_many_steps_as_its_name_says(
    name: str, first: date, step: str, steps: int
) -> None:
    period = asked(period=name)

    assert (period.first, period.last, period.step) == (first, TODAY, step)
    assert len(period.steps()) == steps


def test_twelve_months_in_december_begin_in_january() -> None:
    period = period_of({"period": "12m"}, today=date(2026, 12, 31), zone=ZONE)

    assert period.first == date(2026, 1, 1)


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"period": "for ever"},
        {"from": "yesterday"},
        {"from": "", "to": ""},
        {"to": "0001-01-01"},
    ],
)
def test_what_cannot_be_read_is_the_usual_period(address: dict[str, str]) -> None:
    assert period_of(address, today=TODAY, zone=ZONE).first == date(2026, 10, 24)


def test_from_and_to_are_both_included_and_may_be_the_wrong_way_round() -> None:
    period = asked(from_="2026-06-30", to="2026-06-01", step="day")

    assert (period.first, period.last) == (date(2026, 6, 1), date(2026, 6, 30))
    assert len(period.steps()) == period.days == 30


@pytest.mark.parametrize("step", ["day", "week", "month", "hour", ""])
@pytest.mark.parametrize("first", ["2026-11-01", "2025-01-01", "1999-01-01"])
def test_no_period_has_more_steps_than_can_be_seen(first: str, step: str) -> None:
    period = asked(from_=first, step=step)

    assert 1 <= len(period.steps()) <= MOST_STEPS + 1


def test_a_week_begins_on_monday_and_a_month_on_its_first() -> None:
    assert asked(period="12w").step_of(TODAY) == date(2026, 11, 16)
    assert asked(period="12m").step_of(TODAY) == date(2026, 11, 1)


def test_days_begin_at_midnight_of_the_clinic_also_when_the_clock_changes() -> None:
    period = Period(date(2026, 11, 1), date(2026, 11, 1), "day", ZONE)

    assert period.begin == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert period.end == datetime(2026, 11, 2, 5, tzinfo=UTC)  # a day of 25 hours
