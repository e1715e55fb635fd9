"""A notice is queued with the deed, said once for each thing, and over when somebody looks."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic import notices
from clinic.clock import now
from clinic.notice_planning import plan_due
from tests.clinic.notice_builders import a_channel, a_lead, deliveries, notices_of


def test_a_notice_has_the_urgency_of_its_lead_or_that_of_its_kind(session: Session) -> None:
    notices.queue(session, kind="new_lead", subject="lead:1", urgency=3)
    notices.queue(session, kind="new_lead", subject="lead:2")
    notices.queue(session, kind="crisis", subject="crisis:1")

    assert [notice.urgency for notice in notices_of(session)] == [3, 2, 4]


def test_an_unknown_kind_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        notices.queue(session, kind="gossip", subject="lead:1")


def test_what_still_waits_for_somebody_is_said_anew_and_not_twice(session: Session) -> None:
    lead = a_lead(session, urgency=3)
    a_channel(session)
    plan_due(session, targets=())

    notices.queue(session, kind="new_lead", subject=f"lead:{lead.id}", urgency=4)

    (notice,) = notices_of(session)
    assert (notice.urgency, notice.rounds) == (4, 0)
    assert notice.due_at <= now()


def test_after_somebody_has_looked_what_is_new_is_a_notice_of_its_own(session: Session) -> None:
    notices.queue(session, kind="new_lead", subject="lead:1")
    notices.settle(session, "lead:1")

    notices.queue(session, kind="new_lead", subject="lead:1")

    assert [n.settled_at is None for n in notices_of(session)] == [False, True]


def test_once_somebody_has_looked_nothing_about_it_is_sent_late(session: Session) -> None:
    lead, other = a_lead(session), a_lead(session, "c2")
    a_channel(session)
    plan_due(session, targets=())

    notices.settle(session, f"lead:{lead.id}")

    about = {notice.id: notice.subject for notice in notices_of(session)}
    assert [about[d.notice_id] for d in deliveries(session)] == [f"lead:{other.id}"]


def test_what_was_sent_stays_known_when_somebody_looks(session: Session) -> None:
    lead = a_lead(session)
    a_channel(session)
    plan_due(session, targets=())
    (sent,) = deliveries(session)
    sent.sent_at = now()

    notices.settle(session, f"lead:{lead.id}")

    assert len(deliveries(session)) == 1


def test_a_record_that_is_erased_takes_its_notices_with_it(session: Session) -> None:
    lead, other = a_lead(session), a_lead(session, "c2")
    a_channel(session)
    plan_due(session, targets=("t",))

    notices.forget(session, f"lead:{lead.id}")

    assert [notice.subject for notice in notices_of(session)] == [f"lead:{other.id}"]
    assert len(deliveries(session)) == 2
