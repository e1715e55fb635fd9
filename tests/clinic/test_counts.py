"""What happens is counted by day of the clinic, and a count never costs a visitor anything."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from clinic import audit, counts
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

    with transaction() as session:
        assert session.get(Conversation, "c1") is not None
    assert "OperationalError" in caplog.text
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


def test_a_count_does_not_wait_for_a_long_writer_and_the_next_one_is_written(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "PATIENCE_MS", 20)
    with Session(engine()) as visitor, Session(engine()) as writer:
        counts.add(visitor, counts.MESSAGE)
        writer.execute(text("DELETE FROM daily_counts"))  # and keeps the lock
        begun = time.monotonic()
        counts.write(visitor)
        waited = time.monotonic() - begun
    with transaction() as session:
        counts.add(session, counts.TOPIC, "cost")

    assert waited < 2
    assert counted() == {("topic", "cost"): 1}
