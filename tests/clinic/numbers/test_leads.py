"""Leads are counted by outcome, source and status, and how soon somebody called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from clinic import counts
from tests.clinic.numbers.builders import NOON, NOW, add_lead, count, rows

HOUR = timedelta(hours=1)


def test_leads_are_counted_by_outcome_and_callbacks_have_none(session: Session) -> None:
    for outcome in ("R", "R", "E1", None):
        add_lead(session, outcome=outcome)

    assert set(rows(session, "leads_by_outcome")) == {
        ("R", 2, 0.5),
        ("E1", 1, 0.25),
        (None, 1, 0.25),
    }


def test_a_lead_belongs_to_the_day_of_the_clinics_own_clock(session: Session) -> None:
    add_lead(session, at=datetime(2026, 6, 8, 3, 59, tzinfo=UTC))  # Sunday night in New York
    add_lead(session, at=datetime(2026, 6, 8, 4, tzinfo=UTC))

    found = {str(day): number for day, number in rows(session, "leads")}
    assert found["2026-06-01"] == 1
    assert found["2026-06-08"] == 1


def test_what_came_before_or_after_the_period_is_not_counted(session: Session) -> None:
    add_lead(session, at=datetime(2026, 6, 1, 3, 59, tzinfo=UTC))
    add_lead(session, at=datetime(2026, 7, 1, 4, tzinfo=UTC))

    assert rows(session, "leads_by_outcome") == ()


def test_a_merged_lead_is_the_same_person_and_counted_once(session: Session) -> None:
    kept = add_lead(session)
    add_lead(session, merged_into=kept.id)

    assert rows(session, "leads_by_outcome") == (("R", 1, 1.0),)


def test_an_erased_lead_is_still_counted(session: Session) -> None:
    add_lead(session, erased_at=NOW)

    assert rows(session, "leads_by_outcome") == (("R", 1, 1.0),)


def test_sources_stand_with_their_conversations_and_leads(session: Session) -> None:
    add_lead(session, source="newsletter")
    add_lead(session)
    count(session, counts.CONVERSATION, "newsletter", 5)
    count(session, counts.CONVERSATION, "example.org", 3)
    count(session, counts.CONVERSATION, "", 9)

    assert rows(session, "sources") == (("", 9, 1), ("newsletter", 5, 1), ("example.org", 3, 0))


def test_every_status_is_shown_also_where_nobody_stands(session: Session) -> None:
    add_lead(session, status="booked")

    assert rows(session, "leads_by_status") == (
        ("new", 0),
        ("contacted", 0),
        ("booked", 1),
        ("closed", 0),
    )


def test_first_contact_tells_half_nine_of_ten_in_time_and_late(session: Session) -> None:
    due = NOON + HOUR
    add_lead(session, due_at=due, contacted_after=30, status="contacted")
    add_lead(session, due_at=due, contacted_after=60, status="booked")
    add_lead(session, due_at=due, contacted_after=90, status="contacted")
    add_lead(session, due_at=due)  # long past
    add_lead(session, due_at=NOW + HOUR)  # there is time
    add_lead(session)  # no hours, so never due

    assert rows(session, "first_contact") == (("R", 6, 3, 60, 90, 0.5, 1),)


def test_a_lead_that_waits_again_is_late_again_and_not_in_time(session: Session) -> None:
    add_lead(session, due_at=NOON + HOUR, contacted_after=30, status="contacted")
    add_lead(session, due_at=NOON + 24 * HOUR, contacted_after=30, status="new")

    assert rows(session, "first_contact") == (("R", 2, 2, 30, 30, 0.5, 1),)


def test_a_lead_that_waits_again_and_is_not_due_yet_is_not_judged_yet(session: Session) -> None:
    add_lead(session, due_at=NOON + HOUR, contacted_after=90, status="contacted")
    add_lead(session, due_at=NOW + HOUR, contacted_after=30, status="new")

    assert rows(session, "first_contact") == (("R", 2, 2, 30, 90, 0.0, 0),)


def test_without_a_contact_no_time_is_made_up(session: Session) -> None:
    add_lead(session)

    assert rows(session, "first_contact") == (("R", 1, 0, None, None, None, 0),)


def test_verdicts_stand_by_outcome_with_those_not_judged(session: Session) -> None:
    for verdict in ("right", "right", "too_low", None):
        add_lead(session, triage_verdict=verdict)
    add_lead(session, outcome="T")

    assert rows(session, "verdicts") == (("R", 2, 0, 1, 1),)
