"""What the doctor sees only where the database is PostgreSQL: its clock, and the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from clinic import clock
from clinic.commands import exposure_checks, machine_checks
from clinic.commands.checks import BROKEN, LOOK, OK
from tests.postgres_server import used_by_the_code


@pytest.fixture(scope="module", autouse=True)
def _database(postgres_url: str) -> Iterator[None]:
    with used_by_the_code(postgres_url):
        yield


@pytest.mark.parametrize(("seconds", "state"), [(0, OK), (10, LOOK), (120, BROKEN)])
def test_a_clock_behind_that_of_the_database_is_told(
    monkeypatch: pytest.MonkeyPatch, seconds: int, state: str
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise httpx.ConnectError("nobody")

    monkeypatch.setattr(httpx, "get", nobody)
    monkeypatch.setattr(machine_checks, "now", lambda: clock.now() - timedelta(seconds=seconds))

    found, words = machine_checks.clock_is_right()

    assert found == state
    assert ("the database" in words) == (state != OK)


def test_a_way_without_tls_is_worth_a_look_only_if_it_leaves_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert exposure_checks.words_travel_encrypted()[0] == OK

    monkeypatch.setattr(exposure_checks, "_is_on_this_machine", lambda host: False)

    state, words = exposure_checks.words_travel_encrypted()
    assert (state, "sslmode=verify-full" in words) == (LOOK, True)


def test_a_folder_of_a_socket_is_on_this_machine() -> None:
    assert exposure_checks._is_on_this_machine("/var/run/postgresql")
    assert exposure_checks._is_on_this_machine("127.0.0.1")
    assert not exposure_checks._is_on_this_machine("postgres")
