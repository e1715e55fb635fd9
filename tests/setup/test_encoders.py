"""The encoders are made anew exactly when what they are made from has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from setup import encoders, environments

Made = list[list[str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose encoders are not made yet."""
    monkeypatch.setattr(encoders, "MADE_BY", [tmp_path / "encoder_model.py"])
    monkeypatch.setattr(encoders, "ADAPTER", tmp_path / "adapter.npz")
    monkeypatch.setattr(encoders, "EMBEDDING", tmp_path / "models" / "embedding")
    monkeypatch.setattr(encoders, "CRISIS", tmp_path / "models" / "crisis")
    (tmp_path / "encoder_model.py").write_text("the code")
    (tmp_path / "adapter.npz").write_bytes(b"what was learnt")
    return tmp_path


@pytest.fixture
def made(project: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """The arguments with which the encoder script was called; it does what it promises."""
    calls: Made = []

    def run(command: list[str], **rest: object) -> None:
        _, module, script, *arguments = command
        assert (module, script) == ("-m", "setup.encoder_model")
        calls.append(arguments)
        asked = dict(zip(arguments[::2], arguments[1::2], strict=True))
        for name in ("--embedding", "--crisis"):
            if name in asked:
                folder = Path(asked[name])
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "made_from").write_text(asked.get("--made-from", ""))

    monkeypatch.setattr(encoders, "run", run)
    monkeypatch.setattr(environments, "build", lambda name, files: None)
    monkeypatch.setattr(environments, "remove", lambda name: None)
    return calls


def test_both_encoders_are_made_where_there_are_none(project: Path, made: Made) -> None:
    encoders.make()

    (arguments,) = made
    asked = dict(zip(arguments[::2], arguments[1::2], strict=True))
    assert asked["--embedding"] == str(project / "models" / "embedding")
    assert asked["--crisis"] == str(project / "models" / "crisis")
    assert asked["--adapter"] == str(project / "adapter.npz")


def test_encoders_that_fit_are_left_alone(project: Path, made: Made) -> None:
    encoders.make()

    encoders.make()

    assert len(made) == 1


@pytest.mark.parametrize("name", ["encoder_model.py", "adapter.npz"])
def test_a_change_of_what_they_are_made_from_makes_them_anew(
    project: Path, made: Made, name: str
) -> None:
    encoders.make()

    (project / name).write_text("changed")
    encoders.make()
    encoders.make()

    assert len(made) == 2


@pytest.mark.parametrize("name", ["embedding", "crisis"])
def test_if_one_is_missing_both_are_made(project: Path, made: Made, name: str) -> None:
    encoders.make()

    (project / "models" / name / "made_from").unlink()
    encoders.make()

    assert len(made) == 2


def test_a_change_of_anything_else_makes_nothing_anew(project: Path, made: Made) -> None:
    encoders.make()

    (project / "README.md").write_text("changed")
    encoders.make()

    assert len(made) == 1


def test_the_environment_they_are_made_in_is_thrown_away(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    monkeypatch.setattr(environments, "remove", removed.append)

    encoders.make()

    assert removed == ["embedding"]


def test_after_training_the_encoders_hold_what_was_learnt(
    project: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def learn(command: list[str], **rest: object) -> int:
        commands.append(command)
        (project / "adapter.npz").write_bytes(b"learnt anew")
        return 0

    monkeypatch.setattr(subprocess, "call", learn)
    code = encoders.train_crisis()

    assert code == 0
    (command,) = commands
    assert command[1:4] == ["-m", "nlu_components.crisis.train", "--encoder"]
    stamp = project / "models" / "crisis" / "made_from"
    assert stamp.read_text() == encoders.made_from()


def test_a_training_that_failed_changes_no_encoder(
    project: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoders.make()
    before = (project / "models" / "crisis" / "made_from").read_text()

    monkeypatch.setattr(subprocess, "call", lambda command, **rest: 1)
    code = encoders.train_crisis()

    assert code == 1
    assert (project / "models" / "crisis" / "made_from").read_text() == before
