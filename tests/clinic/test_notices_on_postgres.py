"""Several web processes on one PostgreSQL database say every notice once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from clinic import notices
from clinic.clock import now
from clinic.database import transaction
from clinic.notice_deliveries import claim
from clinic.notice_planning import plan_due, queue_late
from clinic.tables import Lead, LeadTerm, Notice, NoticeChannel, NoticeDelivery
from tests.clinic.notice_builders import a_channel, a_lead, deliveries, notices_of
from tests.receivers import webhook_server

OPERATORS = {"t": "jsons://hooks.example.org"}


@pytest.fixture(autouse=True)
def empty(postgres: Engine) -> None:
    with transaction(postgres) as session:
        for table in (NoticeDelivery, NoticeChannel, Notice, LeadTerm, Lead):
            session.query(table).delete()


def at_once(postgres: Engine, deed: Callable[[Session], object], times: int = 4) -> None:
    """Several processes do the same, all beginning at the same moment."""
    together = threading.Barrier(times)

    def one() -> None:
        with transaction(postgres) as session:
            session.connection()
            together.wait(timeout=10)
            deed(session)

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


def test_what_four_plan_at_once_is_planned_once(postgres: Engine) -> None:
    with transaction(postgres) as session:
        for place in range(20):
            a_lead(session, f"c{place}")

    at_once(postgres, lambda session: plan_due(session, targets=OPERATORS))

    with transaction(postgres) as session:
        assert len(deliveries(session)) == 20
        assert {notice.rounds for notice in notices_of(session)} == {1}


def test_what_four_claim_at_once_one_of_them_gets(postgres: Engine) -> None:
    with transaction(postgres) as session:
        for place in range(12):
            a_lead(session, f"c{place}")
        plan_due(session, targets=OPERATORS)
    got: list[int] = []

    def take(session: Session) -> None:
        for letters in claim(session, OPERATORS).values():
            got.extend(letter.delivery_id for letter in letters)

    at_once(postgres, take)
    at_once(postgres, take)

    assert len(got) == 12
    assert len(set(got)) == 12


def test_a_lead_that_four_find_overdue_at_once_is_told_once(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead = a_lead(session)
        lead.due_at = now() - timedelta(minutes=1)

    at_once(postgres, queue_late)

    with transaction(postgres) as session:
        assert len(notices_of(session, "late")) == 1


def test_who_looks_while_a_notice_is_planned_gets_no_late_delivery(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead = a_lead(session, urgency=4)

    def look() -> None:
        with transaction(postgres) as session:
            notices.settle(session, f"lead:{lead.id}")

    with transaction(postgres) as planning:
        plan_due(planning, targets=OPERATORS)
        looker = threading.Thread(target=look)
        looker.start()
        looker.join(timeout=0.3)  # it waits for the notice that we hold
    looker.join(timeout=10)

    with transaction(postgres) as session:
        assert deliveries(session) == []
        assert notices_of(session, "new_lead")[0].settled_at is not None


def test_two_outboxes_at_once_send_every_notice_once(
    postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from clinic.settings import settings
    from web import outbox

    monkeypatch.setenv("CLINIC_NOTICE_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    monkeypatch.setattr(outbox, "transaction", lambda: transaction(postgres))
    with webhook_server() as hook:
        with transaction(postgres) as session:
            a_channel(session, hook.address)
            for place in range(15):
                a_lead(session, f"c{place}")
        boxes = [outbox.Outbox(), outbox.Outbox()]

        def rounds(box: outbox.Outbox) -> None:
            for _ in range(4):
                box.send_due()
                box.wait()

        threads = [threading.Thread(target=rounds, args=(box,)) for box in boxes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        taken = sorted(message["message"] for message in hook.taken)
    settings.cache_clear()

    assert len(taken) == 15
    assert len(set(taken)) == 15
