"""A lead is somebody's or nobody's, and two who reach for it at once are not both told yes."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.lead_assignment import NoColleague, assign, colleagues
from clinic.tables import Staff
from tests.clinic.lead_world import deeds, lead, member


def test_a_lead_is_taken_given_and_put_back(session: Session) -> None:
    found, amira, ben = lead(session), member(session, "amira"), member(session, "ben")

    assert assign(session, found, to=amira, was=None, staff_id=amira)
    assert found.assignee_id == amira
    assert assign(session, found, to=ben, was=amira, staff_id=amira)
    assert assign(session, found, to=None, was=ben, staff_id=ben)

    assert found.assignee_id is None
    assert deeds(session, found)[1:] == [
        (f"staff:{amira}", "lead.assigned", f"staff:{amira}"),
        (f"staff:{amira}", "lead.assigned", f"staff:{ben}"),
        (f"staff:{ben}", "lead.unassigned", f"staff:{ben}"),
    ]


def test_the_slower_of_two_does_not_get_it(session: Session) -> None:
    found, amira, ben = lead(session), member(session, "amira"), member(session, "ben")
    assign(session, found, to=amira, was=None, staff_id=amira)

    assert not assign(session, found, to=ben, was=None, staff_id=ben)

    assert found.assignee_id == amira
    assert ("staff:" + str(ben), "lead.assigned", f"staff:{ben}") not in deeds(session, found)


def test_what_is_done_already_is_done_and_not_written_down_twice(session: Session) -> None:
    found, amira = lead(session), member(session)
    assign(session, found, to=amira, was=None, staff_id=amira)

    assert assign(session, found, to=amira, was=None, staff_id=amira)

    assert len([deed for deed in deeds(session, found) if deed[1] == "lead.assigned"]) == 1


def test_nobody_is_given_a_lead_who_is_not_there(session: Session) -> None:
    found, ben = lead(session), member(session, "ben")
    session.get_one(Staff, ben).deactivated_at = now()

    for nobody in (ben, 4711):
        with pytest.raises(NoColleague):
            assign(session, found, to=nobody, was=None, staff_id=1)

    assert colleagues(session) == []
