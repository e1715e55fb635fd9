"""Crisis events hold a category and a time, once for each message, until staff have looked."""

from __future__ import annotations

from dataclasses import replace

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import inbox
from clinic.crisis_events import CATEGORIES, HARD, SOFT, mark_seen, record_crisis
from clinic.leads import LeadRequest, save_lead
from clinic.settings import HOME
from clinic.tables import CrisisEvent, Notice, Staff

LEAD = LeadRequest(conversation_id="c", name="Ann", urgency=1)


def heard(
    session: Session,
    key: str = "k",
    *,
    conversation: str = "c",
    category: str = "suicide",
    outcome: str = HARD,
) -> CrisisEvent:
    return record_crisis(
        session,
        conversation_id=conversation,
        message_key=key,
        category=category,
        outcome=outcome,
    )


def unseen(session: Session) -> list[CrisisEvent]:
    """The alarms that wait for a look, newest first."""
    return list(
        session.scalars(select(CrisisEvent).where(inbox.IS_UNSEEN).order_by(CrisisEvent.id.desc()))
    )


def notices(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Notice)) or 0


def test_the_categories_are_those_that_have_an_answer() -> None:
    answered = yaml.safe_load((HOME / "crisis" / "categories.yml").read_text("utf-8"))

    # A screening's emergency is told by the screening itself.
    assert {*answered, "emergency"} == set(CATEGORIES)


def test_the_same_message_twice_is_one_event_and_one_notice(session: Session) -> None:
    for _ in range(2):
        heard(session)

    assert [event.category for event in unseen(session)] == ["suicide"]
    assert notices(session) == 1


def test_a_second_message_of_crisis_is_a_second_event(session: Session) -> None:
    for key in ("k1", "k2"):
        heard(session, key)

    assert len(unseen(session)) == 2


def test_a_lead_of_the_same_visitor_becomes_urgent_whichever_came_first(session: Session) -> None:
    waiting = save_lead(session, LEAD)
    heard(session)
    heard(session, conversation="d")
    later = save_lead(session, replace(LEAD, conversation_id="d"))

    assert (waiting.urgency, later.urgency) == (3, 3)


def test_a_hint_is_kept_and_calls_nobody(session: Session) -> None:
    waiting = save_lead(session, LEAD)
    before = notices(session)
    heard(session, outcome=SOFT)
    heard(session, conversation="d", outcome=SOFT)
    later = save_lead(session, replace(LEAD, conversation_id="d"))

    assert [event.outcome for event in inbox.crisis_of(session, "c")] == [SOFT]
    assert unseen(session) == []
    assert (waiting.urgency, later.urgency) == (1, 1)
    assert notices(session) == before + 1  # the later lead's own


def test_a_crisis_after_a_hint_is_an_event_of_its_own(session: Session) -> None:
    heard(session, "k1", outcome=SOFT)
    crisis = heard(session, "k2")

    assert len(inbox.crisis_of(session, "c")) == 2
    assert unseen(session) == [crisis]
    assert notices(session) == 1


def test_a_message_taken_for_a_hint_and_then_for_a_crisis_is_a_crisis(session: Session) -> None:
    session.add(Staff(username="first", password_hash="-"))
    session.flush()
    event = heard(session, category="self_harm", outcome=SOFT)
    mark_seen(session, event, staff_id=1)

    heard(session, category="suicide")

    (alarm,) = unseen(session)
    assert (alarm.id, alarm.category) == (event.id, "suicide")
    assert notices(session) == 1


def test_a_message_taken_for_a_crisis_stays_one(session: Session) -> None:
    heard(session)
    heard(session, category="self_harm", outcome=SOFT)

    (event,) = inbox.crisis_of(session, "c")
    assert (event.category, event.outcome) == ("suicide", HARD)
    assert notices(session) == 1


def test_an_event_is_unseen_until_the_first_of_staff_looks(session: Session) -> None:
    session.add_all([Staff(username=name, password_hash="-") for name in ("first", "second")])
    session.flush()
    event = heard(session, category="overdose")

    mark_seen(session, event, staff_id=1)
    mark_seen(session, event, staff_id=2)

    assert unseen(session) == []
    assert event.seen_by == 1
