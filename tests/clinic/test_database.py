"""The migrations make exactly the tables that the code uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, text
from sqlalchemy.orm import Session

from clinic import conversations, database, inbox, unanswered
from clinic.crisis_events import record_crisis
from clinic.leads import LeadRequest, find_by_conversation, save_lead
from clinic.tables import Lead, Message, Table

# Alembic cannot compare an index with a falling column on SQLite; PostgreSQL's test does.
NOT_COMPARED = {"ix_leads_inbox", "ix_leads_by_status", "ix_leads_all"}


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_the_migrated_database_has_every_table_and_column(session: Session) -> None:
    assert differences(session) == []


def differences(session: Session) -> list[object]:
    """What the database has and our tables do not say, or the reverse."""
    found = compare_metadata(MigrationContext.configure(session.connection()), Table.metadata)
    return [
        one
        for one in found
        if not (isinstance(one, tuple) and getattr(one[1], "name", None) in NOT_COMPARED)
    ]


def config_of(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str) -> None:
    command.upgrade(config_of(url), revision)


@contextmanager
def older_database(folder: Path, revision: str) -> Iterator[tuple[str, Engine]]:
    """A database as an older version of the product left it."""
    url = f"sqlite:///{folder}/older.db"
    upgrade(url, revision)
    opened = database.open_engine(url)
    yield url, opened
    opened.dispose()


@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based")
def test_an_update_from_the_first_version_keeps_what_was_there(tmp_path: Path) -> None:
    with older_database(tmp_path, "0001") as (url, opened):
        with database.transaction(opened) as session:
            # Only the columns of that time.
            session.execute(insert(Lead).values(conversation_id="c", name="Ann", urgency=1))
            session.execute(
                text(
                    "INSERT INTO conversations (id, created_at, keeps_transcript) "
                    "VALUES ('c', '2026-11-01 12:00:00.000000', 1)"
                )
            )
            session.execute(
                insert(Message).values(
                    conversation_id="c", sender="visitor", key="k", content={"text": "hi"}
                )
            )

        database.migrate(url)

        with database.transaction(opened) as session:
            lead = find_by_conversation(session, "c")
            assert lead is not None
            assert lead.name == "Ann"
            assert [m.content["text"] for m in conversations.transcript(session, "c")] == ["hi"]
            assert unanswered.latest(session, most=1) == []
            assert differences(session) == []


INSERT = text(
    "INSERT INTO crisis_events (conversation_id, message_key, category, at) "
    "VALUES ('c', :category, :category, '2026-11-01 12:00:00')"
)
BEFORE = ("suicide", "abuse", "threat")


def test_old_crisis_events_become_hard_and_get_the_new_names(tmp_path: Path) -> None:
    with older_database(tmp_path, "0002") as (url, opened):
        with opened.begin() as connection:
            connection.execute(INSERT, [{"category": category} for category in BEFORE])

        database.migrate(url)

        with database.transaction(opened) as session:
            assert [(e.category, e.outcome) for e in inbox.crisis_of(session, "c")] == [
                ("suicide", "hard"),
                ("domestic_violence", "hard"),
                ("harm_to_others", "hard"),
            ]


def test_the_way_back_gives_the_old_names_and_no_hint_becomes_an_alarm(tmp_path: Path) -> None:
    with older_database(tmp_path, "head") as (url, opened):
        with database.transaction(opened) as session:
            for outcome, category in (
                ("hard", "sexual_assault"),
                ("hard", "harm_to_others"),
                ("soft", "suicide"),
            ):
                record_crisis(
                    session,
                    conversation_id="c",
                    message_key=category,
                    category=category,
                    outcome=outcome,
                )

        command.downgrade(config_of(url), "0002")

        with opened.connect() as connection:
            columns = {
                column["name"] for column in inspect(connection).get_columns("crisis_events")
            }
            left = connection.execute(
                text("SELECT category, seen_at IS NULL FROM crisis_events ORDER BY id")
            ).all()
    assert "outcome" not in columns
    assert left == [("abuse", True), ("threat", True), ("suicide", False)]


def test_a_process_of_the_version_before_can_still_write_a_crisis(session: Session) -> None:
    session.execute(INSERT, {"category": "suicide"})

    assert [event.outcome for event in inbox.crisis_of(session, "c")] == ["hard"]


def test_a_failed_transaction_leaves_nothing(database_url: str) -> None:
    def save_and_fail() -> None:
        with database.transaction() as session:
            save_lead(session, LeadRequest(conversation_id="c", name="Ann", urgency=1))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        save_and_fail()

    with database.transaction() as session:
        assert find_by_conversation(session, "c") is None


ERASABLE = (
    "handoffs",
    "messages",
    "notice_channels",
    "notice_deliveries",
    "notices",
    "saved_views",
    "unanswered_messages",
)


@pytest.mark.parametrize("table", ERASABLE)
def test_no_number_of_an_erased_row_is_ever_given_again(session: Session, table: str) -> None:
    made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})

    assert "AUTOINCREMENT" in str(made)
