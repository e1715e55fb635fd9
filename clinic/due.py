"""Until when somebody should have called: by what the visitor answered and the clinic's hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from clinic.opening_hours import calendar
from clinic.questionnaires import CALLBACK, form, rules
from clinic.screening.contact_within import ContactWithin


def due_at(outcome: str | None, since: datetime) -> datetime | None:
    """Until when to call; None if nobody needs to. Without an outcome it is a callback request."""
    return until(_within(outcome), since)


def until(within: ContactWithin, since: datetime) -> datetime | None:
    """The instant at which this time is over; None for what has no end."""
    if within.minutes is not None:
        return _after_open_minutes(since, within.minutes)
    return None if within.days is None else _end_of_open_day(since, within.days)


def _within(outcome: str | None) -> ContactWithin:
    known = {one.code: one.contact_within for one in rules().outcomes}
    callback = form(CALLBACK).questionnaire.contact_within or ContactWithin()
    # An outcome that a newer table no longer has: a person still waits, as after “call me back”.
    return known.get(outcome or "", callback)


def _after_open_minutes(since: datetime, minutes: int) -> datetime:
    """The instant at which so many minutes of opening hours have passed."""
    left = timedelta(minutes=minutes)
    if not left:
        return since.astimezone(UTC)
    for begin, end in calendar().open_from(since):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise AssertionError("the clinic's week goes on for ever")


def _end_of_open_day(since: datetime, days: int) -> datetime:
    """The closing of so many open days later; of the day itself, or the next open one, for 0."""
    known = calendar()
    day, left = known.day_of(since), days
    if days:
        day, left = day + timedelta(days=1), days - 1
    while True:
        closing = known.closing(day)
        if closing is not None and closing > since:
            if not left:
                return closing
            left -= 1
        day += timedelta(days=1)
