"""Two requests of one person become one lead, and two again where staff were wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import lead_assignment, lead_merge, leads
from clinic.clock import now
from clinic.crisis_events import record_crisis
from clinic.lead_merge import (
    Agreement,
    NotMergeable,
    WaitsStill,
    agreement,
    merge,
    merged_leads,
    part,
    stays,
)
from clinic.leads import LeadRequest, save_lead
from clinic.tables import Lead, Notice
from tests.clinic.lead_world import PHONE, deeds, lead, member


@pytest.fixture
def one(session: Session) -> Lead:
    return lead(session, "one")


@pytest.fixture
def other(session: Session) -> Lead:
    return lead(session, "other", name="Ann E.", urgency=3, email="ann@example.org")


def test_what_agrees_is_told_whatever_the_letters(session: Session) -> None:
    one = lead(session, "one", name="Zoë  Example", email="ZOE@example.org", phone=None)
    other = lead(session, "other", name="zoë example", email="zoe@example.org")

    found = agreement(one, other)

    assert found == Agreement(phone=False, email=True, name=True)


def test_two_that_say_nothing_do_not_agree(session: Session) -> None:
    nobody = [lead(session, each, name="", phone=None) for each in "ab"]

    assert agreement(*nobody) == Agreement(phone=False, email=False, name=False)


def test_the_one_that_stays_is_as_urgent_and_due_as_early_as_either(
    session: Session, one: Lead, other: Lead
) -> None:
    other.due_at = now() - timedelta(hours=1)

    merge(session, other, one, staff_id=7)

    assert (one.urgency, one.due_at) == (3, other.due_at)
    assert other.merged_into == one.id
    assert stays(session, other) is one
    assert merged_leads(session, one) == [other]


def test_merging_is_written_down_on_both(session: Session, one: Lead, other: Lead) -> None:
    merge(session, other, one, staff_id=7)

    assert deeds(session, one)[-1] == ("staff:7", "lead.merged", f"lead:{other.id} urgency:2")
    assert deeds(session, other)[-1] == ("staff:7", "lead.merged_into", f"lead:{one.id}")


def test_nobody_is_called_twice_for_the_one_that_went(
    session: Session, one: Lead, other: Lead
) -> None:
    merge(session, other, one, staff_id=7)

    session.expire_all()
    query = select(Notice.subject).where(Notice.settled_at.is_(None))
    assert session.scalars(query).all() == [f"lead:{one.id}"]


def test_who_had_the_one_that_went_has_the_other_if_nobody_had_it(
    session: Session, one: Lead, other: Lead
) -> None:
    amira = member(session)
    lead_assignment.assign(session, other, to=amira, was=None, staff_id=amira)

    merge(session, other, one, staff_id=amira)

    assert one.assignee_id == amira


def test_three_in_a_row_are_one(session: Session, one: Lead, other: Lead) -> None:
    third = lead(session, "third")

    merge(session, one, other, staff_id=7)
    merge(session, other, third, staff_id=7)

    assert stays(session, one) is third
    assert {each.id for each in merged_leads(session, third)} == {one.id, other.id}


def test_parting_undoes_it(session: Session, one: Lead, other: Lead) -> None:
    merge(session, other, one, staff_id=7)

    shown_by = part(session, other, staff_id=7)

    assert shown_by is one
    assert other.merged_into is None
    assert (one.urgency, other.urgency) == (2, 3)
    assert merged_leads(session, one) == []
    assert deeds(session, one)[-1][1] == "lead.unmerged"
    assert (other.phone, other.email) == (PHONE, "ann@example.org")


def test_danger_that_was_heard_meanwhile_is_not_undone(
    session: Session, one: Lead, other: Lead
) -> None:
    merge(session, other, one, staff_id=7)
    record_crisis(session, conversation_id="one", message_key="k", category="suicide")

    part(session, other, staff_id=7)

    assert one.urgency == 3


def test_what_is_done_with_does_not_swallow_who_still_waits(
    session: Session, one: Lead, other: Lead
) -> None:
    leads.set_status(session, one, "closed", reason="cost", staff_id=7)

    with pytest.raises(WaitsStill):
        merge(session, other, one, staff_id=7)

    assert other.merged_into is None


def test_nothing_is_merged_twice_with_itself_or_after_it_was_erased(
    session: Session, one: Lead, other: Lead
) -> None:
    merge(session, other, one, staff_id=7)
    third = lead(session, "third")
    third.erased_at = now()
    session.flush()

    for goes, into in ((other, one), (one, other), (one, one), (third, one), (one, third)):
        with pytest.raises(NotMergeable):
            merge(session, goes, into, staff_id=7)
    with pytest.raises(NotMergeable):
        part(session, one, staff_id=7)


def test_what_the_visitor_sends_later_wakes_the_one_that_stayed(
    session: Session, one: Lead, other: Lead
) -> None:
    merge(session, other, one, staff_id=7)
    leads.set_status(session, one, "closed", reason="cost", staff_id=7)
    one.opened_at = now()
    session.flush()

    save_lead(session, LeadRequest(conversation_id="other", name="Ann E.", wants_callback=True))

    assert one.status == "new"
    assert one.opened_at is None
    assert other.wants_callback
    assert ("bot", "lead.new", None) in deeds(session, one)


def test_words_of_crisis_in_the_merged_conversation_raise_the_one_that_stayed(
    session: Session, one: Lead
) -> None:
    other = lead(session, "other")
    merge(session, other, one, staff_id=7)

    record_crisis(session, conversation_id="other", message_key="k", category="suicide")

    assert (one.urgency, other.urgency) == (3, 3)


def test_a_chain_that_points_nowhere_ends_where_it_is(session: Session, one: Lead) -> None:
    one.merged_into = "0" * 32
    session.flush()

    assert lead_merge.stays(session, one) is one
