"""Notices leave through a real mail server, say nothing about health, and wait while it is gone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import notices
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import save_lead
from clinic.settings import settings
from clinic.tables import Notice
from tests.clinic.test_leads import lead_request
from web import outbox


class Mailbox:
    """Takes every mail; what a test wants to happen meanwhile happens while it does."""

    def __init__(self) -> None:
        self.mails: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    async def handle_DATA(  # noqa: N802  # the name aiosmtpd looks for
        self, server: SMTP, session: SmtpSession, envelope: Envelope
    ) -> str:
        await asyncio.to_thread(self.meanwhile)
        mail = message_from_bytes(envelope.content or b"", policy=default)
        body = mail.get_body(("plain", "html"))
        assert body is not None
        self.mails.append(f"{mail['subject']}\n{body.get_content()}")
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()


@pytest.fixture(autouse=True)
def addresses(database_url: str, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    url = (
        f"mailto://127.0.0.1:{port}?from=desk@clinic.example&to=staff@clinic.example&mode=insecure"
    )
    monkeypatch.setenv("CLINIC_NOTICE_URLS", f" {url} ,")
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://desk.clinic.example")
    settings.cache_clear()
    # In earnest there are seconds between two mails; no test needs them.
    monkeypatch.setattr("apprise.plugins.email.base.NotifyEmail.request_rate_per_sec", 0)


def queue(*kinds: str) -> None:
    with transaction() as session:
        for kind in kinds:
            notices.queue(session, kind=kind, subject=f"{kind}:1")


def waiting(session: Session) -> list[Notice]:
    session.rollback()
    return list(session.scalars(select(Notice).where(Notice.sent_at.is_(None))))


def test_staff_get_a_mail_that_says_where_to_look_and_nothing_more(
    session: Session, mailbox: Mailbox
) -> None:
    with transaction() as other:
        save_lead(other, lead_request())
        record_crisis(other, conversation_id="c1", message_key="k", category="suicide")

    assert outbox.deliver() == 2

    words = "\n".join(mailbox.mails)
    assert "https://desk.clinic.example/staff" in words
    for secret in ("Ann", "2025550143", "suicid", "crisis", "ketamine", "lead:", "c1"):
        assert secret.lower() not in words.lower(), secret
    assert waiting(session) == []


def test_what_was_sent_is_not_sent_again(mailbox: Mailbox) -> None:
    queue("new_lead")

    assert [outbox.deliver(), outbox.deliver()] == [1, 0]
    assert len(mailbox.mails) == 1


def test_while_a_mail_is_on_its_way_answers_can_be_saved(
    session: Session, mailbox: Mailbox
) -> None:
    queue("new_lead", "crisis")
    mailbox.meanwhile = lambda: queue("new_lead")

    assert outbox.deliver() == 2

    assert len(waiting(session)) == 2


def test_while_the_mail_server_is_gone_notices_wait_for_it(session: Session) -> None:
    queue("new_lead", "crisis")

    assert outbox.deliver() == 0

    assert [notice.attempts for notice in waiting(session)] == [1, 1]


def test_without_an_address_notices_wait_untried(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", "")
    settings.cache_clear()
    queue("new_lead")

    assert outbox.deliver() == 0

    assert [notice.attempts for notice in waiting(session)] == [0]


def test_one_bad_round_is_not_the_last_and_its_log_names_no_address(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[int] = []

    def deliver() -> int:
        rounds.append(len(rounds))
        raise OSError("mailto://staff:password@clinic.example")

    monkeypatch.setattr(outbox, "deliver", deliver)
    monkeypatch.setattr(outbox, "SECONDS_BETWEEN_ROUNDS", 0.0)

    async def for_a_while() -> None:
        task = asyncio.create_task(outbox.deliver_for_ever())
        while len(rounds) < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(for_a_while())

    assert "error=OSError" in caplog.text
    assert "password" not in caplog.text
