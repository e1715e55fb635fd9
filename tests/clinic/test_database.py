"""The migrations make exactly the tables that the code uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from clinic import conversations, database, unanswered
from clinic.leads import LeadRequest, find_by_conversation, save_lead
from clinic.tables import Table


def test_the_migrated_database_has_every_table_and_column(session: Session) -> None:
    context = MigrationContext.configure(session.connection())

    assert compare_metadata(context, Table.metadata) == []


def upgrade(url: str, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, revision)


def test_an_update_from_the_first_version_keeps_what_was_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/first.db"
    upgrade(url, "0001")
    opened = database.open_engine(url)
    with database.transaction(opened) as session:
        save_lead(session, LeadRequest(conversation_id="c", name="Ann", urgency=1))
        conversations.add_message(session, "c", sender="visitor", key="k", content={"text": "hi"})

    database.migrate(url)

    with database.transaction(opened) as session:
        lead = find_by_conversation(session, "c")
        assert lead is not None
        assert lead.name == "Ann"
        assert [m.content["text"] for m in conversations.transcript(session, "c")] == ["hi"]
        assert unanswered.latest(session, most=1) == []
        assert (
            compare_metadata(MigrationContext.configure(session.connection()), Table.metadata) == []
        )
    opened.dispose()


def test_a_failed_transaction_leaves_nothing(database_url: str) -> None:
    def save_and_fail() -> None:
        with database.transaction() as session:
            save_lead(session, LeadRequest(conversation_id="c", name="Ann", urgency=1))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        save_and_fail()

    with database.transaction() as session:
        assert find_by_conversation(session, "c") is None
