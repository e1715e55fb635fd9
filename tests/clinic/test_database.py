"""The migrations make exactly the tables that the code uses."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.orm import Session

from clinic import database
from clinic.leads import LeadRequest, find_by_conversation, save_lead
from clinic.tables import Table


def test_the_migrated_database_has_every_table_and_column(session: Session) -> None:
    context = MigrationContext.configure(session.connection())

    assert compare_metadata(context, Table.metadata) == []


def test_a_failed_transaction_leaves_nothing(database_url: str) -> None:
    def save_and_fail() -> None:
        with database.transaction() as session:
            save_lead(session, LeadRequest(conversation_id="c", name="Ann", urgency=1))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        save_and_fail()

    with database.transaction() as session:
        assert find_by_conversation(session, "c") is None
