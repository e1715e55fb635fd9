"""`doctor` sees a log that was tampered with, old data, and people who are not forgotten yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from clinic import audit, clock, conversations, erasure, expiry_failures, retention
from clinic.commands import privacy_checks
from clinic.commands.checks import BROKEN, LOOK, OK
from clinic.database import engine, transaction
from clinic.facts import facts
from clinic.leads import save_lead
from clinic.tables import Erasure
from tests.clinic.screened import screened


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    with transaction() as session:
        audit.record(session, actor="bot", action="lead.created", subject="lead:1")


def test_a_log_that_is_whole_is_well() -> None:
    assert privacy_checks.audit_log_is_whole() == (OK, "the newest 1 of 1 entries are whole.")


def test_a_log_that_was_changed_is_broken_and_where_is_said() -> None:
    with engine().begin() as connection:
        connection.execute(text("DROP TRIGGER audit_keeps_every_word"))
        connection.execute(text("DROP TRIGGER audit_keeps_every_seal"))
        connection.execute(text("UPDATE audit SET actor = 'staff:9'"))

    state, words = privacy_checks.audit_log_is_whole()

    assert state == BROKEN
    assert "place 1" in words


def test_an_empty_promise_is_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    for days, state in ((None, LOOK), (90, OK)):
        described = facts().model_copy(update={"retention_days": days})
        monkeypatch.setattr(retention, "facts", lambda described=described: described)
        assert privacy_checks.old_data_expires()[0] == state


def test_requests_that_nobody_touched_are_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "kept_for", lambda: timedelta(days=90))
    with transaction() as session:
        lead = save_lead(session, screened())
    with transaction() as session:
        retention.warn_of(session, [lead.id])

    state, words = privacy_checks.old_data_expires()

    assert state == LOOK
    assert words.startswith("1 open requests")


def test_who_was_erased_has_to_be_forgotten_within_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert privacy_checks.erased_people_are_forgotten()[0] == OK
    with transaction() as session:
        conversations.open_conversation(session, "c")
        erasure.erase_conversation(session, "c")
    assert privacy_checks.erased_people_are_forgotten()[0] == LOOK

    monkeypatch.setattr(privacy_checks, "now", lambda: clock.now() + timedelta(hours=1.1))

    assert privacy_checks.erased_people_are_forgotten()[0] == BROKEN
    with transaction() as session:
        session.get_one(Erasure, "c").done_at = clock.now()
    assert privacy_checks.erased_people_are_forgotten()[0] == OK


def test_what_could_not_be_erased_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "kept_for", lambda: timedelta(days=90))
    with transaction() as session:
        for subject in ("lead:a", "lead:a", "conversation:b"):
            expiry_failures.note(session, subject, ValueError("Ann Example"))

    state, words = privacy_checks.old_data_expires()

    assert state == BROKEN
    assert words.startswith("2 records")
