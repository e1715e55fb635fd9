"""A visitor whom nobody came to stands on a list until somebody of staff has read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from clinic import clock, handoff_overview, handoffs
from clinic.tables import Conversation, Handoff, Lead, Staff

VISITOR = "c" * 40


@pytest.fixture
def ben(session: Session) -> int:
    member = Staff(username="ben", password_hash="", must_change_password=False)
    session.add(member)
    session.flush()
    return member.id


def missed_chat(session: Session, ago: timedelta, by: str = "nobody_came") -> Handoff:
    if session.get(Conversation, VISITOR) is None:
        session.add(Conversation(id=VISITOR))
        session.flush()
    at = clock.now() - ago
    handoff = Handoff(conversation_id=VISITOR, asked_at=at, ended_at=at, ended_by=by)
    session.add(handoff)
    session.flush()
    return handoff


def add_lead(session: Session, conversation_id: str, status: str, into: Lead | None = None) -> Lead:
    lead = Lead(
        conversation_id=conversation_id,
        name="",
        urgency=1,
        status=status,
        merged_into=into.id if into else None,
    )
    session.add(lead)
    session.flush()
    return lead


def missed(session: Session) -> list[int]:
    return [one.handoff.id for one in handoff_overview.missed(session)]


@pytest.mark.parametrize("by", ["nobody_came", "staff_left"])
def test_who_was_missed_on_friday_is_still_there_on_monday(session: Session, by: str) -> None:
    handoff = missed_chat(session, timedelta(days=3), by)

    assert missed(session) == [handoff.id]


@pytest.mark.parametrize("by", ["visitor", "staff", "forgotten"])
def test_who_had_somebody_or_went_away_was_not_missed(session: Session, by: str) -> None:
    missed_chat(session, timedelta(hours=1), by)

    assert missed(session) == []


def test_after_a_week_nobody_is_told_any_more(session: Session) -> None:
    missed_chat(session, timedelta(days=8))

    assert missed(session) == []


def test_once_read_by_staff_the_visitor_leaves_the_list_with_every_earlier_try(
    session: Session, ben: int
) -> None:
    missed_chat(session, timedelta(hours=2))
    newest = missed_chat(session, timedelta(hours=1))
    assert missed(session) == [newest.id], "one visitor is one line"

    handoff_overview.look(session, newest, staff_id=ben)

    assert missed(session) == []


def test_who_read_along_before_it_ended_has_not_read_that_nobody_came(
    session: Session, ben: int
) -> None:
    waiting = handoffs.ask(session, VISITOR)
    handoff_overview.look(session, waiting, staff_id=ben)
    session.flush()

    waiting.ended_at, waiting.ended_by = clock.now(), "nobody_came"

    assert missed(session) == [waiting.id]


@pytest.mark.parametrize(
    ("status", "is_missed"),
    [("new", False), ("contacted", True), ("booked", True), ("closed", True)],
)
def test_only_a_new_request_in_the_inbox_takes_the_visitor_off_the_list(
    session: Session, status: str, is_missed: bool
) -> None:
    handoff = missed_chat(session, timedelta(hours=1))
    add_lead(session, VISITOR, status)

    assert missed(session) == ([handoff.id] if is_missed else [])


@pytest.mark.parametrize(("status", "is_missed"), [("new", False), ("closed", True)])
def test_of_merged_requests_the_one_that_is_shown_counts(
    session: Session, status: str, is_missed: bool
) -> None:
    handoff = missed_chat(session, timedelta(hours=1))
    shown = add_lead(session, "d" * 40, status)
    add_lead(session, VISITOR, "new", into=shown)

    assert missed(session) == ([handoff.id] if is_missed else [])


def test_a_chat_that_staff_have_had_is_found_again_for_a_week(session: Session, ben: int) -> None:
    older = missed_chat(session, timedelta(days=8), "staff")
    had = missed_chat(session, timedelta(days=2), "visitor")
    nobody_had = missed_chat(session, timedelta(days=1), "nobody_came")
    older.staff_id = had.staff_id = ben

    found = [one.handoff.id for one in handoff_overview.over(session)]

    assert found == [had.id]
    assert nobody_had.id not in found
