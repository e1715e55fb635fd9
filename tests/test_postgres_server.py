"""Tests that share one PostgreSQL server share nothing else."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from clinic.database import open_engine, transaction
from clinic.settings import settings
from clinic.tables import Conversation, Table
from tests.postgres_server import Databases, used_by_the_code


def test_what_is_written_in_one_database_is_in_no_other(postgres_databases: Databases) -> None:
    with postgres_databases.migrated() as one, postgres_databases.migrated() as other:
        written, read = open_engine(one), open_engine(other)
        with transaction(written) as session:
            session.add(Conversation(id="c"))

        with transaction(read) as session:
            assert session.get(Conversation, "c") is None


def test_a_fresh_database_is_migrated_or_empty(postgres_databases: Databases) -> None:
    with postgres_databases.migrated() as whole, postgres_databases.empty() as empty:
        with open_engine(whole).connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, Table.metadata) == []
        assert inspect(open_engine(empty)).get_table_names() == []


def test_a_database_is_gone_at_the_end_though_somebody_is_connected(
    postgres_databases: Databases,
) -> None:
    with postgres_databases.migrated() as address:
        left_open = create_engine(address).connect()
        left_open.execute(text("SELECT 1"))

    with pytest.raises(OperationalError, match="terminat"):
        left_open.execute(text("SELECT 1"))
    with pytest.raises(OperationalError, match="does not exist"):
        create_engine(address).connect()


def test_the_code_uses_the_database_only_while_it_is_told_to() -> None:
    before = settings().database

    with used_by_the_code("sqlite://"):
        assert settings().database == "sqlite://"

    assert settings().database == before
