"""One click writes down a call."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic import lead_calls, leads
from tests.clinic.lead_world import deeds, lead, member


def test_a_call_is_a_note_and_a_deed(session: Session) -> None:
    found, amira = lead(session), member(session)

    lead_calls.log(session, found, "no_answer", staff_id=amira)

    session.refresh(found)
    assert [note.text for note in found.notes] == ["Called: no answer."]
    assert deeds(session, found)[-1] == (f"staff:{amira}", "lead.called", "no_answer")
    assert found.status == "new"


def test_who_was_reached_is_contacted(session: Session) -> None:
    found, amira = lead(session), member(session)

    lead_calls.log(session, found, "reached", staff_id=amira)

    assert found.status == "contacted"
    assert found.contacted_at is not None


def test_reaching_somebody_again_opens_nothing_that_is_done(session: Session) -> None:
    found, amira = lead(session), member(session)
    leads.set_status(session, found, "booked", reason="first_visit", staff_id=amira)

    lead_calls.log(session, found, "reached", staff_id=amira)

    assert found.status == "booked"


def test_the_tries_are_counted_over_all_requests_of_a_person(session: Session) -> None:
    one, other, amira = lead(session), lead(session, "d"), member(session)
    assert lead_calls.calls(session, [one, other]) is None

    lead_calls.log(session, one, "no_answer", staff_id=amira)
    lead_calls.log(session, other, "left_message", staff_id=amira)

    calls = lead_calls.calls(session, [one, other])
    assert calls is not None
    assert (calls.number, calls.newest) == (2, "Left a message")


def test_a_call_without_a_known_outcome_is_refused(session: Session) -> None:
    found = lead(session)

    with pytest.raises(lead_calls.UnknownCall):
        lead_calls.log(session, found, "shouted", staff_id=1)
