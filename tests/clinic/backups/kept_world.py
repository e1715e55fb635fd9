"""A clinic with people, a tracker of Rasa's, and a folder for backups, on either database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from clinic import audit_check
from clinic.backups.manifest import CLINIC, TRACKER
from clinic.database import transaction
from clinic.tables import Lead, Message, StaffSession, Table
from tests.clinic.whole_person import whole_person

SEVERAL_CHUNKS = 300_000


@dataclass(frozen=True)
class World:
    databases: dict[str, str]
    folder: Path

    def fill(self) -> None:
        with transaction() as session:
            whole_person(session)
            session.add(StaffSession(token_hash="t", staff_id=1, csrf_token="c"))
        tracker = create_engine(our_driver(self.databases[TRACKER]))
        with tracker.begin() as connection:
            connection.execute(
                text("CREATE TABLE trackers (sender_id text PRIMARY KEY, data text)")
            )
            row = {"id": "first-visit", "data": "x" * SEVERAL_CHUNKS}
            connection.execute(text("INSERT INTO trackers VALUES (:id, :data)"), row)
        tracker.dispose()

    def lose_everybody(self) -> None:
        """The worst day: nothing is left but what stands in the audit log."""
        with transaction() as session:
            for table in reversed(Table.metadata.sorted_tables):
                if table.name != "audit":
                    session.execute(table.delete())
        tracker = create_engine(our_driver(self.databases[TRACKER]))
        with tracker.begin() as connection:
            connection.execute(text("DROP TABLE trackers"))
        tracker.dispose()


def our_driver(url: str) -> str:
    return url.replace("postgresql+psycopg2", "postgresql+psycopg")


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a restore itself does not write."""
    left_out = ("audit", "staff_sessions", "daily_counts")
    with transaction() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table)).all()), key=str)
            for table in Table.metadata.sorted_tables
            if table.name not in left_out
        }


def tracker_rows(world: World) -> int:
    tracker = create_engine(our_driver(world.databases[TRACKER]))
    with tracker.connect() as connection:
        number = connection.scalar(text("SELECT count(*) FROM trackers"))
    tracker.dispose()
    return int(number or 0)


def the_log_is_whole() -> bool:
    with transaction() as session:
        return audit_check.check(session).is_whole


def names() -> list[str]:
    with transaction() as session:
        return [lead.name for lead in session.query(Lead).order_by(Lead.conversation_id)]


def messages() -> int:
    with transaction() as session:
        return session.query(Message).count()


def sqlite_world(database_url: str, folder: Path) -> World:
    return World({CLINIC: database_url, TRACKER: f"sqlite:///{folder / 'rasa.db'}"}, folder / "b")


def file_of(url: str) -> Path:
    return Path(str(make_url(url).database))
