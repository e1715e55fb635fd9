"""What the doctor looks at for secrets: that they are some, and that nobody else reads them."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from clinic.commands import weak_secrets, written_settings
from clinic.commands.checks import BROKEN, LOOK, OK
from clinic.commands.own_addresses import is_loopback
from clinic.commands.written_settings import written
from clinic.settings import HOME, settings

MOST_NAMED = 3
BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")


def secrets_are_strong() -> tuple[str, str]:
    found = weak_secrets.secrets()
    if weak := weak_secrets.weak(found):
        return BROKEN, (
            f"can be guessed: {', '.join(weak)}. `python -m clinic keys new` prints a good one, "
            "and docs/operations.md says how to change each."
        )
    if twice := weak_secrets.used_twice(found):
        return BROKEN, (
            f"the same value stands in {', '.join(twice)}. Each needs one of its own: "
            "`python -m clinic keys new`."
        )
    rasa_is_here = is_loopback(urlsplit(settings().rasa_url).hostname or "")
    if rasa_is_here and not written("RASA_TRACKER_KEYS"):
        return BROKEN, (
            "RASA_TRACKER_KEYS is set neither in the environment nor in .env, so Rasa cannot keep "
            "conversations. `python -m clinic keys new` prints one."
        )
    return OK, "long, made by chance, and each of its own."


def files_are_private() -> tuple[str, str]:
    """Whether others on this machine can read what we write down, or the keys to it."""
    by_all, by_group = [], []
    for path in _secret_files():
        mode = path.stat().st_mode
        if mode & stat.S_IRWXO:
            by_all.append(path)
        elif mode & stat.S_IRWXG:
            by_group.append(path)
    if by_all:
        return BROKEN, f"everybody on this machine can read or change {_named(by_all)}"
    if by_group:
        return LOOK, f"a group of users can read or change {_named(by_group)}"
    return OK, "only their owner can read settings, databases and backups."


def _secret_files() -> Iterator[Path]:
    """Those that are on this machine; in a container there may be none."""
    for path in (written_settings.DOTENV, *_database_files(), *_backups()):
        if path.exists():
            yield path


def _database_files() -> Iterator[Path]:
    rasas = written("RASA_TRACKER_URL") or f"sqlite:///{HOME / 'var' / 'rasa.db'}"
    for url in (settings().database, rasas):
        try:
            address = make_url(url)
        except ArgumentError:
            continue  # the check of the database, or Rasa itself, says so
        if address.get_backend_name() == "sqlite" and address.database:
            for ending in BESIDE_A_DATABASE:
                yield Path(address.database + ending)


def _backups() -> list[Path]:
    folder = settings().backup_folder
    return [*Path(folder).glob("*.backup")] if folder else []


def _named(paths: list[Path]) -> str:
    first = ", ".join(map(str, paths[:MOST_NAMED]))
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    return f"{first}{more}. Run `chmod 600` on each."
