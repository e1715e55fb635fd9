"""Threads that write to one SQLite file: each has its turn, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from clinic import database
from clinic.database import open_engine, transaction

WRITERS, TIMES = 8, 20


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A file at which SQLite itself waits for nobody."""
    monkeypatch.setattr(database, "SECONDS_FOR_A_LOCKED_FILE", 0.0)
    opened = open_engine(f"sqlite:///{tmp_path / 'written.db'}")
    monkeypatch.undo()
    with transaction(opened) as session:
        session.execute(text("CREATE TABLE counted (number INTEGER)"))
        session.execute(text("INSERT INTO counted VALUES (0)"))
    yield opened
    opened.dispose()


def test_no_writer_meets_another_one(impatient: Engine) -> None:
    def write(_: int) -> None:
        with transaction(impatient) as session:
            session.execute(text("UPDATE counted SET number = number + 1"))

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS * TIMES)))

    with transaction(impatient) as session:
        assert session.scalar(text("SELECT number FROM counted")) == WRITERS * TIMES


def test_behind_one_that_hangs_a_writer_goes_on_alone(
    impatient: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SECONDS_FOR_A_LOCKED_FILE", 0.01)
    with database._line_before(str(impatient.url)), transaction(impatient) as session:
        session.execute(text("UPDATE counted SET number = 7"))

    with transaction(impatient) as session:
        assert session.scalar(text("SELECT number FROM counted")) == 7


def test_a_transaction_that_failed_leaves_the_line(impatient: Engine) -> None:
    with pytest.raises(ZeroDivisionError), transaction(impatient):
        raise ZeroDivisionError

    assert not database._line_before(str(impatient.url)).locked()
