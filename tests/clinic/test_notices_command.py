"""`notices`: where words to staff go, whether they arrive, and never a secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clinic.commands.command_line import main
from clinic.database import transaction
from clinic.notice_deliveries import claim, has_failed
from clinic.notice_planning import plan_due
from clinic.settings import settings
from tests.clinic.notice_builders import a_channel, a_lead, somebody
from tests.receivers import Webhook, free_port, webhook_server

Captured = pytest.CaptureFixture[str]
SECRET = "s3cret"


@pytest.fixture(autouse=True)
def no_addresses(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", "")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with webhook_server() as hook:
        yield hook


def set_addresses(monkeypatch: pytest.MonkeyPatch, *urls: str) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", ",".join(urls))
    settings.cache_clear()


def test_every_channel_is_listed_with_its_owner_and_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    set_addresses(monkeypatch, f"jsons://desk:{SECRET}@hooks.example.org")
    with transaction() as session:
        a_channel(session, "mailtos://a:b@mail.example.org?to=all@clinic.example")
        a_channel(session, f"jsons://{SECRET}@ben.example.org", owner=somebody(session))

    assert main(["notices", "list"]) == 0

    said = capsys.readouterr().out
    operators, clinics, bens = said.splitlines()
    assert ("(settings)" in operators, "hooks.example.org" in operators) == (True, True)
    assert ("(clinic)" in clinics, "a•••@clinic.example" in clinics) == (True, True)
    assert ("ben" in bens, "ben.example.org" in bens) == (True, True)
    assert SECRET not in said


def test_a_channel_that_fails_says_why(capsys: Captured) -> None:
    with transaction() as session:
        a_lead(session)
        a_channel(session)
        plan_due(session, targets=())
        ((letter,),) = claim(session, {}).values()
        has_failed(session, letter.delivery_id, "status 503")

    main(["notices", "list"])

    assert "1 wait: the server answered with error 503" in capsys.readouterr().out


def test_without_a_channel_it_says_what_to_do(capsys: Captured) -> None:
    assert main(["notices", "list"]) == 0
    assert "CLINIC_NOTICE_URLS" in capsys.readouterr().out

    assert main(["notices", "test"]) == 1
    assert "CLINIC_NOTICE_URLS" in capsys.readouterr().err


def test_a_test_that_arrives_is_told(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    set_addresses(monkeypatch, webhook.address)

    assert main(["notices", "test"]) == 0

    assert capsys.readouterr().out == "127.0.0.1: sent\n"
    assert webhook.taken[0]["title"] == "Test notice"


def test_a_test_that_does_not_arrive_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    set_addresses(monkeypatch, f"json://127.0.0.1:{free_port()}")

    assert main(["notices", "test"]) == 1

    assert capsys.readouterr().out == "127.0.0.1: failed: the server cannot be reached\n"


def test_one_channel_can_be_tested_by_its_number(webhook: Webhook, capsys: Captured) -> None:
    with transaction() as session:
        channel = a_channel(session, webhook.address)

    assert main(["notices", "test", "--channel", str(channel.id)]) == 1
    assert "inside a private network" in capsys.readouterr().out
    assert main(["notices", "test", "--channel", "99"]) == 1
    assert "no channel with this id" not in capsys.readouterr().out


def test_what_failed_can_be_tried_again_at_once(capsys: Captured) -> None:
    with transaction() as session:
        a_lead(session)
        a_channel(session)
        plan_due(session, targets=())
        ((letter,),) = claim(session, {}).values()
        has_failed(session, letter.delivery_id, "ConnectTimeout")

    assert main(["notices", "retry"]) == 0

    assert capsys.readouterr().out.startswith("1 will be tried again")
    with transaction() as session:
        assert len(claim(session, {})) == 1
