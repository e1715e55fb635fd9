"""Open the database; one transaction for each deed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from clinic.settings import settings

MIGRATIONS = Path(__file__).parent / "migrations"


@lru_cache
def engine() -> Engine:
    """The engine of this process, opened at first use."""
    return open_engine(settings().database)


def open_engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    opened = create_engine(address, connect_args={"timeout": 5})
    event.listen(opened, "connect", _prepare_sqlite)
    event.listen(opened, "begin", _begin_sqlite)
    return opened


def _prepare_sqlite(connection: Any, record: object) -> None:
    # Python's own way of beginning transactions is wrong with savepoints; ours is below.
    connection.isolation_level = None
    # Readers never wait for a writer, and what was acknowledged survives a power cut.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # Take the write lock now: one that reads first and then writes would fail at once if
    # another wrote in between, instead of waiting its turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def transaction(bind: Engine | None = None) -> Iterator[Session]:
    """One session, committed at the end or rolled back whole."""
    with Session(bind or engine(), expire_on_commit=False) as session, session.begin():
        yield session


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest migration."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")
