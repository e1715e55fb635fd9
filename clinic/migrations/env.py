"""Run by Alembic: connects the migrations to our tables."""

from __future__ import annotations

import logging
import time
from typing import Literal

from alembic import context
from sqlalchemy import Connection, text

from clinic.database import open_engine
from clinic.encryption import Encrypted
from clinic.settings import settings
from clinic.tables import Moment, Table

LOCK = "hashtext('front desk migrations')"
SECONDS_BETWEEN_LOOKS = 0.2
LOOKS_UNTIL_IT_IS_SAID = 50

log = logging.getLogger("clinic.migrations")


def plain_types(kind: str, item: object, _: object) -> str | Literal[False]:
    """Write our column types as what they are in the database, so migrations stand alone."""
    if kind == "type" and isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def one_at_a_time(connection: Connection) -> None:
    """Of several replicas that start together one migrates; the others then find nothing to do.

    The lock is the connection's, not a transaction's: a migration may need several of those. And
    nobody stands and waits for it in a transaction, for an index that is made while others write
    waits until every transaction before it is over.
    """
    if connection.dialect.name != "postgresql":
        return
    connection = connection.execution_options(isolation_level="AUTOCOMMIT")
    # Where the machine of the one that migrates vanishes, the server lets go of its lock soon.
    connection.execute(text("SET tcp_keepalives_idle = 30"))
    looks = 0
    while not connection.scalar(text(f"SELECT pg_try_advisory_lock({LOCK})")):
        looks += 1
        if looks % LOOKS_UNTIL_IT_IS_SAID == 0:
            log.warning("another process migrates the database; waiting for it")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def run() -> None:
    url = context.config.attributes.get("url") or settings().database
    engine = open_engine(url, patient=True)
    try:
        with engine.connect() as guard, engine.connect() as connection:
            one_at_a_time(guard)
            take_all_the_time(connection)
            migrate(connection)
    finally:
        engine.dispose()  # the guard's lock ends with it


def take_all_the_time(connection: Connection) -> None:
    """Also where the role has limits of its own, as behind PgBouncer: to make an index of a large
    table takes longer than any turn may."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = 0"))
        connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
        connection.commit()


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        # SQLite cannot alter a column; batch mode copies the table instead.
        render_as_batch=True,
        render_item=plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
