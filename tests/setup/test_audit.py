"""A fault of a library is known and reasoned, or it fails; silence is never taken for safety."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from setup import audit
from setup.environments import REQUIREMENTS

TODAY = date(2026, 12, 1)
ENTRY = """
[[known]]
id = "CVE-1-1"
package = "pack"
why = "It is never called."
until = 2026-12-01
"""
SILENT = [{"name": "pack", "skip_reason": "not found"}]


def library(*names: str, package: str = "pack") -> list[dict[str, Any]]:
    first, *others = names
    fault = {"id": first, "aliases": others, "fix_versions": ["2.0"]}
    return [{"name": package, "version": "1.0", "vulns": [fault]}, {"name": "x", "version": "1"}]


def complaints(found: list[dict[str, Any]], today: date = TODAY) -> list[str]:
    return audit.complaints(audit.faults(found), audit.read_known(ENTRY), today)


def test_a_fault_that_nobody_has_thought_about_is_told() -> None:
    (line,) = complaints(library("CVE-2-2"))

    assert line.startswith("NEW")
    assert "pack 1.0: CVE-2-2 (mended in 2.0)" in line


@pytest.mark.parametrize("names", [["CVE-1-1"], ["PYSEC-9", "GHSA-x", "CVE-1-1"]])
def test_a_known_one_is_let_be_by_any_of_its_names(names: list[str]) -> None:
    assert complaints(library(*names)) == []


def test_the_same_number_in_another_library_is_another_matter() -> None:
    assert complaints(library("CVE-1-1", package="other")) != []


def test_after_its_day_a_known_one_is_looked_at_again() -> None:
    (line,) = complaints(library("CVE-1-1"), today=date(2026, 12, 2))

    assert line.startswith("OVERDUE")


def test_a_new_fault_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    play(monkeypatch, tmp_path, library("CVE-2-2"))

    assert audit.main() == 1


def test_known_faults_do_not_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    play(monkeypatch, tmp_path, [{"name": "x", "version": "1", "vulns": []}])

    assert audit.main() == 0


@pytest.mark.parametrize("found", [SILENT, None], ids=["it knows nothing", "it does not answer"])
def test_an_index_that_tells_nothing_is_no_failure_and_no_all_clear(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    found: list[dict[str, Any]] | None,
) -> None:
    asked = play(monkeypatch, tmp_path, found)

    assert audit.main() == 0
    assert "NOTHING WAS AUDITED" in capsys.readouterr().out
    assert len(asked) == 1


def test_every_known_fault_has_a_reason_a_day_and_a_library_that_is_pinned() -> None:
    known = audit.read_known(audit.KNOWN.read_text("utf-8"))
    pinned = {
        line.split("==")[0]
        for name in audit.AUDITED
        for line in (REQUIREMENTS / f"{name}.txt").read_text("utf-8").splitlines()
        if "==" in line
    }

    assert {entry.package for entry in known} <= pinned
    assert all(len(entry.why) > 20 and isinstance(entry.until, date) for entry in known)


def play(
    monkeypatch: pytest.MonkeyPatch, folder: Path, found: list[dict[str, Any]] | None
) -> list[Path]:
    """An index that says this about every library; what it was asked for."""
    known = folder / "audit.toml"
    known.write_text(ENTRY, "utf-8")
    asked: list[Path] = []

    def ask(requirements: Path) -> list[dict[str, Any]] | None:
        asked.append(requirements)
        return found

    monkeypatch.setattr(audit, "KNOWN", known)
    monkeypatch.setattr(audit, "_ask", ask)
    return asked
