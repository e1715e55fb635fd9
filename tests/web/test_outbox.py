"""Notices leave through real servers, wait while one is gone, and hold nobody up meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import notice_post, notices
from clinic.clock import now
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import save_lead
from clinic.settings import settings
from clinic.tables import Lead, Notice, NoticeDelivery
from tests.clinic.notice_builders import a_channel, a_lead, somebody
from tests.clinic.test_leads import lead_request
from tests.receivers import Mailbox, Webhook, free_port, mail_server, webhook_server
from web import outbox
from web.outbox import Outbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with webhook_server() as hook:
        yield hook


@pytest.fixture(autouse=True)
def surroundings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://desk.clinic.example")
    monkeypatch.setenv("CLINIC_NOTICE_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()
    monkeypatch.setattr(notice_post, "SECONDS_TO_ANSWER", 0.5)
    # In earnest there are seconds between two mails; no test needs them.
    monkeypatch.setattr("apprise.plugins.email.base.NotifyEmail.request_rate_per_sec", 0)
    yield
    settings.cache_clear()


@pytest.fixture
def operators(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> Mailbox:
    """The operator's own mail server."""
    monkeypatch.setenv("CLINIC_NOTICE_URLS", f" {mailbox.address} ,")
    settings.cache_clear()
    return mailbox


def deliver(*boxes: Outbox) -> None:
    """One round, and wait until all of it is done."""
    for box in boxes or (Outbox(),):
        box.send_due()
        box.wait()


def unsent() -> list[tuple[int, str | None]]:
    """Attempts and error of what has not arrived."""
    query = select(NoticeDelivery).where(NoticeDelivery.sent_at.is_(None))
    with transaction() as session:
        return [(d.attempts, d.error) for d in session.scalars(query.order_by(NoticeDelivery.id))]


def due_again() -> None:
    with transaction() as session:
        session.execute(
            update(NoticeDelivery).where(NoticeDelivery.sent_at.is_(None)).values(due_at=now())
        )


def test_staff_get_a_mail_that_says_where_to_look_and_nothing_more(
    session: Session, operators: Mailbox
) -> None:
    with transaction() as other:
        save_lead(other, lead_request())
        record_crisis(other, conversation_id="c1", message_key="k", category="suicide")

    deliver()

    assert len(operators.mails) == 2
    words = "\n".join(operators.mails)
    assert "https://desk.clinic.example/staff/open/" in words
    for secret in ("Ann", "2025550143", "suicid", "crisis", "ketamine", "lead:", "c1"):
        assert secret.lower() not in words.lower(), secret
    assert unsent() == []


def test_what_was_sent_is_not_sent_again(operators: Mailbox) -> None:
    with transaction() as session:
        a_lead(session)

    deliver()
    deliver()

    assert len(operators.mails) == 1


def test_while_a_mail_is_on_its_way_answers_can_be_saved(
    session: Session, operators: Mailbox
) -> None:
    def save_another() -> None:
        with transaction() as other:
            save_lead(other, lead_request(conversation_id="c2"))

    with transaction() as first:
        a_lead(first)
    operators.meanwhile = save_another

    deliver()

    assert len(session.scalars(select(Lead)).all()) == 2


def test_while_a_server_is_gone_notices_wait_for_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", f"json://127.0.0.1:{free_port()}")
    settings.cache_clear()
    with transaction() as other:
        a_lead(other)

    deliver()

    assert unsent() == [(1, "ConnectionError")]


def test_a_server_that_fails_twice_gets_the_notice_the_third_time_and_once(
    webhook: Webhook,
) -> None:
    with transaction() as session:
        a_lead(session)
        a_channel(session, webhook.address)
    webhook.answers = [500, 500]

    failures = []
    for _ in range(4):
        deliver()
        failures += unsent()
        due_again()

    assert failures == [(1, "status 500"), (2, "status 500")]
    assert len(webhook.taken) == 1


def test_a_slow_channel_and_a_dead_one_hold_up_no_other(
    session: Session, webhook: Webhook, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notice_post, "SECONDS_TO_ANSWER", 20)
    with transaction() as other:
        a_lead(other)
        a_channel(other, webhook.address)
        a_channel(other, f"json://127.0.0.1:{free_port()}")
        a_channel(other, mailbox.address, owner=somebody(other))
    webhook.open.clear()
    arrived = threading.Event()
    mailbox.meanwhile = arrived.set
    box = Outbox()

    box.send_due()

    assert arrived.wait(timeout=10)
    assert webhook.taken == []
    webhook.open.set()
    box.wait()
    assert len(webhook.taken) == 1
    assert [error for _, error in unsent()] == ["ConnectionError"]


def test_a_lane_in_which_somebody_still_sends_is_not_sent_to_twice(webhook: Webhook) -> None:
    with transaction() as session:
        a_lead(session)
        a_channel(session, webhook.address)
    webhook.open.clear()
    box = Outbox()
    box.send_due()
    assert webhook.asked.wait(timeout=10)
    with transaction() as session:
        a_lead(session, "c2")

    box.send_due()
    webhook.open.set()
    box.wait()
    in_the_first_round = len(webhook.taken)
    deliver(box)

    assert (in_the_first_round, len(webhook.taken)) == (1, 2)


def test_without_an_address_notices_wait_untried(session: Session) -> None:
    with transaction() as other:
        a_lead(other)

    deliver()

    assert unsent() == []
    (notice,) = session.scalars(select(Notice))
    assert (notice.rounds, notice.settled_at) == (0, None)


def test_what_somebody_opens_while_a_server_is_gone_is_not_sent_later(
    session: Session, webhook: Webhook
) -> None:
    with transaction() as other:
        lead = a_lead(other, urgency=4)
        a_channel(other, webhook.address)
    webhook.answers = [500]
    deliver()

    with transaction() as other:
        notices.settle(other, f"lead:{lead.id}")
    due_again()
    deliver()

    assert webhook.taken == []
    assert unsent() == []


def test_an_overdue_lead_is_told(webhook: Webhook) -> None:
    with transaction() as session:
        lead = a_lead(session)
        notices.settle(session, f"lead:{lead.id}")
        lead.due_at = now()
        a_channel(session, webhook.address)
    box = Outbox()

    box.look_round()
    deliver(box)

    assert [taken["title"] for taken in webhook.taken] == ["Overdue request"]


def test_one_bad_round_is_not_the_last_and_its_log_names_no_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[int] = []

    def send_due(self: Outbox) -> None:
        rounds.append(len(rounds))
        raise OSError("mailto://staff:password@clinic.example")

    monkeypatch.setattr(Outbox, "send_due", send_due)
    monkeypatch.setattr(Outbox, "look_round", send_due)
    monkeypatch.setattr(outbox, "SECONDS_BETWEEN_ROUNDS", 0.0)

    async def for_a_while() -> None:
        task = asyncio.create_task(outbox.deliver_for_ever())
        while len(rounds) < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(for_a_while())

    assert "error=OSError" in caplog.text
    assert "password" not in caplog.text
