"""`crisis report` counts what was heard, by month, and tells nothing about anybody."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from clinic.commands import crisis
from clinic.commands.command_line import main
from clinic.crisis_events import CATEGORIES, record_crisis

Captured = pytest.CaptureFixture[str]
TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRETS = ("conversation-of", "key-of")


@pytest.fixture(autouse=True)
def in_new_york(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "America/New_York"
    here = SimpleNamespace(zone=ZoneInfo(name), time_zone=name)
    monkeypatch.setattr(crisis, "facts", lambda: here)
    monkeypatch.setattr(crisis, "now", lambda: TODAY)


def heard(
    session: Session, at: datetime, *, category: str = "suicide", outcome: str = "hard"
) -> None:
    event = record_crisis(
        session,
        conversation_id="conversation-of-somebody",
        message_key=f"key-of-{at.isoformat()}-{category}-{outcome}",
        category=category,
        outcome=outcome,
    )
    event.at = at
    session.commit()


def rows(capsys: Captured, *words: str) -> list[dict[str, object]]:
    assert main(["crisis", "report", "--format", "jsonl", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def counted(
    found: list[dict[str, object]], name: str = "all"
) -> dict[tuple[object, object], object]:
    """What was counted, without the months in which it is 0."""
    return {(row["month"], row["outcome"]): row[name] for row in found if row[name]}


def test_months_without_events_are_zero_and_those_to_come_are_left_out(
    session: Session, capsys: Captured
) -> None:
    found = rows(capsys)

    assert [row["month"] for row in found[::2]] == [f"2026-{month:02}" for month in range(1, 12)]
    assert {row["outcome"] for row in found} == {"hard", "soft"}
    assert {row[name] for row in found for name in ("all", *CATEGORIES)} == {0}


def test_events_are_counted_by_month_outcome_and_category(
    session: Session, capsys: Captured
) -> None:
    for day in (3, 4):
        heard(session, datetime(2026, 2, day, 12, tzinfo=UTC))
    heard(session, datetime(2026, 2, 4, 12, tzinfo=UTC), outcome="soft")
    heard(session, datetime(2026, 2, 4, 12, tzinfo=UTC), category="overdose")

    found = rows(capsys)

    assert counted(found) == {("2026-02", "hard"): 3, ("2026-02", "soft"): 1}
    assert counted(found, "suicide") == {("2026-02", "hard"): 2, ("2026-02", "soft"): 1}
    assert counted(found, "overdose") == {("2026-02", "hard"): 1}


def test_a_month_begins_at_midnight_where_the_clinic_is(session: Session, capsys: Captured) -> None:
    heard(session, datetime(2026, 1, 1, 4, 59, tzinfo=UTC))  # New Year's Eve in New York
    heard(session, datetime(2026, 1, 1, 5, 0, tzinfo=UTC))
    heard(session, datetime(2026, 4, 1, 3, 59, tzinfo=UTC))

    assert counted(rows(capsys)) == {("2026-01", "hard"): 1, ("2026-03", "hard"): 1}
    assert counted(rows(capsys, "--year", "2025")) == {("2025-12", "hard"): 1}


def test_a_category_of_an_older_version_is_counted_too(session: Session, capsys: Captured) -> None:
    heard(session, datetime(2026, 5, 5, tzinfo=UTC), category="again")

    assert counted(rows(capsys), "again") == {("2026-05", "hard"): 1}


def test_csv_has_the_same_numbers(session: Session, capsys: Captured) -> None:
    heard(session, datetime(2026, 2, 3, tzinfo=UTC))
    same = rows(capsys)

    assert main(["crisis", "report", "--format", "csv"]) == 0

    read = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert list(read) == [{name: str(value) for name, value in row.items()} for row in same]


def test_the_table_is_for_people(session: Session, capsys: Captured) -> None:
    for day in range(1, 12):
        heard(session, datetime(2026, 2, day, 12, tzinfo=UTC))
    heard(session, datetime(2026, 11, 4, 12, tzinfo=UTC), category="domestic_violence")

    assert main(["crisis", "report", "--year", "2026"]) == 0

    shown = capsys.readouterr().out
    hard, soft = shown.split("Soft:")
    lines = [line.split() for line in hard.splitlines()]
    assert ["Suicide", "0", "11", *["0"] * 9, "11"] in lines
    assert ["Domestic", "violence", *["0"] * 10, "1", "1"] in lines
    assert ["All", "0", "11", *["0"] * 8, "1", "12"] in lines
    assert ["All", *["0"] * 12] in [line.split() for line in soft.splitlines()]
    assert "America/New_York" in shown


@pytest.mark.parametrize("form", ["text", "csv", "jsonl"])
def test_no_report_names_a_conversation(session: Session, form: str, capsys: Captured) -> None:
    heard(session, datetime(2026, 2, 3, tzinfo=UTC))

    main(["crisis", "report", "--format", form])

    shown = capsys.readouterr().out
    assert not [secret for secret in SECRETS if secret in shown]


@pytest.mark.parametrize("year", ["26", "next", "99999"])
def test_a_year_that_is_none_is_refused(year: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        main(["crisis", "report", "--year", year])

    assert "--year" in capsys.readouterr().err
