"""Open the database; one transaction for each deed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from clinic import audit, audit_chain, bell, counts, writers
from clinic.settings import settings

MIGRATIONS = Path(__file__).parent / "migrations"

CONNECTIONS, MORE_AT_TIMES = 10, 10
"""Of one process: threads that use the database at once are few, and PostgreSQL takes
a hundred from all processes together as it is installed."""
SECONDS_FOR_A_FREE_ONE = 3.0
POOL: dict[str, Any] = {
    "pool_size": CONNECTIONS,
    "max_overflow": MORE_AT_TIMES,
    "pool_timeout": SECONDS_FOR_A_FREE_ONE,
}
SECONDS_TO_CONNECT = 3
MS_UNTIL_A_SILENT_LINE_IS_CUT = 5_000
"""A machine that was unplugged says nothing: without this a query to it waits for minutes."""
WAITS = {
    "lock_timeout": "3s",  # what another holds is held for milliseconds, unless it hangs
    "statement_timeout": "30s",  # the longest search of a full inbox takes a second
    "idle_in_transaction_session_timeout": "15s",  # a process that was stopped holds up nobody
}
"""How long PostgreSQL lets one session of ours wait, or keep others waiting."""

KIB_OF_PAGES = 512
"""How much of an SQLite database one connection keeps in memory."""

READS_ONLY = "reads_only"
"""An execution option of connections that must not take SQLite's write lock."""


@lru_cache
def engine() -> Engine:
    """The engine of this process, opened at first use."""
    return open_engine(settings().database)


def open_engine(url: str, *, patient: bool = False) -> Engine:
    """An engine whose waits all have an end, so that whoever asks is answered.

    Args:
        patient: for one long work on the whole database, which nobody waits for.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return _open_postgresql(address, patient=patient)
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    opened = create_engine(address, **(POOL if address.database else {}))
    event.listen(opened, "connect", _prepare_sqlite)
    event.listen(opened, "begin", _begin_sqlite)
    return opened


def _open_postgresql(address: URL, *, patient: bool) -> Engine:
    given = {
        "connect_timeout": SECONDS_TO_CONNECT,
        "tcp_user_timeout": MS_UNTIL_A_SILENT_LINE_IS_CUT,
        "options": "" if patient else " ".join(f"-c {name}={at}" for name, at in WAITS.items()),
    }
    # What the address itself says about these goes first.
    ours = {name: value for name, value in given.items() if value and name not in address.query}
    return create_engine(
        address,
        connect_args=ours,
        pool_pre_ping=True,  # a database that was started again closed them all
        **POOL,
    )


def _prepare_sqlite(connection: Any, record: object) -> None:
    # Python's own way of beginning transactions is wrong with savepoints; ours is below.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {writers.ms_left()}")
    # Readers never wait for a writer, and what was acknowledged survives a power cut.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    # What is erased is overwritten in the file, too.
    connection.execute("PRAGMA secure_delete=ON")
    # Else each of up to twenty grows to 2 MB, and what one has read the others read again anyway.
    connection.execute(f"PRAGMA cache_size={-KIB_OF_PAGES}")


def _begin_sqlite(connection: Connection) -> None:
    # Take the write lock now: one that reads first and then writes would fail at once if
    # another wrote in between, instead of waiting its turn.
    reads_only = connection.get_execution_options().get(READS_ONLY)
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {writers.ms_left()}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(bind: Engine | None = None) -> Iterator[Session]:
    """One session, committed at the end or rolled back whole."""
    opened = bind or engine()
    with Session(opened, expire_on_commit=False) as session:
        with writers.in_line(opened), session.begin():
            yield session
            audit.seal(session)
            bell.sound(session)
        counts.write(session)


@contextmanager
def reading(bind: Engine | None = None) -> Iterator[Session]:
    """A session that changes nothing, for what takes long: it waits for no writer, and no writer
    waits for it."""
    options = {READS_ONLY: True, "postgresql_readonly": True}
    opened = (bind or engine()).execution_options(**options)
    with Session(opened, expire_on_commit=False) as session:
        yield session


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest migration, and begin the audit log's chain."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")
    _begin_the_audit_chain(url)


def _begin_the_audit_chain(url: str) -> None:
    """Once: entries that come to stand outside later are for a person to look at."""
    opened = open_engine(url, patient=True)
    with transaction(opened) as session:
        if not audit_chain.head(session).place:
            audit.adopt(session)
    opened.dispose()
