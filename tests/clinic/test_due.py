"""When a request is late: exact instants, over nights, week-ends, split days and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic import due
from clinic.questionnaires import FOLDER
from clinic.screening.contact_within import ContactWithin, contact_within
from clinic.screening.hand_written import Entry
from clinic.week import WEEKDAYS, Calendar, read_holidays, read_week
from tests.clinic.test_week import calendars, moments

NEW_YORK = ZoneInfo("America/New_York")
WEEK = {
    **{day: ["9:00-12:00", "13:00-17:00"] for day in WEEKDAYS[:5]},
    "saturday": ["22:00-24:00"],
    "sunday": ["0:00-1:00"],
}
HOLIDAYS: list[Any] = [{date(2026, 11, 26): "Thanksgiving"}, {date(2026, 12, 24): ["9:00-12:00"]}]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def within(words: str) -> ContactWithin:
    return contact_within(Entry({"contact_within": words}, "test"))


@pytest.fixture(autouse=True)
def clinic(monkeypatch: pytest.MonkeyPatch) -> None:
    week = read_week(WEEK)
    assert week
    known = Calendar(NEW_YORK, week, read_holidays(HOLIDAYS))
    monkeypatch.setattr(due, "calendar", lambda: known)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("at once", "2026-11-22T03:00", "2026-11-22T03:00"),
        ("never", "2026-11-23T10:00", None),
        # Minutes run while the clinic is open, and only then.
        ("30 open minutes", "2026-11-23T10:00", "2026-11-23T10:30"),
        ("1 open hour", "2026-11-23T11:59", "2026-11-23T13:59"),
        ("1 open hour", "2026-11-23T11:00", "2026-11-23T12:00"),
        ("1 open hour", "2026-11-23T12:30", "2026-11-23T14:00"),
        ("1 open hour", "2026-11-23T16:59", "2026-11-24T09:59"),
        ("1 open hour", "2026-11-23T03:00", "2026-11-23T10:00"),
        ("1 open hour", "2026-11-25T17:00", "2026-11-27T10:00"),
        ("8 open hours", "2026-11-23T09:00", "2026-11-24T10:00"),
        ("3 open hours", "2026-11-28T10:00", "2026-11-29T01:00"),
        ("90 open minutes", "2026-11-28T23:00", "2026-11-29T00:30"),
        # The same day, or when that is over the next open one.
        ("same day", "2026-11-23T08:00", "2026-11-23T17:00"),
        ("same day", "2026-11-23T12:30", "2026-11-23T17:00"),
        ("same day", "2026-11-23T16:59", "2026-11-23T17:00"),
        ("same day", "2026-11-23T17:00", "2026-11-24T17:00"),
        ("same day", "2026-11-26T10:00", "2026-11-27T17:00"),
        ("same day", "2026-11-28T10:00", "2026-11-29T00:00"),
        ("same day", "2026-12-24T11:00", "2026-12-24T12:00"),
        # So many open days after the one it came in.
        ("1 open day", "2026-11-23T10:00", "2026-11-24T17:00"),
        ("1 open day", "2026-11-23T23:59", "2026-11-24T17:00"),
        ("1 open day", "2026-11-24T00:00", "2026-11-25T17:00"),
        ("1 open day", "2026-11-25T10:00", "2026-11-27T17:00"),
        ("2 open days", "2026-11-23T10:00", "2026-11-25T17:00"),
        ("2 open days", "2026-11-27T10:00", "2026-11-29T01:00"),
        ("1 open day", "2026-12-23T10:00", "2026-12-24T12:00"),
    ],
)
def test_it_is_due_at_this_very_instant(words: str, since: str, until: str | None) -> None:
    assert due.until(within(words), at(since)) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-07T23:00-05:00", "2026-03-08T05:00-04:00"),
        ("2026-10-31T23:00-04:00", "2026-11-01T03:00-05:00"),
    ],
)
def test_an_hour_is_an_hour_when_the_clocks_change(
    since: str, until: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "calendar", lambda: Calendar(NEW_YORK))

    reached = due.until(within("5 open hours"), datetime.fromisoformat(since))

    assert reached == datetime.fromisoformat(until)


KINDS = ("30 open minutes", "1 open hour", "20 open hours", "same day", "1 open day", "3 open days")


@settings(deadline=None)
@given(calendars, moments, st.integers(0, 2000), st.sampled_from(KINDS))
def test_who_comes_later_is_never_due_earlier(
    known: Calendar, moment: datetime, minutes: int, words: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(due, "calendar", lambda: known)

        first = due.until(within(words), moment)
        second = due.until(within(words), moment + timedelta(minutes=minutes))

    assert first
    assert second
    assert moment < first <= second


@settings(deadline=None)
@given(calendars, moments, st.integers(1, 3000))
def test_just_so_much_open_time_passes_until_it_is_due(
    known: Calendar, moment: datetime, minutes: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(due, "calendar", lambda: known)
        until = due.until(ContactWithin(minutes=minutes), moment)

    assert until
    passed = timedelta()
    for begin, end in known.open_from(moment):
        if begin >= until:
            break
        passed += min(end, until) - begin
    assert passed == timedelta(minutes=minutes)


@settings(deadline=None)
@given(calendars, moments, st.integers(0, 4))
def test_a_day_is_due_when_an_open_day_closes(known: Calendar, moment: datetime, days: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(due, "calendar", lambda: known)
        until = due.until(ContactWithin(days=days), moment)

    assert until
    day = known.day_of(until - timedelta(microseconds=1))
    assert known.closing(day) == until
    assert day >= known.day_of(moment) + timedelta(days=days)


# --- What the clinic's own files say --------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "until"),
    [
        ("E0", "2026-11-23T11:00"),
        ("E1", "2026-11-23T11:00"),
        ("E2", "2026-11-23T17:00"),
        ("X", "2026-11-24T17:00"),
        ("R", "2026-11-24T17:00"),
        ("T", "2026-11-24T17:00"),
        ("P", "2026-11-24T17:00"),
        ("M", "2026-11-25T17:00"),
        ("I1", "2026-11-25T17:00"),
        ("G", "2026-11-25T17:00"),
        ("N1", None),
        ("N2", None),
        ("C0", None),
        (None, "2026-11-24T17:00"),
        ("an outcome of an older table", "2026-11-24T17:00"),
    ],
)
def test_an_outcome_is_due_as_the_triage_table_says(outcome: str | None, until: str | None) -> None:
    assert due.due_at(outcome, at("2026-11-23T10:00")) == (at(until) if until else None)


def test_what_is_more_urgent_is_never_due_later() -> None:
    outcomes = yaml.safe_load((FOLDER / "triage.yml").read_text("utf-8"))["outcomes"]
    since = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    waits = [
        (entry["urgency"], due.due_at(code, since) or datetime.max.replace(tzinfo=UTC))
        for code, entry in outcomes.items()
    ]

    for urgency, until in waits:
        assert all(until <= later for less, later in waits if less < urgency)
