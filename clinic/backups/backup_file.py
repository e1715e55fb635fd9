"""Backup files in their folder: how they are named, made whole, found again and let go."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from clinic.backups.sealed_file import NotOurs, read_header
from clinic.clock import now

ENDING = ".backup"
NAME = f"front-desk-%Y%m%dT%H%M%SZ{ENDING}"
UNFINISHED = ".unfinished-"
LOCK = ".lock"


class BackupError(Exception):
    """A backup could not be made or brought back; the message says what to do."""


@dataclass(frozen=True)
class Found:
    """A backup as its name and its first bytes show it."""

    path: Path
    made_at: datetime
    can_be_opened: bool
    """Whether we have its key. Whether it is whole only `backup check` says."""


def newest(folder: Path) -> Found | None:
    """Of those whose names say when they were made."""
    made = [(at, path) for path in folder.glob(f"*{ENDING}") if (at := _made_at(path))]
    if not made:
        return None
    at, path = max(made)
    with path.open("rb") as file:
        try:
            can_be_opened = read_header(file).secret is not None
        except NotOurs:
            can_be_opened = False
    return Found(path, at, can_be_opened)


def drop_old(folder: Path, keep: timedelta) -> list[Path]:
    """Let go of those that are older; the newest one always stays."""
    latest = newest(folder)
    dropped = []
    for path in sorted(folder.glob(f"*{ENDING}")):
        at = _made_at(path)
        if at and latest and path != latest.path and at < now() - keep:
            path.unlink()
            dropped.append(path)
    return dropped


@contextmanager
def working_folder(folder: Path) -> Iterator[Path]:
    """For what is not finished: only ours to read, gone at the end, whatever happens.

    What a process left here that was killed is swept away first.

    Raises:
        BackupError: another process is making a backup here.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup is being made in this folder.") from None
        for left in folder.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        made = Path(mkdtemp(prefix=UNFINISHED, dir=folder))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def publish(unfinished: Path, target: Path) -> None:
    """Whole or not at all: it gets its name once every byte of it is on the disk."""
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def new_file(path: Path) -> int:
    """For its owner only, from the first byte on."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _made_at(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
