"""When this clinic is open, and how to say it. Without hours in clinic.yml every hour counts."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from clinic.facts import facts
from clinic.week import EVERY_HOUR, WEEKDAYS, WHOLE_DAY, Calendar, Period, Week

NOON = 12 * 60


def calendar() -> Calendar:
    return Calendar(facts().zone, facts().opening_hours or EVERY_HOUR, facts().holidays)


def is_open(at: datetime) -> bool:
    return next_opening(at) is None


def next_opening(at: datetime) -> datetime | None:
    """When the clinic opens again; None while it is open."""
    first = next(calendar().open_from(at))
    return None if first.begin <= at else first.begin


def in_words() -> str:
    """The clinic's hours as it says them itself, or else made from the data; may be empty."""
    return facts().hours or _week_in_words(facts().opening_hours or ())


def next_opening_in_words(at: datetime) -> str:
    """Such as “tomorrow at 9 am” or “Monday at 9 am”; empty while the clinic is open."""
    opening = next_opening(at)
    if opening is None:
        return ""
    there = opening.astimezone(facts().zone)
    today = calendar().day_of(at)
    match (there.date() - today).days:
        case 0:
            day = "today"
        case 1:
            day = "tomorrow"
        case days if days < len(WEEKDAYS):
            day = f"{there:%A}"
        case _:
            day = f"{there:%A, %B} {there.day}"
    return f"{day} at {_clock(there.hour * 60 + there.minute)}"


def holiday_today(at: datetime) -> str:
    """The name of the holiday for which the clinic is closed all day, if it has one."""
    holiday = facts().holidays.get(calendar().day_of(at))
    return holiday.name if holiday and not holiday.periods else ""


def _week_in_words(week: Week) -> str:
    """Days with the same hours are told together: “Monday to Friday, 9 am to 5 pm”."""
    days = [name.capitalize() for name in WEEKDAYS]
    told = []
    for periods, group in groupby(zip(week, days, strict=False), key=lambda pair: pair[0]):
        names = [name for _, name in group]
        if periods:
            span = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
            told.append(f"{span}, {' and '.join(_span(period) for period in periods)}")
    return "; ".join(told)


def _span(period: Period) -> str:
    return f"{_clock(period.begin)} to {_clock(period.end)}"


def _clock(minutes: int) -> str:
    if minutes % WHOLE_DAY == 0:
        return "midnight"
    if minutes == NOON:
        return "noon"
    hour, minute = divmod(minutes, 60)
    past = f":{minute:02}" if minute else ""
    return f"{hour % 12 or 12}{past} {'am' if minutes < NOON else 'pm'}"
