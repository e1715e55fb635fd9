"""Codes and copies leave through a real mail server, wait while it is gone, and leave nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import select, text, update

from clinic import conversations, notice_post, visitor_deletion, visitor_mail, visitor_mail_queue
from clinic.clock import now
from clinic.commands.checks import visitors_can_have_mail
from clinic.database import transaction
from clinic.facts import facts
from clinic.settings import settings
from clinic.tables import AuditEntry, VisitorMail
from clinic.visitor_mail import Answer
from tests.receivers import Mailbox, free_port, mail_server
from web.visitor_mail_round import send_due

C = "a-conversation"
ANN = "ann@example.org"
WORD = "Quagmarble"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture(autouse=True)
def surroundings(
    database_url: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setattr(notice_post, "SECONDS_TO_ANSWER", 0.5)
    through(monkeypatch, mailbox.port)
    with transaction() as session:
        conversations.add_message(
            session, C, sender="visitor", key="k", content={"text": f"I am {WORD} – ünïcode"}
        )
    yield
    settings.cache_clear()


def through(monkeypatch: pytest.MonkeyPatch, port: int, also: str = "") -> None:
    address = f"mailto://127.0.0.1:{port}?from=desk@clinic.example&mode=insecure{also}"
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", address)
    settings.cache_clear()


def ask(address: str = ANN) -> None:
    with transaction() as session:
        visitor_mail.ask(session, C, address)


def confirm(code: str) -> Answer:
    with transaction() as session:
        return visitor_mail.confirm(session, C, code)


def code_in(mail: str) -> str:
    found = re.search(r"\b\d{6}\b", mail)
    assert found is not None
    return found[0]


def rows() -> list[VisitorMail]:
    with transaction() as session:
        return list(session.scalars(select(VisitorMail)))


def all_is_due() -> None:
    with transaction() as session:
        session.execute(update(VisitorMail).values(due_at=now() - timedelta(seconds=1)))


def deeds() -> list[str]:
    with transaction() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_code_and_then_the_copy_arrive_at_that_mailbox_alone(mailbox: Mailbox) -> None:
    ask()
    send_due()
    confirm(code_in(mailbox.mails[0]))
    send_due()

    assert mailbox.recipients == [[ANN], [ANN]]
    (copy,) = mailbox.files
    assert copy.startswith(f"Your conversation with {facts().name}")
    assert f"I am {WORD} – ünïcode" in copy


def test_then_the_address_is_gone_and_with_the_code_everything_else(mailbox: Mailbox) -> None:
    ask()
    send_due()
    confirm(code_in(mailbox.mails[0]))
    send_due()
    assert [row.address for row in rows()] == [""]

    with transaction() as session:
        session.execute(update(VisitorMail).values(asked_at=now() - timedelta(minutes=11)))
    send_due()

    assert rows() == []
    assert deeds() == ["conversation.copy_asked", "conversation.copy_mailed"]


def test_nothing_that_a_telephone_shows_speaks_of_health_or_names_the_clinic(
    mailbox: Mailbox,
) -> None:
    ask()
    send_due()
    confirm(code_in(mailbox.mails[0]))
    send_due()

    for mail in mailbox.mails:
        shown = mail.lower()
        for word in (facts().name, "ketamine", "clinic", "health", "conversation", WORD):
            assert word.lower() not in shown, word


def test_the_mail_with_the_code_holds_no_word_that_anybody_typed(mailbox: Mailbox) -> None:
    ask()
    send_due()

    (mail,) = mailbox.mails
    code = code_in(mail)
    fixed = visitor_mail_queue.CODE.body.format(code=code, minutes=10)
    assert " ".join(mail.split()) == " ".join(f"Your code {fixed}".split())
    assert mailbox.files == []


def test_while_we_wait_for_the_visitor_nothing_more_is_sent(mailbox: Mailbox) -> None:
    ask()

    assert [send_due(), send_due(), send_due()] == [1, 0, 0]


def test_recipients_in_the_setting_get_nothing(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = "&to=a@clinic.example&cc=b@clinic.example&bcc=c@clinic.example"
    through(monkeypatch, mailbox.port, others)

    ask()
    send_due()

    assert mailbox.recipients == [[ANN]]


def test_what_a_server_does_not_take_is_tried_again(mailbox: Mailbox) -> None:
    ask()
    mailbox.answer = "451 later"
    assert send_due() == 0
    assert send_due() == 0  # not at once
    mailbox.answer = "250 taken"
    all_is_due()

    assert send_due() == 1
    assert len(mailbox.mails) == 1


def test_a_copy_waits_while_the_server_is_gone(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    send_due()
    confirm(code_in(mailbox.mails[0]))
    through(monkeypatch, free_port())
    send_due()
    assert len(rows()) == 1
    assert visitors_can_have_mail()[0] == "look"

    through(monkeypatch, mailbox.port)
    all_is_due()
    send_due()

    assert WORD in mailbox.files[0]
    assert [row.address for row in rows()] == [""]
    assert visitors_can_have_mail()[0] == "ok"


def test_one_that_cannot_be_read_holds_up_no_other(mailbox: Mailbox) -> None:
    ask("first@example.org")
    with transaction() as session:
        session.execute(text("UPDATE visitor_mails SET address = 'x'"))
        conversations.add_message(session, "other", sender="visitor", key="k", content={"text": ""})
        visitor_mail.ask(session, "other", ANN)

    send_due()

    assert mailbox.recipients == [[ANN]]


def test_what_is_deleted_before_its_turn_is_not_sent(mailbox: Mailbox) -> None:
    ask()
    send_due()
    confirm(code_in(mailbox.mails[0]))
    with transaction() as session:
        visitor_deletion.delete(session, C)

    send_due()

    assert mailbox.files == []


def test_no_address_and_no_word_comes_into_the_log(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not caplog: it also reads what is kept from every log.
    logged = StringIO()
    everything = logging.StreamHandler(logged)
    logging.getLogger().addHandler(everything)
    ask()
    mailbox.answer = f"550 no mailbox {ANN}"
    send_due()
    through(monkeypatch, free_port())
    all_is_due()
    send_due()

    logging.getLogger().removeHandler(everything)
    assert "a visitor's mail not sent error=SMTPDataError" in logged.getvalue()
    for secret in (ANN, WORD, "desk@clinic.example"):
        assert secret not in logged.getvalue()
    assert ANN not in (rows()[0].error or "")


def test_without_a_mail_server_nothing_is_sent_and_old_codes_still_go(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", "")
    settings.cache_clear()
    send_due()
    assert len(rows()) == 1

    with transaction() as session:
        session.execute(update(VisitorMail).values(asked_at=now() - timedelta(minutes=11)))
    send_due()

    assert (mailbox.mails, rows()) == ([], [])


def test_the_doctor_says_when_the_setting_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_VISITOR_MAIL", "mailto://smtp.example.org?from=@&mode=odd")
    settings.cache_clear()

    state, words = visitors_can_have_mail()

    assert state == "broken"
    assert "smtp.example.org" not in words
