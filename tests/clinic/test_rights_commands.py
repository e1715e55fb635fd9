"""The command line for the log of deeds, for people's rights, and for what is old."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from clinic import audit, clock, retention
from clinic.commands.command_line import main
from clinic.database import engine, transaction
from clinic.tables import AuditEntry, CrisisEvent, Lead
from tests.clinic.whole_person import MARKER, whole_person

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def lead(database_url: str) -> Lead:
    with transaction() as session:
        return whole_person(session)


@pytest.fixture
def log(database_url: str) -> None:
    with transaction() as session:
        for number in range(3):
            audit.record(
                session, actor=f"staff:{number}", action="lead.viewed", subject=f"lead:{number}"
            )


def tamper(statement: str) -> None:
    with engine().begin() as connection:
        for trigger in ("every_entry", "every_word", "every_seal"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_keeps_{trigger}"))
        connection.execute(text(statement))


@pytest.mark.usefixtures("log")
def test_a_log_that_is_whole_is_called_so_and_the_look_is_written_down(capsys: Captured) -> None:
    assert main(["audit", "verify"]) == 0

    said = capsys.readouterr().out
    assert "whole: 3 entries" in said
    with transaction() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.action, entry.detail) == ("audit.verified", "whole 3/3")


@pytest.mark.usefixtures("log")
def test_a_log_that_is_not_whole_ends_with_1_and_says_where(capsys: Captured) -> None:
    tamper("UPDATE audit SET actor = 'staff:9' WHERE place = 2")

    assert main(["audit", "verify"]) == 1

    said = capsys.readouterr().out
    assert "NOT whole" in said
    assert "place 2: does not fit its seal" in said


@pytest.mark.usefixtures("log")
def test_a_head_that_was_kept_shows_an_end_that_was_cut_off(capsys: Captured) -> None:
    main(["audit", "head"])
    head = capsys.readouterr().out.strip()
    tamper("DELETE FROM audit WHERE place = 3")

    assert main(["audit", "verify", "--head", head]) == 1
    assert "place 3: the end that you know of is gone" in capsys.readouterr().out


@pytest.mark.usefixtures("database_url")
def test_a_head_that_is_none_is_told(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["audit", "verify", "--head", "42"])

    assert "as `audit head` prints it" in capsys.readouterr().err


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("options", "subjects"),
    [
        ([], ["lead:0", "lead:1", "lead:2", "audit"]),
        (["--actor", "staff:1"], ["lead:1"]),
        (["--action", "audit.*"], ["audit"]),
        (["--subject", "lead:2"], ["lead:2"]),
        (["--since", "2100-01-01"], []),
        (["--until", "2000-01-01"], []),
        (["--since", "2000-01-01", "--actor", "staff:*"], ["lead:0", "lead:1", "lead:2"]),
    ],
)
def test_the_log_can_be_taken_out(
    capsys: Captured, options: list[str], subjects: list[str]
) -> None:
    assert main(["audit", "export", *options]) == 0

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["subject"] for row in rows] == subjects


@pytest.mark.usefixtures("log")
def test_the_log_as_a_spreadsheet_runs_no_formula(capsys: Captured) -> None:
    with transaction() as session:
        audit.acts_from(session, "=HYPERLINK(0)")
        audit.record(session, actor="staff:7", action="lead.viewed", subject="lead:7")

    main(["audit", "export", "--format", "csv", "--actor", "staff:7"])

    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["address"] == "'=HYPERLINK(0)"


@pytest.mark.usefixtures("log")
def test_nothing_to_adopt_is_said(capsys: Captured) -> None:
    assert main(["audit", "adopt"]) == 0
    assert "has its seal already" in capsys.readouterr().out


def test_a_person_is_erased_only_if_that_is_meant(lead: Lead, capsys: Captured) -> None:
    assert main(["leads", "erase", lead.id]) == 1
    assert "Nothing was erased" in capsys.readouterr().err

    assert main(["leads", "erase", lead.id, "--yes"]) == 0
    assert "2 leads of this person" in capsys.readouterr().out

    assert main(["leads", "erase", lead.id, "--yes"]) == 1
    assert "erased already" in capsys.readouterr().err
    assert main(["leads", "erase", "0" * 32, "--yes"]) == 1
    with transaction() as session:
        erased = session.scalars(select(AuditEntry).where(AuditEntry.action == "lead.erased"))
        assert {(entry.actor, entry.detail) for entry in erased} == {("system", None)}


def test_everything_on_one_person_is_json_and_is_written_down(lead: Lead, capsys: Captured) -> None:
    assert main(["leads", "everything", lead.id]) == 0

    held = json.loads(capsys.readouterr().out)
    assert held["requests"][0]["name"] == f"{MARKER} Example"
    with transaction() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.detail == "everything")).one()
        assert (entry.actor, entry.action) == ("system", "lead.exported")


def test_the_preview_changes_nothing_and_the_run_erases(
    lead: Lead, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "kept_for", lambda: timedelta(days=30))
    monkeypatch.setattr(retention, "now", lambda: clock.now() + timedelta(days=31))
    with transaction() as session:
        session.get_one(Lead, lead.id).status = "closed"
        session.execute(update(CrisisEvent).values(seen_at=clock.now()))

    assert main(["retention", "preview"]) == 0
    assert "1 requests" in capsys.readouterr().out
    with transaction() as session:
        assert session.get_one(Lead, lead.id).erased_at is None
    assert main(["retention", "run"]) == 0
    assert "1 requests" in capsys.readouterr().out
    with transaction() as session:
        assert session.get_one(Lead, lead.id).erased_at is not None


@pytest.mark.parametrize("deed", ["preview", "run"])
def test_without_a_promise_nothing_expires_and_that_is_said(
    database_url: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    monkeypatch.setattr(retention, "kept_for", lambda: None)

    assert main(["retention", deed]) == 0
    assert "Nothing expires" in capsys.readouterr().out
