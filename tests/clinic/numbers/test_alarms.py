"""Words of crisis are counted by kind, with how soon somebody looked."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from clinic.crisis_events import SOFT
from tests.clinic.numbers.builders import add_crisis, rows


def test_alarms_and_hints_are_counted_apart(session: Session) -> None:
    add_crisis(session)
    add_crisis(session, outcome=SOFT)

    assert rows(session, "crisis")[1] == (date(2026, 6, 8), 1, 1)


def test_how_soon_an_alarm_was_seen_and_how_many_were_not(session: Session) -> None:
    for minutes in (1, 2, 30, None):
        add_crisis(session, seen_after=minutes)
    add_crisis(session, outcome=SOFT, seen_after=500)

    assert rows(session, "crisis_by_category") == (("suicide", 4, 1, 1, 2, 30),)


def test_a_kind_of_an_older_version_is_counted_too(session: Session) -> None:
    add_crisis(session, category="once_known")

    assert rows(session, "crisis_by_category")[0][:3] == ("once_known", 1, 0)
