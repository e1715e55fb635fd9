"""A SQLite database: copied while it is in use, and put in another's place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from clinic.backups.backup_file import BackupError, publish
from clinic.backups.manifest import HEAD, REVISION, Rows, Taken

MADE_WITH = f"SQLite {sqlite3.sqlite_version}"
BESIDE = ("-wal", "-shm")


def copy(url: str, to: Path) -> Taken:
    """One moment of the whole database. Who writes meanwhile does not wait."""
    source = _path(url)
    if not source.is_file():
        raise BackupError(f"There is no database at {source}.")
    with closing(sqlite3.connect(source, timeout=30)) as connection:
        try:
            connection.execute("VACUUM INTO ?", (str(to),))
        except sqlite3.Error:
            raise BackupError(
                f"{source.name} could not be copied. Is there room on the disk, and is the "
                "database whole?"
            ) from None
    counted = rows(to)
    if "alembic_version" not in counted:
        return Taken(counted)
    with closing(sqlite3.connect(to)) as connection:
        (revision,) = connection.execute(REVISION).fetchone()
        place, seal = connection.execute(HEAD).fetchone()
    return Taken(counted, revision, f"{place}:{seal}")


def rows(path: Path) -> Rows:
    """How many each table has."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        # The names come from the database itself; a quote in one would be doubled.
        return {name: _count(connection, name) for (name,) in names.fetchall()}


def is_empty(url: str) -> bool:
    path = _path(url)
    if not path.is_file():
        return True
    if is_broken(url):
        return False  # whatever is left in it, nobody overwrites it without leave
    try:
        counted = rows(path)
    except sqlite3.DatabaseError:
        return False
    return not any(number for name, number in counted.items() if name != "alembic_version")


def is_broken(url: str) -> bool:
    """Asked without a change: who opens it to write may lose what lies beside it."""
    try:
        with closing(sqlite3.connect(f"{_path(url).as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return False  # in use, or not ours to read: the next step says so
    except sqlite3.DatabaseError:
        return True
    return False


def verify(path: Path, expected: Rows) -> None:
    """Whether a copy that was taken out of a backup is sound, and all is there."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            is_sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        is_sound = False
    if not is_sound:
        raise BackupError("The database in this backup is damaged. Nothing was changed.")
    if rows(path) != expected:
        raise BackupError("The backup does not hold the rows it should. Nothing was changed.")


def put_in_place(copied: Path, url: str, moment: str) -> tuple[str, Callable[[], None]]:
    """Returns the address of what was there before, kept under another name, and an undo.

    Raises:
        BackupError: a process of ours still has the database open.
    """
    path = _path(url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = path.with_name(f"{path.stem}.before-restore-{moment}{path.suffix}")
    was_there = path.is_file()
    if was_there:
        if not is_broken(url):
            _close_for_all(path)
        # Under both names for a moment: there is none in which no database is there.
        kept.hardlink_to(path)
        _move_beside(path, kept)

    def undo() -> None:
        if was_there:
            kept.replace(path)
            _move_beside(kept, path)
        else:
            path.unlink(missing_ok=True)

    try:
        publish(copied, path)
    except BaseException:
        undo()
        raise
    return (f"sqlite:///{kept}" if was_there else "", undo)


def _close_for_all(path: Path) -> None:
    """Bring what lies beside the file into it; SQLite does so only if nobody else is there."""
    with closing(sqlite3.connect(path, timeout=0.5, isolation_level=None)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = None
        except sqlite3.DatabaseError:
            return  # broken: nobody can bring anything into it, so all of it is kept as it is
    if mode != ("delete",):
        raise BackupError(f"{path.name} is in use. Stop rasa, actions and web first.")


def _move_beside(path: Path, other: Path) -> None:
    """What a whole database has brought into its file, and a broken one has beside it still."""
    for ending in BESIDE:
        lying = path.with_name(f"{path.name}{ending}")
        if lying.exists():
            lying.replace(other.with_name(f"{other.name}{ending}"))


def _count(connection: sqlite3.Connection, name: str) -> int:
    quoted = name.replace('"', '""')
    (number,) = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()  # noqa: S608
    return int(number)


def _path(url: str) -> Path:
    return Path(make_url(url).database or "").absolute()
