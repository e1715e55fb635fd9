"""A start that cannot work says so in one clear line."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from setup import __main__ as start
from setup import dotenv, home, processes
from setup.home import CannotGoOn


def test_a_port_in_use_is_named_with_who_needs_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        web = processes.Process("web", [], f"http://127.0.0.1:{port}/healthz")

        with pytest.raises(CannotGoOn, match=f"Port {port}, which web needs, is in use"):
            processes.refuse_taken_ports([web])


@pytest.mark.parametrize("value", ["eighty", "0", "70000", "-1", ""])
def test_a_port_that_is_none_is_named(value: str) -> None:
    with pytest.raises(CannotGoOn, match="CLINIC_WEB_PORT is wrong"):
        home.port_number({"CLINIC_WEB_PORT": value}, "CLINIC_WEB_PORT", 8000)


def test_an_address_of_rasa_that_is_none_is_named() -> None:
    settings = {"CLINIC_RASA_URL": "http://127.0.0.1:many", "CLINIC_ACTIONS_URL": "http://a"}

    with pytest.raises(CannotGoOn, match="CLINIC_RASA_URL is wrong"):
        processes.ours(Path("model.tar.gz"), settings)


def test_a_missing_python_is_one_line_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(start, "PYTHON", (2, 0))
    monkeypatch.setattr("shutil.which", lambda name: None)

    with pytest.raises(SystemExit) as stopped:
        start.main()

    message = str(stopped.value)
    assert message.startswith("Python 3.11 is needed")
    assert "\n" not in message


def test_secrets_are_written_once_for_their_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    monkeypatch.setattr(dotenv, "DOTENV", path)
    for name in dotenv.SECRETS:
        monkeypatch.delenv(name, raising=False)

    dotenv.write_dotenv()
    first = path.read_text("utf-8")
    dotenv.write_dotenv()

    assert path.read_text("utf-8") == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(home.written_settings(path)) == set(dotenv.SECRETS)


def test_a_file_that_is_there_gets_only_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    path.write_text("CLINIC_ENCRYPTION_KEYS=mine")
    monkeypatch.setattr(dotenv, "DOTENV", path)
    for name in dotenv.SECRETS:
        monkeypatch.delenv(name, raising=False)

    dotenv.write_dotenv()

    settings = home.written_settings(path)
    assert settings["CLINIC_ENCRYPTION_KEYS"] == "mine"
    assert set(settings) == set(dotenv.SECRETS)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "written_settings", lambda: {"CLINIC_WEB_PORT": "1", "A": "b"})
    monkeypatch.setenv("CLINIC_WEB_PORT", "2")

    merged = home.environment()

    assert (merged["CLINIC_WEB_PORT"], merged["A"]) == ("2", "b")
    assert merged["RASA_TELEMETRY_ENABLED"] == "false"


def test_a_process_that_dies_is_mourned_with_its_last_words(tmp_path: Path) -> None:
    command = ["python3", "-c", "import sys; sys.exit('the reason')"]
    process = processes.Process("actions", command, "http://127.0.0.1:1/health", logs=tmp_path)
    process.start(dict(os.environ))

    with pytest.raises(CannotGoOn, match=r"the reason\nactions has stopped"):
        process.wait_until_well()
