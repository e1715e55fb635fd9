"""What a backup says of itself: when it was made, of what, and how much is in it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

NAME = "manifest.json"
FORMAT = 1
CLINIC, TRACKER = "clinic", "tracker"
AT_ONCE = 1024 * 1024


REVISION = "SELECT version_num FROM alembic_version"
HEAD = "SELECT place, hash FROM audit WHERE place IS NOT NULL ORDER BY place DESC LIMIT 1"

Rows = dict[str, int]
"""How many each table has."""


@dataclass(frozen=True)
class Taken:
    """What a database was at the moment it was copied. Empty where it is not the clinic's."""

    rows: Rows
    revision: str = ""
    audit_head: str = ""


@dataclass(frozen=True)
class Copied:
    """One database of it."""

    holds: tuple[str, ...]
    """CLINIC, TRACKER, or both where they share one."""
    engine: str
    made_with: str
    file: str
    bytes: int
    sha256: str
    rows: Rows


@dataclass(frozen=True)
class Manifest:
    """`revision` is the newest migration; `audit_head` shows later whether the log is whole."""

    made_at: datetime
    revision: str
    audit_head: str
    databases: tuple[Copied, ...]
    format: int = FORMAT

    def as_json(self) -> bytes:
        values = {**asdict(self), "made_at": self.made_at.isoformat()}
        return json.dumps(values, indent=1).encode()

    @classmethod
    def from_json(cls, written: bytes) -> Manifest:
        values: dict[str, Any] = json.loads(written)
        databases = (Copied(**{**one, "holds": tuple(one["holds"])}) for one in values["databases"])
        made_at = datetime.fromisoformat(values["made_at"])
        return cls(**{**values, "made_at": made_at, "databases": tuple(databases)})


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while some := file.read(AT_ONCE):
            digest.update(some)
    return digest.hexdigest()
