"""`doctor` finds what is broken, says it in plain words, and never says a secret."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from clinic import crisis_events, first_help, retention, staff
from clinic.clock import now
from clinic.commands import checks, machine_checks
from clinic.commands.command_line import main
from clinic.database import MIGRATIONS, engine, transaction
from clinic.facts import ClinicFacts, FactsError, facts
from clinic.first_line import FirstLineError
from clinic.help_lines import HelpLinesError, help_lines
from clinic.settings import HOME, settings
from clinic.tables import Notice, NoticeChannel, NoticeDelivery, Staff
from tests.clinic.well_kept_machine import Machine, machine

__all__ = ["machine"]  # a fixture: used by its name

SECRET = "s3cret"
OUR_CLINIC = {
    "name": "Calm Clinic",
    "phone": "+1 503-222-1234",
    "address": "1 Oak Street",
    "retention_days": 90,
}

Findings = dict[str, tuple[str, str]]


@pytest.fixture
def answers() -> dict[str, int]:
    """The status that Rasa and the action server answer with; 0 if they are not there."""
    return {"/": 200, "/health": 200}


@pytest.fixture
def clinic() -> dict[str, Any]:
    """What clinic.yml says here instead of what it comes with."""
    return dict(OUR_CLINIC)


@pytest.fixture(autouse=True)
def all_is_well(
    database_url: str,
    machine: Machine,
    answers: dict[str, int],
    clinic: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """A product that is set up and running; a test then breaks one thing."""

    def get(url: str, **_: object) -> httpx.Response:
        status = answers[httpx.URL(url).path]
        if not status:
            raise httpx.ConnectError(f"nobody at {url}")
        return httpx.Response(status)

    def our_facts() -> ClinicFacts:
        return facts().model_copy(update=clinic)

    def checked_today(country: str) -> list[Any]:
        return [replace(line, verified_on=now().date()) for line in help_lines(country)]

    monkeypatch.setattr(httpx, "get", get)
    monkeypatch.setattr(machine_checks, "model_fits_the_data", lambda: ("ok", "fits."))
    monkeypatch.setattr(checks, "facts", our_facts)
    monkeypatch.setattr(retention, "facts", our_facts)
    monkeypatch.setattr(checks, "help_lines", checked_today)
    monkeypatch.setenv("CLINIC_NOTICE_URLS", f"json://desk:{SECRET}@127.0.0.1")
    settings.cache_clear()
    with transaction() as session:
        staff.create_staff(session, "amira")
    yield
    settings.cache_clear()


@pytest.fixture
def doctor(capsys: pytest.CaptureFixture[str]) -> Callable[[], Findings]:
    """What it says: state and words of each thing that was looked at."""

    def ask() -> Findings:
        code = main(["doctor"])
        said = capsys.readouterr()
        found = {}
        for line in said.out.splitlines():
            state, rest = line.split(maxsplit=1)
            about, _, words = rest.partition(": ")
            found[about] = (state, words)
        assert said.err == ""
        assert SECRET not in said.out
        assert code == int("broken" in {state for state, _ in found.values()})
        return found

    return ask


Doctor = Callable[[], Findings]


def test_a_product_that_is_well_is_called_well(doctor: Doctor) -> None:
    found = doctor()

    assert {state for state, _ in found.values()} == {"ok"}
    assert list(found) == [
        "settings",
        "clinic.yml",
        "crisis data",
        "help lines",
        "secrets",
        "files",
        "open ports",
        "disk",
        "time zones",
        "model",
        "backups",
        "database",
        "clock",
        "way to the databases",
        "staff",
        "notices",
        "visitors' mail",
        "audit log",
        "retention",
        "erased people",
        "Redis",
        "Rasa",
        "action server",
    ]


def test_a_wrong_setting_is_broken_and_the_rest_that_needs_none_is_still_looked_at(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_ENCRYPTION_KEYS", SECRET)
    settings.cache_clear()

    found = doctor()

    state, words = found["settings"]
    assert state == "broken"
    assert "CLINIC_ENCRYPTION_KEYS is wrong" in words
    assert list(found) == ["settings", "clinic.yml", "crisis data", "help lines"]


def test_what_clinic_yml_comes_with_is_to_be_looked_at(
    doctor: Doctor, clinic: dict[str, Any]
) -> None:
    clinic.update(name="Example Ketamine Clinic", phone="+1 202-555-0143", email=None)

    state, words = doctor()["clinic.yml"]

    assert state == "look"
    assert "name, phone." in words


def test_a_mistake_in_clinic_yml_is_broken_and_stays_one_line(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> ClinicFacts:
        raise FactsError("clinic.yml: `phone` is not a phone number\nclinic.yml: `name` is missing")

    monkeypatch.setattr(checks, "facts", wrong)

    state, words = doctor()["clinic.yml"]

    assert state == "broken"
    assert "`phone` is not a phone number" in words


@pytest.fixture
def crisis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the crisis folder that a test may damage."""
    shutil.copytree(HOME / "crisis", tmp_path / "home" / "crisis")
    monkeypatch.setattr(checks, "HOME", tmp_path / "home")
    return tmp_path / "home" / "crisis"


@pytest.mark.parametrize(("content", "said"), [("a: [1", "not valid"), ("", "is empty")])
def test_crisis_data_that_cannot_be_read_is_broken(
    doctor: Doctor, crisis: Path, content: str, said: str
) -> None:
    (crisis / "phrases" / "suicide.yml").write_text(content, "utf-8")

    state, words = doctor()["crisis data"]

    assert state == "broken"
    assert "crisis/phrases/suicide.yml" in words
    assert said in words


def test_a_mistake_in_the_first_look_at_a_visitors_words_is_broken(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> None:
        raise FirstLineError("first_line.yml: a sentence is not heard")

    monkeypatch.setattr(first_help, "first_line", wrong)

    assert doctor()["crisis data"] == ("broken", "first_line.yml: a sentence is not heard")


def test_a_reply_that_cannot_be_built_is_broken(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> None:
        raise HelpLinesError("crisis/categories.yml cannot be read")

    monkeypatch.setattr(first_help, "check", wrong)

    assert doctor()["crisis data"] == ("broken", "crisis/categories.yml cannot be read.")


def test_a_help_line_that_is_left_out_is_named_by_its_id(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "left_out", lambda: ("us_veterans",))

    state, words = doctor()["crisis data"]

    assert state == "broken"
    assert "us_veterans" in words


def test_a_country_without_help_lines_is_broken(doctor: Doctor, clinic: dict[str, Any]) -> None:
    clinic.update(country="Atlantis")

    state, words = doctor()["help lines"]

    assert state == "broken"
    assert "Atlantis" in words


def test_help_lines_that_were_not_checked_are_named_with_their_day(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third, *_ = help_lines("US")
    lines = [
        replace(first, verified_on=now().date()),
        replace(second, verified_on=date(2020, 1, 2)),
        replace(third, verified_on=None),
    ]
    monkeypatch.setattr(checks, "help_lines", lambda country: lines)

    state, words = doctor()["help lines"]

    assert state == "look"
    assert "2 of 3" in words
    assert f"{second.name} (2020-01-02), {third.name} (never)" in words
    assert first.name not in words


def test_a_database_that_is_not_there_is_broken_and_none_is_made(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    settings.cache_clear()
    engine.cache_clear()

    found = doctor()

    assert found["database"][0] == "broken"
    assert "python -m clinic migrate" in found["database"][1]
    assert "staff" not in found
    assert not (tmp_path / "none.db").exists()


def test_a_database_that_does_not_answer_is_broken(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql+psycopg://clinic:{SECRET}@127.0.0.1:1/clinic"
    monkeypatch.setenv("CLINIC_DATABASE_URL", url)
    settings.cache_clear()
    engine.cache_clear()

    state, words = doctor()["database"]

    assert state == "broken"
    assert "cannot be reached" in words


@pytest.mark.parametrize(
    ("revision", "said"), [("0001", "python -m clinic migrate"), ("9999", "newer version")]
)
def test_a_database_of_another_version_is_broken(
    doctor: Doctor, database_url: str, revision: str, said: str
) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = database_url
    if revision == "0001":
        command.downgrade(config, revision)
    else:
        with engine().begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})

    state, words = doctor()["database"]

    assert state == "broken"
    assert said in words


def test_without_an_account_nobody_sees_a_crisis(doctor: Doctor) -> None:
    with transaction() as session:
        session.delete(session.get_one(Staff, 1))

    state, words = doctor()["staff"]

    assert state == "broken"
    assert "python -m clinic staff create" in words


def a_notice(minutes_ago: int = 1) -> Notice:
    """Of words of crisis that nobody has looked at yet."""
    with transaction() as session:
        crisis_events.record_crisis(
            session, conversation_id="c", message_key="k", category="suicide"
        )
        notice = session.query(Notice).one()
        notice.created_at = notice.due_at = now() - timedelta(minutes=minutes_ago)
        return notice


def a_delivery(notice: Notice, *, attempts: int, arrived: bool = False) -> None:
    with transaction() as session:
        sent_at = now() if arrived else None
        session.add(NoticeDelivery(notice_id=notice.id, attempts=attempts, sent_at=sent_at))
        session.get_one(Notice, notice.id).due_at = now() + timedelta(minutes=5)


@pytest.mark.parametrize(("minutes", "state"), [(1, "ok"), (16, "broken")])
def test_notices_that_nobody_plans_are_told(doctor: Doctor, minutes: int, state: str) -> None:
    a_notice(minutes)

    assert doctor()["notices"][0] == state


@pytest.mark.parametrize(
    ("minutes", "attempts", "state"), [(1, 0, "ok"), (1, 1, "look"), (16, 4, "broken")]
)
def test_notices_that_reach_nobody_are_told(
    doctor: Doctor, minutes: int, attempts: int, state: str
) -> None:
    a_delivery(a_notice(minutes), attempts=attempts)

    assert doctor()["notices"][0] == state


def test_one_dead_channel_among_others_is_to_be_looked_at(doctor: Doctor) -> None:
    notice = a_notice(60)
    a_delivery(notice, attempts=1, arrived=True)
    a_delivery(notice, attempts=6)

    assert doctor()["notices"][0] == "look"


def test_urgent_notices_that_nobody_opens_are_told(doctor: Doctor) -> None:
    notice = a_notice(40)
    a_delivery(notice, attempts=1, arrived=True)
    with transaction() as session:
        session.get_one(Notice, notice.id).rounds = 4

    state, words = doctor()["notices"]

    assert state == "look"
    assert "nobody has opened" in words


def test_an_address_that_cannot_be_used_is_broken(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", f"json://127.0.0.1,slakc://{SECRET}/x")
    settings.cache_clear()

    state, words = doctor()["notices"]

    assert state == "broken"
    assert "1 of 2 addresses" in words


def test_without_any_channel_somebody_should_look(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", " ,")
    settings.cache_clear()

    state, words = doctor()["notices"]

    assert state == "look"
    assert "CLINIC_NOTICE_URLS" in words


def test_a_channel_of_the_console_is_enough(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_NOTICE_URLS", "")
    settings.cache_clear()
    with transaction() as session:
        session.add(NoticeChannel(name="Slack", url="slack://a/b/c", kinds=["crisis"]))

    assert doctor()["notices"][0] == "ok"


@pytest.mark.parametrize("status", [0, 500])
@pytest.mark.parametrize(("about", "path"), [("Rasa", "/"), ("action server", "/health")])
def test_a_server_that_does_not_answer_is_broken(
    doctor: Doctor, answers: dict[str, int], about: str, path: str, status: int
) -> None:
    answers[path] = status

    found = doctor()

    assert [name for name, (state, _) in found.items() if state == "broken"] == [about]


def test_what_nobody_foresaw_is_a_finding_without_its_text(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(staff, "is_anybody_there", surprise)

    assert doctor()["staff"] == ("broken", "could not be looked at (RuntimeError).")
