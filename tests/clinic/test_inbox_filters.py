"""Every filter keeps the leads that it names, all hold together, nonsense changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from clinic import conversations, inbox_pages
from clinic.clock import now
from clinic.inbox_filters import Filters, read
from clinic.tables import Handoff, Lead

AMIRA, BEN = 1, 2


def stored(session: Session, name: str, **values: Any) -> Lead:
    """A lead as it stands in the table, with nothing worked out."""
    lead = Lead(conversation_id=name, name=name, **{"urgency": 1, **values})
    session.add(lead)
    session.flush()
    return lead


def shown(session: Session, **address: str) -> list[str]:
    page = inbox_pages.page(session, read(address), staff_id=AMIRA)
    return [lead.name for lead in page.leads]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({}, {"new", "contacted"}),
        ({"status": "new"}, {"new"}),
        ({"status": "contacted"}, {"contacted"}),
        ({"status": "booked"}, {"booked"}),
        ({"status": "closed"}, {"closed"}),
        ({"status": "all"}, {"new", "contacted", "booked", "closed"}),
    ],
)
def test_a_tab_shows_its_status(session: Session, address: dict[str, str], names: set[str]) -> None:
    for status in ("new", "contacted", "booked", "closed"):
        stored(session, status, status=status)

    assert set(shown(session, **address)) == names


@pytest.mark.parametrize("status", ["todo", "new", "all"])
def test_merged_and_erased_leads_are_never_shown(session: Session, status: str) -> None:
    kept = stored(session, "kept")
    stored(session, "merged", merged_into=kept.id)
    stored(session, "erased", erased_at=now())

    assert shown(session, status=status) == ["kept"]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ({"urgency": "3"}, {"mine"}),
        ({"reason": "X"}, {"mine"}),
        ({"reason": "callback"}, {"bens"}),
        ({"state": "OR"}, {"mine", "bens"}),
        ({"assignee": "me"}, {"mine"}),
        ({"assignee": "nobody"}, {"nobodys"}),
        ({"assignee": "2"}, {"bens"}),
        ({"source": "Spring"}, {"mine"}),
        ({"state": "OR", "assignee": "me"}, {"mine"}),
        ({"state": "OR", "assignee": "nobody"}, set()),
    ],
)
def test_filters_hold_together(session: Session, address: dict[str, str], names: set[str]) -> None:
    stored(session, "mine", urgency=3, outcome="X", state="OR", assignee_id=AMIRA, source="spring")
    stored(session, "bens", wants_callback=True, state="OR", assignee_id=BEN)
    stored(session, "nobodys", state="WA")

    assert set(shown(session, **address)) == names


def test_who_asked_for_a_person_in_the_chat_is_found_also_when_that_is_over(
    session: Session,
) -> None:
    for name in ("asked", "never"):
        conversations.open_conversation(session, name)
        stored(session, name)
    session.add(Handoff(conversation_id="asked", ended_at=now()))
    session.flush()

    assert shown(session, reason="live_chat") == ["asked"]


def test_late_is_whom_nobody_has_called_in_time(session: Session) -> None:
    past, future = now() - timedelta(hours=1), now() + timedelta(hours=1)
    stored(session, "late", due_at=past)
    stored(session, "in time", due_at=future)
    stored(session, "called", status="contacted", due_at=past)
    stored(session, "no hurry")

    assert shown(session, late="1") == ["late"]
    assert inbox_pages.numbers(session)["late"].counted == 1


def test_days_begin_and_end_where_the_clinic_is(session: Session) -> None:
    # Midnight in the imaginary clinic's New York is 05:00 in winter.
    for name, hour, day in (("before", 4, 10), ("first", 5, 10), ("last", 4, 11), ("after", 5, 11)):
        at = datetime(2026, 1, day, hour, 30, tzinfo=UTC)
        stored(session, name, created_at=at)

    assert set(shown(session, since="2026-01-10", until="2026-01-10")) == {"first", "last"}


@pytest.mark.parametrize(
    "address",
    [
        {"status": "forgotten"},
        {"urgency": "9"},
        {"urgency": "-1"},
        {"urgency": "²"},
        {"state": "XX"},
        {"assignee": "amira"},
        {"assignee": "99999999999999"},
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"late": "perhaps"},
        {"sort": "name"},
        {"reason": "longer than any code"},
        {"source": "a\x00b"},
        {"nobody": "knows"},
    ],
)
def test_what_makes_no_sense_is_left_out(session: Session, address: dict[str, str]) -> None:
    stored(session, "somebody")

    assert read(address) == Filters()
    assert shown(session, **address) == ["somebody"]


def test_an_address_holds_only_what_is_not_as_usual() -> None:
    filters = read({"status": "todo", "urgency": "", "state": "OR", "sort": "due"})

    assert filters.in_address() == {"state": "OR", "sort": "due"}
    assert filters.narrowing() == {"state": "OR"}
    assert read(filters.in_address()) == filters
