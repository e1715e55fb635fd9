"""A model is trained anew exactly when something it is made of has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup import rasa_model


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(rasa_model, "HOME", tmp_path)
    for name in (*rasa_model.LEARNT_FROM, *rasa_model.LEARNT_WITH):
        path = tmp_path / name
        if "." in path.name:
            path.parent.mkdir(exist_ok=True)
            path.write_text(name)
        else:
            path.mkdir()
    return tmp_path


@pytest.mark.parametrize("name", ["clinic.yml", "data/faq.yml", "crisis/p.yml", "config.yml"])
def test_a_change_of_what_it_learns_from_needs_a_new_model(project: Path, name: str) -> None:
    before = rasa_model.fingerprint()

    (project / name).write_text("changed")

    assert rasa_model.fingerprint() != before


def test_a_change_of_anything_else_does_not(project: Path) -> None:
    before = rasa_model.fingerprint()

    (project / "README.md").write_text("changed")

    assert rasa_model.fingerprint() == before


@pytest.mark.parametrize("name", ["phrases/suicide.yml", "sentences/grief.yml", "first_line.yml"])
def test_what_is_read_at_the_start_needs_no_new_model(project: Path, name: str) -> None:
    before = rasa_model.fingerprint()

    path = project / "crisis" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("new")

    assert rasa_model.fingerprint() == before


@pytest.mark.parametrize("name", ["crisis/answers/es.yml", "crisis/hotlines.yml"])
def test_what_is_said_is_part_of_the_model(project: Path, name: str) -> None:
    before = rasa_model.fingerprint()

    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("new")

    assert rasa_model.fingerprint() != before


@pytest.mark.parametrize("name", rasa_model.LEARNT_WITH)
def test_so_is_what_it_is_made_with(project: Path, name: str) -> None:
    before = rasa_model.fingerprint()

    (project / name).write_text("changed")

    assert rasa_model.fingerprint() != before
