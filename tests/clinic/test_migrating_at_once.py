"""Replicas that start together: each migrates first, and all of them come up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text

from clinic.database import open_engine
from clinic.tables import Table
from tests.clinic.test_database import config_of
from tests.postgres_server import Databases, begin_and_wait

REPLICAS = 3


def migrate_at_once(url: str) -> None:
    env = {**os.environ, "CLINIC_DATABASE_URL": url}
    arguments = [sys.executable, "-m", "clinic", "migrate"]
    started = [
        subprocess.Popen(arguments, env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(REPLICAS)
    ]
    complaints = [replica.communicate()[1] for replica in started]
    assert [replica.returncode for replica in started] == [0] * REPLICAS, complaints


def test_replicas_that_migrate_an_empty_database_at_once_all_succeed(
    postgres_databases: Databases,
) -> None:
    with postgres_databases.empty() as url:
        migrate_at_once(url)
        engine = open_engine(url)
        tables = set(inspect(engine).get_table_names())
        engine.dispose()

    assert set(Table.metadata.tables) <= tables


BEFORE_TURNS = "0006"
BEGUN = "INSERT INTO conversations (id, created_at, keeps_transcript, under_age)"
BEGUN += " VALUES ('c', now(), true, false)"
SAID = "INSERT INTO messages (conversation_id, sender, key, content, at)"
SAID += " VALUES ('c', 'visitor', :key, '', now())"
USABLE = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
USABLE += " WHERE i.indisvalid AND c.relname IN ('ix_messages_in_order', 'ix_messages_by_key')"
SPOILT = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = CAST(:name AS regclass)"


@pytest.fixture
def old(postgres_databases: Databases) -> Iterator[str]:
    """The database of a clinic that comes from the version before."""
    with postgres_databases.empty() as url:
        command.upgrade(config_of(url), BEFORE_TURNS)
        yield url


def usable_indexes(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(text(USABLE)))


def test_visitors_write_on_while_a_full_table_gets_its_indexes(old: str) -> None:
    engine = open_engine(old)
    with engine.begin() as connection:
        connection.execute(text(BEGUN))
    with engine.connect() as one, engine.connect() as another:
        one.execute(text(SAID), {"key": "one"})
        migrating = begin_and_wait(engine, lambda: command.upgrade(config_of(old), "head"))
        another.execute(text("SET LOCAL lock_timeout = '1s'"))
        another.execute(text(SAID), {"key": "another"})
        another.commit()
        one.commit()
    migrating.join()

    found = usable_indexes(engine)
    engine.dispose()
    assert found == ["ix_messages_by_key", "ix_messages_in_order"]


def test_a_role_with_limits_of_its_own_can_migrate_too(old: str) -> None:
    """As behind PgBouncer: a lock may be waited for longer than any turn would wait."""
    engine, limited = open_engine(old), f"{old}&options=-c%20lock_timeout%3D50ms"
    with engine.connect() as writing:
        writing.execute(text(BEGUN))
        migrating = begin_and_wait(engine, lambda: command.upgrade(config_of(limited), "head"))
        writing.execute(text("SELECT pg_sleep(0.2)"))
        writing.commit()
    migrating.join()

    found = usable_indexes(engine)
    engine.dispose()
    assert found == ["ix_messages_by_key", "ix_messages_in_order"]


def test_a_migration_that_was_stopped_in_the_middle_is_begun_again(old: str) -> None:
    engine = open_engine(old)
    with engine.begin() as connection:
        for half_made in ("ix_messages_in_order", "ix_messages_by_key"):
            connection.execute(text(f"CREATE INDEX {half_made} ON messages (sender)"))
            connection.execute(text(SPOILT), {"name": half_made})

    command.upgrade(config_of(old), "head")

    found = usable_indexes(engine)
    engine.dispose()
    assert found == ["ix_messages_by_key", "ix_messages_in_order"]


def test_replicas_that_bring_an_old_database_up_at_once_all_succeed(old: str) -> None:
    """While one of them makes an index, which waits for whoever is in a transaction."""
    migrate_at_once(old)

    engine = open_engine(old)
    found = usable_indexes(engine)
    engine.dispose()
    assert found == ["ix_messages_by_key", "ix_messages_in_order"]


def test_the_way_back_has_no_gap_either(postgres_databases: Databases) -> None:
    with postgres_databases.migrated() as url:
        command.downgrade(config_of(url), BEFORE_TURNS)
        command.upgrade(config_of(url), "head")
        engine = open_engine(url)
        found = usable_indexes(engine)
        engine.dispose()

    assert found == ["ix_messages_by_key", "ix_messages_in_order"]
