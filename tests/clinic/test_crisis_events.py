"""Crisis events hold a category and a time, once for each message, until staff have looked."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.crisis_events import mark_seen, record_crisis, unseen
from clinic.leads import LeadRequest, save_lead
from clinic.tables import Notice, Staff


def test_the_same_message_twice_is_one_event_and_one_notice(session: Session) -> None:
    for _ in range(2):
        record_crisis(session, conversation_id="c", message_key="k", category="suicide")

    assert [event.category for event in unseen(session)] == ["suicide"]
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_a_second_message_of_crisis_is_a_second_event(session: Session) -> None:
    for key in ("k1", "k2"):
        record_crisis(session, conversation_id="c", message_key=key, category="suicide")

    assert len(unseen(session)) == 2


def test_a_lead_of_the_same_visitor_becomes_urgent_whichever_came_first(session: Session) -> None:
    request = LeadRequest(conversation_id="c", name="Ann", urgency=1)
    waiting = save_lead(session, request)
    record_crisis(session, conversation_id="c", message_key="k", category="suicide")
    record_crisis(session, conversation_id="d", message_key="k", category="suicide")
    later = save_lead(session, replace(request, conversation_id="d"))

    assert (waiting.urgency, later.urgency) == (3, 3)


def test_an_event_is_unseen_until_the_first_of_staff_looks(session: Session) -> None:
    session.add_all([Staff(username=name, password_hash="-") for name in ("first", "second")])
    session.flush()
    event = record_crisis(session, conversation_id="c", message_key="k", category="overdose")

    mark_seen(session, event, staff_id=1)
    mark_seen(session, event, staff_id=2)

    assert unseen(session) == []
    assert event.seen_by == 1
