"""Of the threads that write to one SQLite file, one comes after the other.

SQLite lets a writer look again now and then, with longer and longer breaks: among many, some would
find the file free late, and some never.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import monotonic

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

SECONDS_FOR_A_LOCKED_FILE = 2.5
"""How long one transaction waits for all that write before it: here in line, then for writers of
other processes. A turn has two transactions, and the visitor's page gives up after twelve seconds:
before that we say what could not be kept."""


class _Waited(threading.local):
    seconds = 0.0


_waited = _Waited()


@contextmanager
def in_line(opened: Engine) -> Iterator[None]:
    """Be the one who writes to this file; whoever does not come to be that in time fails as SQLite
    would.

    Raises:
        OperationalError: the file is locked.
    """
    if opened.dialect.name != "sqlite":
        yield
        return
    line, came_at = line_before(str(opened.url)), monotonic()
    if not line.acquire(timeout=SECONDS_FOR_A_LOCKED_FILE):
        locked = sqlite3.OperationalError("database is locked")
        raise OperationalError("BEGIN IMMEDIATE", None, locked)
    try:
        _waited.seconds = monotonic() - came_at
        yield
    finally:
        _waited.seconds = 0.0
        line.release()


def ms_left() -> int:
    """How long SQLite itself may still wait in this thread."""
    return round(1000 * max(0.0, SECONDS_FOR_A_LOCKED_FILE - _waited.seconds))


@lru_cache
def line_before(url: str) -> threading.Lock:
    return threading.Lock()
