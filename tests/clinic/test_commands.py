"""The command line: what it prints, what it leaves behind, and what it says when it fails."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import passwords, unanswered
from clinic import sign_in as proving
from clinic.commands.command_line import main
from clinic.database import engine
from clinic.lead_export import COLUMNS, exported
from clinic.leads import LeadRequest, save_lead
from clinic.settings import HOME, settings
from clinic.tables import AuditEntry, Lead, Staff

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", lambda: CHEAP)


def sign_in(session: Session, username: str, password: str) -> Staff:
    known = proving.password_hash_of(session, username)
    return proving.sign_in(session, username, passwords.compare(known, password))


@pytest.fixture
def lead(session: Session) -> Lead:
    request = LeadRequest(conversation_id="one", name="Zoë Example", phone="+12025550143")
    lead = save_lead(session, request)
    session.commit()
    return lead


@pytest.fixture
def use_database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Lets a test point the settings at another database, or at none."""

    def use(url: str) -> None:
        monkeypatch.setenv("CLINIC_DATABASE_URL", url)
        settings.cache_clear()
        engine.cache_clear()

    yield use
    settings.cache_clear()
    engine.cache_clear()


def test_migrate_makes_a_new_database_ready(
    tmp_path: Path, use_database: Callable[[str], None], capsys: Captured
) -> None:
    use_database(f"sqlite:///{tmp_path}/folder/new.db")

    assert main(["migrate"]) == 0
    assert main(["migrate"]) == 0
    assert main(["leads", "export"]) == 0
    assert capsys.readouterr().err == ""


def test_jsonl_is_one_lead_in_each_line(lead: Lead, capsys: Captured) -> None:
    assert main(["leads", "export", "--format", "jsonl"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == [exported(lead)]


def test_csv_has_a_header_and_a_row_for_each_lead(lead: Lead, capsys: Captured) -> None:
    assert main(["leads", "export", "--format", "csv"]) == 0

    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert tuple(row) == COLUMNS
    assert (row["name"], row["phone"]) == ("Zoë Example", "+12025550143")


@pytest.mark.parametrize("name", ["=HYPERLINK(0)", "+cmd|0", "-1+1", "@SUM(A1)", "\t=1"])
def test_a_name_is_never_a_formula_in_a_spreadsheet(
    session: Session, name: str, capsys: Captured
) -> None:
    save_lead(session, LeadRequest(conversation_id="one", name=name))
    session.commit()

    main(["leads", "export", "--format", "csv"])

    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["name"] == "'" + name


def test_every_exported_lead_is_in_the_audit_log(session: Session, lead: Lead) -> None:
    main(["leads", "export"])

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "lead.exported")).one()
    assert (entry.actor, entry.subject) == ("system", f"lead:{lead.id}")


def test_an_export_without_leads_is_empty(database_url: str, capsys: Captured) -> None:
    main(["leads", "export"])
    assert capsys.readouterr().out == ""

    main(["leads", "export", "--format", "csv"])
    assert capsys.readouterr().out == ",".join(COLUMNS) + "\n"


def test_a_new_account_signs_in_with_the_password_that_was_shown(
    session: Session, capsys: Captured
) -> None:
    assert main(["staff", "create", "Amira"]) == 0

    shown = capsys.readouterr().out
    password = shown.split("password:")[1].split()[0]
    assert sign_in(session, "amira", password).must_change_password


def test_the_first_account_is_made_only_once(session: Session, capsys: Captured) -> None:
    main(["staff", "first"])
    account = json.loads(capsys.readouterr().out)
    main(["staff", "first"])

    assert json.loads(capsys.readouterr().out) == {}
    assert sign_in(session, account["username"], account["password"])


def test_a_reset_shows_a_new_one_time_password(session: Session, capsys: Captured) -> None:
    main(["staff", "create", "amira"])
    capsys.readouterr()

    assert main(["staff", "reset", "amira"]) == 0

    password = capsys.readouterr().out.split("password:")[1].split()[0]
    assert sign_in(session, "amira", password)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["staff", "create", "two words"], "A username has"),
        (["staff", "reset", "nobody"], "no account called nobody"),
    ],
)
def test_a_mistake_is_one_line_and_not_a_traceback(
    database_url: str, words: list[str], complaint: str, capsys: Captured
) -> None:
    assert main(words) == 1

    said = capsys.readouterr()
    assert complaint in said.err
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql+psycopg://clinic:s3cret@127.0.0.1:1/clinic", "cannot be reached"),
        ("s3cret", "not a database address"),
        ("sqlite:////proc/s3cret/clinic.db", "cannot be used"),
        ("sqlite:///{folder}/empty.db", "python -m clinic migrate"),
    ],
)
def test_a_database_that_is_not_there_is_one_line_that_tells_no_secret(
    tmp_path: Path,
    url: str,
    complaint: str,
    use_database: Callable[[str], None],
    capsys: Captured,
) -> None:
    use_database(url.format(folder=tmp_path))

    assert main(["staff", "first"]) == 1

    said = capsys.readouterr()
    assert complaint in said.err
    assert said.err.count("\n") == 1
    assert "s3cret" not in said.err


def test_a_wrong_setting_is_one_line_in_a_real_process() -> None:
    environment = {**os.environ, "CLINIC_ENCRYPTION_KEYS": "not-a-key"}

    ended = subprocess.run(
        [sys.executable, "-m", "clinic", "staff", "first"],
        cwd=HOME,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("CLINIC_ENCRYPTION_KEYS is wrong")
    assert ended.stderr.count("\n") == 1


def keep_unanswered(session: Session, *texts: str) -> None:
    for number, text in enumerate(texts):
        unanswered.keep(
            session,
            conversation_id="whose-it-was",
            message_key=f"key-{number}",
            text=text,
            reason="not_understood",
            nearest=["cost"],
        )
    session.commit()


def test_unanswered_shows_one_question_in_each_line_newest_first(
    session: Session, capsys: Captured
) -> None:
    keep_unanswered(session, "what is blorp", "où est Zoë, ann@example.com")

    assert main(["unanswered"]) == 0

    shown = capsys.readouterr().out
    rows = [json.loads(line) for line in shown.splitlines()]
    assert [row["text"] for row in rows] == ["où est Zoë, [e-mail]", "what is blorp"]
    assert {(row["reason"], *row["nearest"]) for row in rows} == {("not_understood", "cost")}
    assert "où" in shown
    assert "whose-it-was" not in shown


def test_unanswered_shows_no_more_than_asked_for(session: Session, capsys: Captured) -> None:
    keep_unanswered(session, "first", "second", "third")

    assert main(["unanswered", "--most", "2"]) == 0

    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["text"] for row in rows] == ["third", "second"]


def test_when_everything_was_answered_unanswered_is_empty(
    database_url: str, capsys: Captured
) -> None:
    assert main(["unanswered"]) == 0
    assert capsys.readouterr().out == ""


def test_help_shows_an_example_of_every_command(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    assert ended.value.code == 0
    help_text = capsys.readouterr().out
    for command in (
        "migrate",
        "leads export",
        "staff create",
        "staff reset",
        "unanswered",
        "crisis report",
        "doctor",
    ):
        assert f"python -m clinic {command}" in help_text
