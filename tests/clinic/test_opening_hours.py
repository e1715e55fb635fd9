"""Whether the clinic is open, when it opens again, and how its hours are told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from clinic import opening_hours
from clinic.facts import facts
from clinic.week import WEEKDAYS, read_holidays, read_week

WEEK = {
    **{day: ["9:00-12:00", "13:00-17:00"] for day in WEEKDAYS[:4]},
    "friday": ["9:00-14:30"],
}


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make this the clinic: New York, closed on Thanksgiving, open on one Saturday."""

    def _clinic(week: Any = WEEK, hours: str | None = None) -> None:
        closed: list[Any] = [{date(2026, 11, 26): "Thanksgiving"}]
        short: list[Any] = [{date(2026, 11, 28): ["10:00-12:00"]}]
        changes = {
            "hours": hours,
            "opening_hours": read_week(week),
            "holidays": read_holidays(closed + short),
        }
        changed = facts().model_copy(update=changes)
        monkeypatch.setattr("clinic.opening_hours.facts", lambda: changed)

    return _clinic


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=facts().zone)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T09:00", None),
        ("2026-11-23T11:59", None),
        ("2026-11-23T12:00", "2026-11-23T13:00"),
        ("2026-11-23T16:59:59", None),
        ("2026-11-23T17:00", "2026-11-24T09:00"),
        ("2026-11-25T17:00", "2026-11-27T09:00"),
        ("2026-11-26T10:00", "2026-11-27T09:00"),
        ("2026-11-27T14:30", "2026-11-28T10:00"),
        ("2026-11-28T11:00", None),
        ("2026-11-28T12:00", "2026-11-30T09:00"),
        ("2026-11-29T00:00", "2026-11-30T09:00"),
    ],
)
def test_it_is_open_or_opens_again(clinic: Any, moment: str, opens: str | None) -> None:
    clinic()

    assert opening_hours.is_open(at(moment)) is (opens is None)
    assert opening_hours.next_opening(at(moment)) == (at(opens) if opens else None)


def test_without_hours_it_is_open_but_on_holidays(clinic: Any) -> None:
    clinic(week=None)

    assert opening_hours.is_open(at("2026-11-22T03:00"))
    assert not opening_hours.is_open(at("2026-11-26T12:00"))
    assert opening_hours.in_words() == ""


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T10:00", ""),
        ("2026-11-23T12:10", "today at 1 pm"),
        ("2026-11-23T20:00", "tomorrow at 9 am"),
        ("2026-11-25T20:00", "Friday at 9 am"),
        ("2026-11-28T13:00", "Monday at 9 am"),
    ],
)
def test_the_next_opening_is_told_as_people_say_it(clinic: Any, moment: str, words: str) -> None:
    clinic()

    assert opening_hours.next_opening_in_words(at(moment)) == words


def test_an_opening_that_is_far_away_has_its_date(clinic: Any) -> None:
    clinic(week={"thursday": ["9:00-12:00"]})

    assert opening_hours.next_opening_in_words(at("2026-11-23T10:00")) == "Saturday at 10 am"
    assert opening_hours.next_opening_in_words(at("2026-11-19T13:00")) == (
        "Saturday, November 28 at 10 am"
    )


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (
            WEEK,
            "Monday to Thursday, 9 am to noon and 1 pm to 5 pm; Friday, 9 am to 2:30 pm",
        ),
        ({"monday": "8:05-24:00"}, "Monday, 8:05 am to midnight"),
        ({"sunday": "0:00-12:30"}, "Sunday, midnight to 12:30 pm"),
        (
            {"monday": "9:00-17:00", "wednesday": "9:00-17:00"},
            "Monday, 9 am to 5 pm; Wednesday, 9 am to 5 pm",
        ),
    ],
)
def test_the_hours_are_told_from_the_data(clinic: Any, week: Any, words: str) -> None:
    clinic(week)

    assert opening_hours.in_words() == words


def test_the_clinics_own_sentence_is_what_is_said(clinic: Any) -> None:
    clinic(hours="weekdays until five")

    assert opening_hours.in_words() == "weekdays until five"


@pytest.mark.parametrize(
    ("moment", "name"),
    [("2026-11-26T10:00", "Thanksgiving"), ("2026-11-28T13:00", ""), ("2026-11-23T10:00", "")],
)
def test_a_holiday_is_named_when_the_clinic_is_closed_for_it(
    clinic: Any, moment: str, name: str
) -> None:
    clinic()

    assert opening_hours.holiday_today(at(moment)) == name
