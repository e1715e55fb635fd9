"""Who is told, how often, and when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from clinic import conversations, crisis_events, notice_planning, notices
from clinic.clock import now
from clinic.notice_planning import HOURLY_REPEATS, plan_due, queue_late, tidy
from clinic.settings import settings
from clinic.tables import Handoff
from tests.clinic.notice_builders import (
    Later,
    a_channel,
    a_lead,
    an_alarm,
    deliveries,
    notices_of,
    somebody,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Lets time pass for whoever plans."""
    return Later(monkeypatch, notice_planning, notices)


def sent(session: Session) -> None:
    """Everything that was planned has reached somebody."""
    for delivery in deliveries(session):
        delivery.sent_at = now()


def test_every_channel_that_wants_it_gets_a_delivery_of_its_own(session: Session) -> None:
    a_lead(session)
    mine, ours = a_channel(session, owner=somebody(session)), a_channel(session)

    assert plan_due(session, targets=("operator",)) == 3

    assert {(d.channel_id, d.target) for d in deliveries(session)} == {
        (mine.id, None),
        (ours.id, None),
        (None, "operator"),
    }


def test_a_channel_gets_its_kinds_from_its_urgency_on_and_nothing_else(session: Session) -> None:
    for place, urgency in enumerate((2, 3, 4)):
        a_lead(session, f"c{place}", urgency=urgency)
    an_alarm(session, "c9")
    a_channel(session, kinds=("new_lead",), least_urgency=3)

    plan_due(session, targets=())

    about = {notice.id: (notice.kind, notice.urgency) for notice in notices_of(session)}
    assert sorted(about[d.notice_id] for d in deliveries(session)) == [
        ("new_lead", 3),
        ("new_lead", 4),
    ]


def test_who_left_the_clinic_gets_nothing(session: Session) -> None:
    a_lead(session)
    ben = somebody(session)
    a_channel(session, owner=ben)
    ben.deactivated_at = now()

    assert plan_due(session, targets=("operator",)) == 1


def test_without_any_channel_notices_keep_waiting(session: Session) -> None:
    a_lead(session)

    assert plan_due(session, targets=()) == 0

    (notice,) = notices_of(session)
    assert (notice.rounds, notice.settled_at) == (0, None)


def test_after_a_day_without_a_channel_only_what_is_urgent_is_still_said(
    session: Session, wait: Later
) -> None:
    a_lead(session, "c1", urgency=2)
    a_lead(session, "c2", urgency=3)
    a_channel(session)

    wait(timedelta(days=2))
    plan_due(session, targets=())

    (planned,) = deliveries(session)
    assert [n.id for n in notices_of(session) if n.urgency == 3] == [planned.notice_id]


def test_what_is_not_urgent_is_said_once(session: Session, wait: Later) -> None:
    a_lead(session, urgency=2)
    a_channel(session)
    plan_due(session, targets=())
    sent(session)

    wait(timedelta(hours=5))

    assert plan_due(session, targets=()) == 0
    assert len(deliveries(session)) == 1


def test_what_is_urgent_is_said_again_until_somebody_opens_it(
    session: Session, wait: Later
) -> None:
    lead = a_lead(session, urgency=3)
    a_channel(session)
    times = []
    for _ in range(3):
        times.append(plan_due(session, targets=()))
        sent(session)
        wait(9 * MINUTE)
        times.append(plan_due(session, targets=()))
        wait(1 * MINUTE)

    notices.settle(session, f"lead:{lead.id}")
    times.append(plan_due(session, targets=()))

    assert times == [1, 0, 1, 0, 1, 0, 0]


def test_repeats_become_rarer_and_end(
    session: Session, wait: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_REPEATS", "3")
    monkeypatch.setenv("CLINIC_NOTICE_REPEAT_MINUTES", "5")
    settings.cache_clear()
    an_alarm(session)
    a_channel(session)
    (notice,) = notices_of(session)
    gaps = []

    while True:
        plan_due(session, targets=())
        sent(session)
        if notice.settled_at is not None:
            break
        gap = notice.due_at - wait.now()
        gaps.append(round(gap / MINUTE))
        wait(gap + timedelta(seconds=1))

    assert gaps == [5] * 3 + [60] * HOURLY_REPEATS
    assert len(deliveries(session)) == 1 + 3 + HOURLY_REPEATS


def test_a_channel_that_is_gone_gets_the_words_once_when_it_is_back(
    session: Session, wait: Later
) -> None:
    an_alarm(session)
    a_channel(session)

    for _ in range(4):
        plan_due(session, targets=())
        wait(10 * MINUTE)

    assert len(deliveries(session)) == 1


@pytest.mark.parametrize("status", ["booked", "closed"])
def test_a_lead_that_is_done_is_said_no_more(session: Session, wait: Later, status: str) -> None:
    lead = a_lead(session, urgency=4)
    a_channel(session)
    plan_due(session, targets=())
    sent(session)
    lead.status = status

    wait(10 * MINUTE)

    assert plan_due(session, targets=()) == 0
    assert notices_of(session)[0].settled_at is not None


@pytest.mark.parametrize(("gone", "value"), [("erased_at", now()), ("merged_into", "another")])
def test_a_lead_that_is_gone_is_not_said_at_all(session: Session, gone: str, value: object) -> None:
    lead = a_lead(session, urgency=4)
    a_channel(session)

    setattr(lead, gone, value)

    assert plan_due(session, targets=()) == 0


def test_an_alarm_that_was_erased_is_not_said_at_all(session: Session) -> None:
    event = an_alarm(session)
    a_channel(session)

    session.delete(event)

    assert plan_due(session, targets=()) == 0


def test_a_contacted_lead_that_says_more_is_still_told(session: Session) -> None:
    lead = a_lead(session)
    notices.settle(session, f"lead:{lead.id}")
    lead.status = "contacted"
    a_channel(session)

    notices.queue(session, kind="new_lead", subject=f"lead:{lead.id}")

    assert plan_due(session, targets=()) == 1


def test_an_alarm_that_somebody_has_seen_is_said_no_more(session: Session) -> None:
    event = an_alarm(session)
    a_channel(session)
    crisis_events.mark_seen(session, event, staff_id=somebody(session).id)

    assert plan_due(session, targets=()) == 0


def test_each_alarm_is_told_and_only_the_newest_of_a_conversation_again(
    session: Session, wait: Later
) -> None:
    for key in ("k1", "k2", "k3"):
        an_alarm(session, "c1", key)
    an_alarm(session, "c2", "k")
    a_channel(session)

    first = plan_due(session, targets=())
    sent(session)
    wait(10 * MINUTE)

    assert (first, plan_due(session, targets=())) == (4, 2)


@pytest.mark.parametrize("over", ["staff_id", "ended_at", None])
def test_a_visitor_in_the_chat_is_told_until_somebody_takes_them(
    session: Session, wait: Later, over: str | None
) -> None:
    conversations.open_conversation(session, "c1")
    handoff = Handoff(conversation_id="c1")
    session.add(handoff)
    session.flush()
    notices.queue(session, kind="handoff", subject=f"handoff:{handoff.id}")
    a_channel(session)
    plan_due(session, targets=())
    sent(session)
    if over:
        setattr(handoff, over, somebody(session).id if over == "staff_id" else now())

    wait(10 * MINUTE)

    assert plan_due(session, targets=()) == (0 if over else 1)


def test_an_overdue_lead_is_told_once(session: Session) -> None:
    lead = a_lead(session)
    lead.due_at = now() - MINUTE
    session.flush()

    assert [queue_late(session), queue_late(session)] == [1, 0]

    assert [notice.subject for notice in notices_of(session, "late")] == [f"lead:{lead.id}"]


def test_a_lead_that_came_in_again_and_is_overdue_again_is_told_again(
    session: Session, wait: Later
) -> None:
    lead = a_lead(session)
    lead.due_at = now() - MINUTE
    session.flush()
    queue_late(session)
    notices.settle(session, f"lead:{lead.id}")

    lead.due_at = now() + timedelta(hours=1)
    session.flush()
    wait(timedelta(hours=2))

    assert queue_late(session) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "contacted"),
        ("status", "closed"),
        ("due_at", now() + timedelta(hours=1)),
        ("due_at", now() - timedelta(days=30)),
        ("due_at", None),
        ("merged_into", "another"),
        ("erased_at", now()),
    ],
)
def test_a_lead_that_nobody_has_to_call_now_is_not_overdue(
    session: Session, name: str, value: object
) -> None:
    lead = a_lead(session)
    lead.due_at = now() - MINUTE
    setattr(lead, name, value)
    session.flush()

    assert queue_late(session) == 0


def test_an_overdue_notice_is_dropped_when_somebody_calls_first(session: Session) -> None:
    lead = a_lead(session)
    notices.settle(session, f"lead:{lead.id}")
    lead.due_at = now() - MINUTE
    session.flush()
    queue_late(session)
    a_channel(session)

    lead.status = "contacted"

    assert plan_due(session, targets=()) == 0


def test_what_nobody_takes_is_given_up_after_a_week_and_what_is_over_forgotten_after_a_month(
    session: Session, wait: Later
) -> None:
    a_lead(session)
    a_channel(session)
    plan_due(session, targets=())

    wait(timedelta(days=6))
    tidy(session)
    after_six_days = len(deliveries(session))
    wait(timedelta(days=2))
    tidy(session)
    after_eight_days = (len(deliveries(session)), len(notices_of(session)))
    wait(timedelta(days=24))
    tidy(session)

    assert (after_six_days, after_eight_days) == (1, (0, 1))
    assert notices_of(session) == []
