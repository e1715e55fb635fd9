"""A PostgreSQL database: dumped with its own tools while it is in use, and brought back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from clinic.backups.backup_file import BackupError
from clinic.backups.manifest import HEAD, REVISION, Rows, Taken

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'"
)
TABLES = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
KEPT_ASIDE = "before_restore_*"
WITHOUT_OWNERS = ("--no-owner", "--no-privileges", "--no-comments")


def copy(url: str, to: Path) -> Taken:
    """One moment of the whole database, the same for the dump and for the numbers of rows."""
    opened = engine(url)
    try:
        with opened.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            taken = _taken(connection)
            dump = ("--format=custom", f"--snapshot={snapshot}", f"--exclude-schema={KEPT_ASIDE}")
            _run("pg_dump", url, (*dump, *WITHOUT_OWNERS, f"--file={to}"))
    finally:
        opened.dispose()
    return taken


def made_with(url: str) -> str:
    opened = engine(url)
    with opened.connect() as connection:
        version = connection.scalar(text("SHOW server_version"))
    opened.dispose()
    return f"PostgreSQL {version}"


def _taken(connection: Connection) -> Taken:
    counted = rows(connection)
    if "alembic_version" not in counted:
        return Taken(counted)
    place, seal = connection.execute(text(HEAD)).one()
    return Taken(counted, connection.scalar(text(REVISION)) or "", f"{place}:{seal}")


def rows(connection: Connection) -> Rows:
    """How many each table has."""
    quote = connection.dialect.identifier_preparer.quote
    names = connection.scalars(TABLES).all()
    # The names come from the database itself, quoted.
    query = "SELECT count(*) FROM public."
    return {name: connection.scalar(text(query + quote(name))) or 0 for name in names}


def is_empty(url: str) -> bool:
    opened = engine(url)
    with opened.connect() as connection:
        counted = rows(connection)
    opened.dispose()
    return not any(number for name, number in counted.items() if name != "alembic_version")


def put_in_place(
    dumped: Path, url: str, moment: str, expected: Rows
) -> tuple[str, Callable[[], None]]:
    """Returns the address of what was there before, kept as a schema of its own, and an undo.

    Raises:
        BackupError: a process of ours still has the database open, or the dump does not fit.
    """
    kept = f"before_restore_{moment.lower()}"
    opened = engine(url)

    def undo() -> None:
        with opened.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text(f"ALTER SCHEMA {kept} RENAME TO public"))

    with opened.begin() as connection:
        if connection.scalar(OTHERS):
            raise BackupError("The database is in use. Stop rasa, actions and web first.")
        try:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {kept}"))
            connection.execute(text("CREATE SCHEMA public"))
        except ProgrammingError:
            raise BackupError("The database user must own the database to restore it.") from None
    try:
        _run("pg_restore", url, ("--single-transaction", *WITHOUT_OWNERS, str(dumped)))
        with opened.connect() as connection:
            if rows(connection) != expected:
                raise BackupError("The backup does not hold the rows it should.")
    except BaseException:
        undo()
        raise
    finally:
        opened.dispose()
    return (_looking_at(url, kept), undo)


def engine(url: str) -> Engine:
    """With our own driver, whatever Rasa uses."""
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))


def _looking_at(url: str, schema: str) -> str:
    """The same address, for one schema of it."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    address = address.update_query_dict({"options": f"-csearch_path={schema}"})
    return address.render_as_string(hide_password=False)


def _run(tool: str, url: str, arguments: Sequence[str]) -> None:
    """The password goes in by the environment: others on this machine can read a command line."""
    program = shutil.which(tool)
    if program is None:
        raise BackupError(
            f"`{tool}` is not installed here. Install PostgreSQL's client programs, of the "
            "server's version or newer."
        )
    opened = engine(url)
    known: dict[str, Any] = dict(opened.dialect.create_connect_args(opened.url)[1])
    # Beside what the address says stand objects of the driver's own.
    parts = {name: str(value) for name, value in known.items() if isinstance(value, str | int)}
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    command = [program, "--no-password", f"--dbname={make_conninfo(**parts)}", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        # Its own words may name the host and the user: only what we know of is passed on.
        if "version mismatch" in done.stderr or "unsupported version" in done.stderr:
            raise BackupError(f"`{tool}` is older than the server. Install a newer one.")
        raise BackupError(f"`{tool}` failed ({done.returncode}). Nothing was changed.")
