"""A notice reaches real servers, and what went wrong is told in one word that holds no address."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO

import pytest

from clinic import notice_post
from clinic.notice_post import in_words, post
from clinic.notice_words import Words, words_of_a_test
from clinic.settings import settings
from tests.receivers import Mailbox, Webhook, free_port, mail_server, webhook_server

WORDS = Words("New request", "A visitor asks to be contacted.\nhttps://desk.example/staff/open/1")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with webhook_server() as hook:
        yield hook


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(notice_post, "SECONDS_TO_ANSWER", 0.3)
    yield
    settings.cache_clear()


def test_a_mail_holds_the_words_and_nothing_of_the_sender(mailbox: Mailbox) -> None:
    assert post(mailbox.address, WORDS, trusted=True) is None

    (mail,) = mailbox.mails
    assert mail.startswith("New request\n")
    assert "https://desk.example/staff/open/1" in mail
    assert "github" not in mail.lower()
    assert "apprise" not in mail.lower()


def test_a_webhook_gets_title_and_body_as_json(webhook: Webhook) -> None:
    assert post(webhook.address, WORDS, trusted=True) is None

    (taken,) = webhook.taken
    assert (taken["title"], taken["message"]) == (WORDS.title, WORDS.body)
    assert taken["attachments"] == []


def test_an_address_without_a_server_goes_through_the_clinics(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", mailbox.address)
    settings.cache_clear()

    assert post("clinic-mail:ben@clinic.example", words_of_a_test("-")) is None

    assert mailbox.recipients == [["ben@clinic.example"]]


def test_a_channel_of_a_colleague_reaches_nothing_on_this_machine(webhook: Webhook) -> None:
    assert post(webhook.address, WORDS) == "PrivateAddress"

    assert not webhook.asked.is_set()


def test_the_operator_can_let_channels_lead_into_the_network(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_PRIVATE_ADDRESSES", "true")
    settings.cache_clear()

    assert post(webhook.address, WORDS) is None


def test_a_mail_server_inside_is_not_reached_either(mailbox: Mailbox) -> None:
    assert post(mailbox.address, WORDS) == "PrivateAddress"

    assert mailbox.mails == []


def test_a_server_that_sends_us_on_is_not_followed(webhook: Webhook) -> None:
    webhook.answers, webhook.location = [302], f"http://127.0.0.1:{webhook.port}/elsewhere"

    assert post(webhook.address, WORDS, trusted=True) == "status 302"

    assert webhook.taken == []


def test_an_error_of_the_server_is_told_by_its_number(webhook: Webhook) -> None:
    webhook.answers = [503]

    assert post(webhook.address, WORDS, trusted=True) == "status 503"


def test_a_server_that_does_not_answer_is_given_up_in_time(webhook: Webhook) -> None:
    webhook.open.clear()

    assert post(webhook.address, WORDS, trusted=True) == "ReadTimeout"


def test_a_server_that_is_gone_is_told() -> None:
    assert post(f"json://127.0.0.1:{free_port()}", WORDS, trusted=True) == "ConnectionError"


def test_no_log_names_an_address() -> None:
    # Not caplog: it also reads what is kept from every log.
    logged = StringIO()
    everything = logging.StreamHandler(logged)
    logging.getLogger().addHandler(everything)

    post(f"json://user:s3cret@127.0.0.1:{free_port()}", WORDS, trusted=True)
    post("mailto://127.0.0.1:1?from=a@b.example&to=c@d.example", WORDS, trusted=True)
    logging.getLogger().removeHandler(everything)

    assert logged.getvalue() == ""


def test_a_mail_server_that_is_gone_is_told() -> None:
    gone = f"mailto://127.0.0.1:{free_port()}?from=a@b.example&to=c@d.example&mode=insecure"

    assert post(gone, WORDS, trusted=True) == "ConnectionRefusedError"


@pytest.mark.parametrize("address", ["nonsense", "slack://x", "clinic-mail:ben@clinic.example"])
def test_an_address_that_cannot_be_used_is_told(address: str) -> None:
    assert post(address, WORDS) == "NotUnderstood"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("status 404", "the server answered with error 404"),
        ("ReadTimeout", "the server did not answer in time"),
        ("PrivateAddress", "the address is inside a private network"),
        ("SomethingNew", "it was not taken (SomethingNew)"),
    ],
)
def test_people_are_told_in_words(error: str, said: str) -> None:
    assert in_words(error) == said
