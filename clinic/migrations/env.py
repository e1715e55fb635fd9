"""Run by Alembic: connects the migrations to our tables."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection, text

from clinic.database import open_engine
from clinic.encryption import Encrypted
from clinic.settings import settings
from clinic.tables import Moment, Table


def plain_types(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our column types as what they are in the database, so migrations stand alone."""
    if kind == "type" and isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def one_at_a_time(connection: Connection) -> None:
    """Of several replicas that start together one migrates; the others then find nothing to do."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('front desk migrations'))"))


def run() -> None:
    url = context.config.attributes.get("url") or settings().database
    engine = open_engine(url, patient=True)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Table.metadata,
            # SQLite cannot alter a column; batch mode copies the table instead.
            render_as_batch=True,
            render_item=plain_types,
        )
        with context.begin_transaction():
            one_at_a_time(connection)
            context.run_migrations()
    engine.dispose()


run()
