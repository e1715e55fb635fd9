"""What happens is counted by day of the clinic, and a count never costs a visitor anything."""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from clinic import audit, counts, database, writers
from clinic.database import engine, transaction
from clinic.tables import Conversation, DailyCount


def counted() -> dict[tuple[str, str], int]:
    with transaction() as session:
        return {(row.kind, row.detail): row.number for row in session.query(DailyCount)}


def test_the_same_event_twice_on_one_day_is_one_row_with_two(database_url: str) -> None:
    for _ in range(2):
        with transaction() as session:
            counts.add(session, counts.TOPIC, "cost")

    assert counted() == {("topic", "cost"): 2}


def test_what_is_undone_was_never_counted(database_url: str) -> None:
    def count_and_fail() -> None:
        with transaction() as session:
            counts.add(session, counts.MESSAGE)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        count_and_fail()

    assert counted() == {}


@pytest.mark.parametrize(("hour", "day"), [(3, 10), (4, 11)])
def test_a_day_begins_at_midnight_of_the_clinics_own_clock(
    database_url: str, hour: int, day: int
) -> None:
    with transaction() as session:
        counts.add(session, counts.MESSAGE, at=datetime(2026, 6, 11, hour, tzinfo=UTC))

    with transaction() as session:
        assert [row.day for row in session.query(DailyCount)] == [date(2026, 6, day)]


def test_a_broken_counter_costs_nobody_the_deed_and_says_its_type_only(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction() as session:
        session.execute(text("DROP TABLE daily_counts"))

    with caplog.at_level(logging.ERROR), transaction() as session:
        session.add(Conversation(id="c1"))
        counts.add(session, counts.CONVERSATION, "a-secret-place")
    counts.flush()

    with transaction() as session:
        assert session.get(Conversation, "c1") is not None
    assert caplog.text.count("OperationalError") == 1, "said once, not at every try"
    assert "a-secret-place" not in caplog.text


def test_a_long_detail_is_cut_to_fit_its_column(database_url: str) -> None:
    with transaction() as session:
        counts.add(session, counts.CONVERSATION, "x" * 200)

    assert counted() == {("conversation", "x" * 64): 1}


def test_many_writers_at_once_lose_no_count(database_url: str) -> None:
    def count() -> None:
        for _ in range(10):
            with transaction() as session:
                counts.add(session, counts.MESSAGE)
                counts.add(session, counts.TOPIC, "cost")

    writers = [threading.Thread(target=count) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert counted() == {("message", ""): 40, ("topic", "cost"): 40}


def test_a_session_that_counts_nothing_writes_nothing(database_url: str) -> None:
    with Session(engine()) as session:
        counts.write(session)

    assert counted() == {}


def test_what_staff_do_with_a_lead_is_counted_and_looking_is_not(database_url: str) -> None:
    with transaction() as session:
        for actor, action, subject in (
            ("staff:1", "lead.noted", "lead:a"),
            ("staff:1", "lead.viewed", "lead:a"),
            ("staff:1", "crisis.seen", "crisis:1"),
            ("bot", "lead.created", "lead:a"),
        ):
            audit.record(session, actor=actor, action=action, subject=subject)

    assert counted() == {("staff_deed", "lead.noted"): 1}


def test_in_a_server_no_deed_waits_for_its_count_to_be_written(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "SECONDS_BETWEEN_WRITES", 3600)
    with counts.in_background():
        for _ in range(3):
            with transaction() as session:
                counts.add(session, counts.MESSAGE)

        assert counted() == {}
        assert counts.unwritten() == 1

    assert counted() == {("message", ""): 3}, "all is written when the server ends"


def test_a_server_writes_what_it_counted_by_itself(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "SECONDS_BETWEEN_WRITES", 0.001)
    is_written = threading.Event()
    write = counts._upsert

    def writing(engine: Engine, counted: Any) -> None:
        write(engine, counted)
        is_written.set()

    monkeypatch.setattr(counts, "_upsert", writing)

    with counts.in_background():
        with transaction() as session:
            counts.add(session, counts.MESSAGE)

        assert is_written.wait(timeout=30)

    assert counted() == {("message", ""): 1}


def test_a_locked_database_loses_no_count(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "SECONDS_BETWEEN_WRITES", 3600)
    monkeypatch.setattr(writers, "SECONDS_FOR_A_LOCKED_FILE", 0.01)
    database.engine.cache_clear()
    with counts.in_background():
        with transaction() as session:
            counts.add(session, counts.MESSAGE)
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as other:
            other.execute("BEGIN EXCLUSIVE")
            counts.flush()

            assert counts.unwritten() == 1

        counts.flush()

    assert counted() == {("message", ""): 1}


def test_what_cannot_be_written_for_long_does_not_fill_the_memory(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "SECONDS_BETWEEN_WRITES", 3600)
    monkeypatch.setattr(counts, "MOST_UNWRITTEN", 3)
    with counts.in_background(), transaction() as session:
        for number in range(5):
            counts.add(session, counts.TOPIC, f"topic-{number}")

    assert len(counted()) == 3
