"""Open a backup: every byte of it is looked at before any of it is used."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from pathlib import Path

from clinic.backups import backup_file, manifest
from clinic.backups.manifest import Copied, Manifest
from clinic.backups.sealed_file import Damaged, OpeningReader

LONGEST_MANIFEST = 1024 * 1024


def check(path: Path) -> Manifest:
    """Look at the whole file; nothing is written.

    Raises:
        NotOurs, Damaged: it cannot be used.
    """
    return _read(path, None)


def take_out(path: Path, into: Path) -> Manifest:
    """The same, and the databases in it are written into a folder."""
    return _read(path, into)


def _read(path: Path, into: Path | None) -> Manifest:
    with path.open("rb") as file, io.BufferedReader(OpeningReader(file)) as opened:
        try:
            with tarfile.open(fileobj=opened, mode="r|") as archive:
                described = _manifest(archive)
                for copied in described.databases:
                    _member(archive, copied, into)
        except tarfile.TarError:
            raise Damaged("This backup is damaged or not whole. Take another one.") from None
        while opened.read(manifest.AT_ONCE):
            pass  # to the end: only there is it certain that nothing was cut off
    return described


def _manifest(archive: tarfile.TarFile) -> Manifest:
    entry = archive.next()
    content = entry and archive.extractfile(entry)
    if not content:
        raise Damaged("This backup does not say what is in it.")
    described = Manifest.from_json(content.read(LONGEST_MANIFEST))
    if described.format != manifest.FORMAT:
        raise Damaged("A newer version of this product made this backup. Please update it.")
    return described


def _member(archive: tarfile.TarFile, copied: Copied, into: Path | None) -> None:
    entry = archive.next()
    content = entry and archive.extractfile(entry)
    if entry is None or not content or entry.name != copied.file:
        raise Damaged("This backup lacks a database that it should hold.")
    digest = hashlib.sha256()
    name = Path(copied.file).name  # never a way out of the folder
    target = os.devnull if into is None else into / name
    handle = os.open(target, os.O_WRONLY) if into is None else backup_file.new_file(into / name)
    with os.fdopen(handle, "wb") as file:
        while some := content.read(manifest.AT_ONCE):
            digest.update(some)
            file.write(some)
    if digest.hexdigest() != copied.sha256:
        raise Damaged("A database in this backup is not the one that was put in.")
