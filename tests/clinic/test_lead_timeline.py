"""The timeline of a lead: what happened, newest first, with the names of today."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic import audit, inbox, lead_merge, lead_timeline, leads
from clinic.clock import now
from clinic.conversations import open_conversation
from clinic.crisis_events import record_crisis
from clinic.lead_timeline import timeline
from clinic.tables import Handoff, Lead, Staff
from tests.clinic.lead_world import lead, member


@pytest.fixture
def amira(session: Session) -> int:
    return member(session)


def actions(session: Session, *of: Lead) -> list[str]:
    session.flush()
    return [deed.action for deed in timeline(session, of)]


def test_the_newest_comes_first_with_names_and_details(session: Session, amira: int) -> None:
    found = lead(session)
    leads.set_status(session, found, "closed", reason="cost", staff_id=amira)
    session.flush()

    newest, oldest = timeline(session, [found])

    assert (newest.action, newest.detail, newest.who) == ("lead.closed", "cost", "amira")
    assert (oldest.action, oldest.actor, oldest.who) == ("lead.created", "bot", "")


def test_the_looks_of_a_day_are_one_line_for_each_person(session: Session, amira: int) -> None:
    found = lead(session)
    for _ in range(3):
        inbox.look_at_lead(session, found, staff_id=amira)
    leads.add_note(session, found, "Called", staff_id=amira)
    inbox.look_at_lead(session, found, staff_id=amira)
    inbox.look_at_lead(session, found, staff_id=member(session, "ben"))
    session.flush()

    told = [(deed.action, deed.who, deed.times) for deed in timeline(session, [found])]

    assert told == [
        ("lead.viewed", "ben", 1),
        ("lead.viewed", "amira", 4),
        ("lead.noted", "amira", 1),
        ("lead.created", "", 1),
    ]


def test_words_of_crisis_are_told_with_their_kind(session: Session, amira: int) -> None:
    found = lead(session)
    event = record_crisis(
        session, conversation_id="c", message_key="k", category="suicide", outcome="soft"
    )
    inbox.look_at_crisis(session, event, staff_id=amira)
    session.flush()

    told = [(deed.action, deed.detail) for deed in timeline(session, [found])]

    assert told[:2] == [("crisis.viewed", "soft:suicide"), ("crisis.recorded", "soft:suicide")]


def test_a_handed_back_chat_is_told_with_its_note(session: Session, amira: int) -> None:
    found = lead(session)
    open_conversation(session, "c")
    handoff = Handoff(conversation_id="c", staff_id=amira, ended_at=now(), note="Wants mornings")
    session.add(handoff)
    session.flush()
    for action in ("handoff.taken", "handoff.given_back"):
        audit.record(
            session, actor=f"staff:{amira}", action=action, subject=f"handoff:{handoff.id}"
        )
    session.flush()

    told = [(deed.action, deed.note) for deed in timeline(session, [found])]

    assert told[:2] == [("handoff.given_back", "Wants mornings"), ("handoff.taken", "")]


def test_the_timelines_of_merged_leads_are_one(session: Session, amira: int) -> None:
    one, other = lead(session, "one"), lead(session, "other")
    leads.add_note(session, other, "Called", staff_id=amira)
    lead_merge.merge(session, other, one, staff_id=amira)

    assert actions(session, one, other) == ["lead.merged", "lead.noted", "lead.created"]


def test_whom_a_lead_was_given_to_is_named_as_they_are_called_today(
    session: Session, amira: int
) -> None:
    found, ben = lead(session), member(session, "ben")
    audit.record(
        session,
        actor=f"staff:{amira}",
        action="lead.assigned",
        subject=f"lead:{found.id}",
        detail=f"staff:{ben}",
    )
    session.get_one(Staff, ben).username = "benedict"
    session.flush()

    newest = timeline(session, [found])[0]

    assert (newest.who, newest.whom) == ("amira", "benedict")


def test_a_very_long_life_is_cut_at_its_beginning(
    session: Session, amira: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_timeline, "MOST", 2)
    found = lead(session)
    leads.add_note(session, found, "one", staff_id=amira)
    inbox.look_at_lead(session, found, staff_id=amira)

    assert actions(session, found) == ["lead.viewed", "lead.noted"]
