"""The table of Rasa's conversations: one row each, in SQLite or PostgreSQL. Knows no Rasa, no keys.

What is in a row is a sealed text; who opens it is `tracker_store`.
"""

from __future__ import annotations

import time
from typing import Any, Callable, List, NamedTuple, Optional, Text, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

SECONDS_FOR_A_LOCK = 1.0
"""So long a write waits for another one, such as that of a backup. The visitor waits, too."""
SECONDS_TO_CONNECT = 2
"""The least that PostgreSQL's library takes for a limit."""
MILLISECONDS_UNHEARD = 2000
"""So long a statement may take, or an answer to a packet, before the connection is given up."""
MOST_AT_ONCE = 8
"""Of one Rasa."""

TABLE = """
CREATE TABLE IF NOT EXISTS trackers (
    sender_id VARCHAR(255) PRIMARY KEY,
    data TEXT NOT NULL,
    changed DOUBLE PRECISION NOT NULL
)
"""
SELECT = sa.text("SELECT data, changed FROM trackers WHERE sender_id = :sender_id")
# One statement, so that it needs no transaction: what was written since it was read stays.
UPSERT = sa.text(
    "INSERT INTO trackers (sender_id, data, changed) VALUES (:sender_id, :data, :changed)"
    " ON CONFLICT (sender_id) DO UPDATE SET data = excluded.data, changed = excluded.changed"
    " WHERE trackers.changed = :was"
)
SENDERS = sa.text("SELECT sender_id FROM trackers")
OLD_EVENTS = sa.text("SELECT data FROM events WHERE sender_id = :sender_id ORDER BY id")
ERASE_OLD = sa.text("DELETE FROM events WHERE sender_id = :sender_id")
OLD_TABLE = "events"

Result = TypeVar("Result")


class Row(NamedTuple):
    """A conversation as it is stored."""

    data: Text
    changed: float


class TrackerRows:
    """Reads and writes rows; each call is whole by itself."""

    def __init__(self, url: Text) -> None:
        self.engine = open_engine(url)
        self._execute(lambda connection: connection.execute(sa.text(TABLE)))
        self._has_old = sa.inspect(self.engine).has_table(OLD_TABLE)

    @property
    def at_once(self) -> int:
        """How many may read and write here at the same time."""
        return 1 if isinstance(self.engine.pool, StaticPool) else MOST_AT_ONCE

    def read(self, sender_id: Text) -> Optional[Row]:
        found = self._execute(lambda c: c.execute(SELECT, {"sender_id": sender_id}).first())
        return Row(found[0], found[1]) if found else None

    def write(self, sender_id: Text, data: Text, was: Optional[float]) -> Optional[float]:
        """Keep a conversation if it still is as it was read; when it changed, None if it is not."""
        changed = max(time.time(), (was or 0.0) + 1e-5)  # never the same, whatever the clock does
        values = {"sender_id": sender_id, "data": data, "changed": changed, "was": was}
        written = self._execute(lambda c: c.execute(UPSERT, values).rowcount)
        return changed if written else None

    def take_over(self, sender_id: Text, sealed: Callable[[List[Text]], Text]) -> bool:
        """Make one row of the event rows of an earlier version, and erase them; False if none."""
        if not self._has_old:
            return False
        sender = {"sender_id": sender_id}
        whole = self.engine.execution_options(isolation_level="SERIALIZABLE")
        with whole.begin() as connection:
            old = [data for (data,) in connection.execute(OLD_EVENTS, sender)]
            if old:
                values = {**sender, "data": sealed(old), "changed": time.time(), "was": None}
                connection.execute(UPSERT, values)
                connection.execute(ERASE_OLD, sender)
        return bool(old)

    def forget_traces(self) -> None:
        """Let nothing of what was erased stay in SQLite's log of changes."""
        if self.engine.dialect.name == "sqlite":
            self._execute(lambda c: c.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).close())

    def senders(self) -> List[Text]:
        return [sender for (sender,) in self._execute(lambda c: c.execute(SENDERS).all())]

    def _execute(self, deed: Callable[[Connection], Result]) -> Result:
        """Once more on a new connection if the server was restarted under the old one."""
        try:
            return self._once(deed)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._once(deed)

    def _once(self, deed: Callable[[Connection], Result]) -> Result:
        with self.engine.connect() as connection:
            return deed(connection)


def open_engine(url: Text) -> Engine:
    """The database, with a limit to every wait, and no value of a statement in any error."""
    settings: Any = {"isolation_level": "AUTOCOMMIT", "hide_parameters": True}
    if not url.startswith("sqlite"):
        return sa.create_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_timeout=SECONDS_TO_CONNECT,
            connect_args={
                "connect_timeout": SECONDS_TO_CONNECT,
                "options": f"-c statement_timeout={MILLISECONDS_UNHEARD}",
                "tcp_user_timeout": MILLISECONDS_UNHEARD,
            },
            **settings,
        )
    in_memory = url in ("sqlite://", "sqlite:///:memory:")
    if not in_memory:
        settings["poolclass"] = sa.pool.QueuePool
    else:
        settings["poolclass"] = StaticPool
    arguments = {"check_same_thread": False, "timeout": SECONDS_FOR_A_LOCK}
    engine = sa.create_engine(url, connect_args=arguments, **settings)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # In this mode a killed process loses nothing that was written, and a power cut at most the
    # bot's last turns: what a visitor was shown as taken is in the clinic's own database.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")
