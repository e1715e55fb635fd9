"""A machine on which nothing is left open: good secrets, private files, room, a fresh backup."""

from __future__ import annotations

import secrets
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from clinic.backups import backup_file
from clinic.backups.sealed_file import SealingWriter
from clinic.clock import now
from clinic.commands import own_addresses, written_settings
from clinic.derived_keys import derived_key
from clinic.settings import settings

Usage = namedtuple("Usage", "total used free")
GB = 10**9


@dataclass
class Machine:
    """What a test may change of it."""

    folder: Path
    backups: Path
    database: Path
    dotenv: Path
    disk: Usage = field(default=Usage(100 * GB, 40 * GB, 60 * GB))
    addresses: list[str] = field(default_factory=list)
    """By which other machines reach it."""


@pytest.fixture
def machine(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    database = Path(database_url.removeprefix("sqlite:///"))
    made = Machine(tmp_path, tmp_path / "backups", database, tmp_path / ".env")
    made.backups.mkdir(mode=0o700)
    made.dotenv.touch(mode=0o600)
    database.chmod(0o600)
    monkeypatch.setattr(written_settings, "DOTENV", made.dotenv)
    monkeypatch.setattr(own_addresses, "outer_addresses", lambda: made.addresses)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: made.disk)
    for name in ("CLINIC_ACTION_TOKEN", "CLINIC_SEARCH_KEY"):
        monkeypatch.setenv(name, secrets.token_urlsafe())
    monkeypatch.setenv("RASA_TRACKER_KEYS", Fernet.generate_key().decode())
    monkeypatch.setenv("RASA_TRACKER_URL", f"sqlite:///{tmp_path / 'rasa.db'}")
    monkeypatch.setenv("CLINIC_BACKUP_FOLDER", str(made.backups))
    _forget_settings()
    a_backup(made.backups)
    yield made
    _forget_settings()


def a_backup(folder: Path, hours_ago: float = 1) -> Path:
    """An empty one, made then."""
    at = now() - timedelta(hours=hours_ago)
    path = folder / at.strftime(backup_file.NAME)
    with open(backup_file.new_file(path), "wb") as file:
        SealingWriter(file).finish()
    return path


def _forget_settings() -> None:
    settings.cache_clear()
    derived_key.cache_clear()
