"""Threads that write to one SQLite file: each has its turn, and nobody waits for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from clinic import counts, writers
from clinic.database import engine, open_engine, transaction

WRITERS, TIMES = 8, 20


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'written.db'}")
    with transaction(opened) as session:
        session.execute(text("CREATE TABLE counted (number INTEGER)"))
        session.execute(text("INSERT INTO counted VALUES (0)"))
    yield opened
    opened.dispose()


@pytest.fixture
def impatient(opened: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A file at which SQLite itself waits for nobody."""
    monkeypatch.setattr(writers, "ms_left", lambda: 0)
    return opened


def write(opened: Engine) -> None:
    with transaction(opened) as session:
        session.execute(text("UPDATE counted SET number = number + 1"))


def number(opened: Engine) -> int:
    with transaction(opened) as session:
        return int(session.execute(text("SELECT number FROM counted")).scalar_one())


def test_no_writer_meets_another_one(impatient: Engine) -> None:
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(lambda _: write(impatient), range(WRITERS * TIMES)))

    assert number(impatient) == WRITERS * TIMES


def test_behind_one_that_hangs_a_writer_fails_and_does_not_begin_to_wait_anew(
    opened: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "SECONDS_FOR_A_LOCKED_FILE", 0.01)
    with (
        writers.line_before(str(opened.url)),
        pytest.raises(OperationalError, match="database is locked"),
        transaction(opened),
    ):
        pytest.fail("nobody let it in")

    write(opened)
    assert number(opened) == 1


def test_who_waited_in_line_waits_for_other_processes_so_much_less(
    opened: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter([100.0, 102.0])
    monkeypatch.setattr(writers, "monotonic", lambda: next(ticks))

    with writers.in_line(opened), opened.connect() as connection:
        left = connection.scalar(text("PRAGMA busy_timeout"))

    assert left == 1000 * (writers.SECONDS_FOR_A_LOCKED_FILE - 2)


def test_a_connection_that_is_used_again_has_the_whole_time_again(
    opened: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_who_waited_in_line_waits_for_other_processes_so_much_less(opened, monkeypatch)

    with opened.connect() as connection:
        left = connection.scalar(text("PRAGMA busy_timeout"))

    assert left == 1000 * writers.SECONDS_FOR_A_LOCKED_FILE


def test_a_file_that_another_process_holds_is_said_to_be_locked(
    opened: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "SECONDS_FOR_A_LOCKED_FILE", 0.01)
    with closing(sqlite3.connect(str(opened.url.database))) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(OperationalError, match="database is locked"):
            write(opened)


def test_a_transaction_that_failed_leaves_the_line(opened: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(opened):
        raise ZeroDivisionError

    assert not writers.line_before(str(opened.url)).locked()


def test_numbers_are_written_in_line_too(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "SECONDS_FOR_A_LOCKED_FILE", 0.01)
    with writers.line_before(str(engine().url)):
        counts.write(counting())
        assert counts.unwritten() == 1

    counts.flush()

    assert counts.unwritten() == 0


def counting() -> Session:
    session = Session(engine())
    counts.add(session, counts.MESSAGE)
    return session
