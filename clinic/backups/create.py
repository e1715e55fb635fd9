"""Make a backup while the product runs: copy the databases, seal the copies into one file."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

from sqlalchemy.engine import make_url

from clinic import audit
from clinic.backups import backup_file, manifest, postgres_copy, sqlite_copy
from clinic.backups.manifest import Copied, Manifest, Taken
from clinic.backups.sealed_file import SealingWriter
from clinic.clock import now
from clinic.database import transaction

SQLITE = "sqlite"
PLACE = ("host", "port", "database")


def create(folder: Path, databases: dict[str, str]) -> tuple[Path, Manifest]:
    """Returns the finished file and what is in it.

    Args:
        databases: the addresses by name: the clinic's, and the tracker's where it is known.
    """
    with backup_file.working_folder(folder) as work:
        # First of all: nothing leaves without a trace.
        with transaction() as session:
            audit.record(session, actor="system", action="database.backed_up", subject="database")
        # Looked at before the copies: what was erased since then is erased again after a restore.
        made_at = now()
        # The clinic's first: whom it erases in between, the tracker may know or not. The other
        # way, the clinic would say that the tracker has forgotten somebody whom it still has.
        copies = [_copied(url, holds, work) for url, holds in distinct(databases)]
        taken = copies[0][1]
        described = Manifest(
            made_at, taken.revision, taken.audit_head, tuple(copied for copied, _ in copies)
        )
        _seal(work / "sealed", work, described)
        target = folder / made_at.strftime(backup_file.NAME)
        backup_file.publish(work / "sealed", target)
    return target, described


def kind_of(url: str) -> str:
    return make_url(url).get_backend_name()


def distinct(databases: dict[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """A database that holds both is copied once."""
    found: dict[object, tuple[str, tuple[str, ...]]] = {}
    for name, url in databases.items():
        address = make_url(url)
        place = (*(getattr(address, part) for part in PLACE), str(address.query.get("host")))
        first, holds = found.get(place, (url, ()))
        found[place] = (first, (*holds, name))
    return list(found.values())


def _copied(url: str, holds: tuple[str, ...], work: Path) -> tuple[Copied, Taken]:
    kind = kind_of(url)
    path = work / f"{holds[0]}.{'db' if kind == SQLITE else 'pgdump'}"
    if kind == SQLITE:
        taken, made_with = sqlite_copy.copy(url, path), sqlite_copy.MADE_WITH
    else:
        taken, made_with = postgres_copy.copy(url, path), postgres_copy.made_with(url)
    size, digest = path.stat().st_size, manifest.sha256(path)
    return Copied(holds, kind, made_with, path.name, size, digest, taken.rows), taken


def _seal(target: Path, work: Path, described: Manifest) -> None:
    with os.fdopen(backup_file.new_file(target), "wb") as file:
        writer = SealingWriter(file)
        with tarfile.open(fileobj=writer, mode="w|") as archive:
            said = described.as_json()
            entry = tarfile.TarInfo(manifest.NAME)
            entry.size = len(said)
            archive.addfile(entry, io.BytesIO(said))
            for copied in described.databases:
                archive.add(work / copied.file, arcname=copied.file)
        writer.finish()
