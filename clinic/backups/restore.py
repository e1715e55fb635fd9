"""Bring a backup back. All of it is looked at first, and what was there before is kept aside."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory
from sqlalchemy import delete, inspect
from sqlalchemy.exc import SQLAlchemyError

from clinic import audit, audit_check
from clinic.audit_chain import Head
from clinic.audit_check import Findings
from clinic.backups import create, erased, open_backup, postgres_copy, sqlite_copy
from clinic.backups.backup_file import BackupError
from clinic.backups.erased import Again, Known
from clinic.backups.manifest import CLINIC, Copied, Manifest
from clinic.clock import now
from clinic.database import MIGRATIONS, engine, migrate, open_engine, reading, transaction
from clinic.tables import StaffSession

RESTORING = ".restoring-"
MOMENT = "%Y%m%dT%H%M%S%fZ"
"""What is put aside is called after it: to the microsecond, as two may be restored in a second."""
NOT_YET_ERASED = "not-yet-erased.jsonl"
"""Where a restore that could not be finished leaves what it knew."""


@dataclass(frozen=True)
class Restored:
    """What came of it, for a person to read."""

    manifest: Manifest
    kept_aside: tuple[str, ...]
    left_out: tuple[str, ...]
    """Databases of the backup whose address is not known here."""
    again: Again
    log: Findings
    knows_all_erased: bool
    """Whether the replaced database told who was erased since the backup was made."""
    erased_known_until: datetime | None
    """Who was erased after that may be back; None where nothing said anything."""


class NotFinished(BackupError):
    """The backup is in place, and something that must be done to it was not."""


def restore(
    path: Path, databases: dict[str, str], *, replace: bool = False, lists: Iterable[Path] = ()
) -> Restored:
    """Put the backup in the place of what is there.

    Args:
        replace: whether a database that holds something may be put aside.
        lists: of people who were erased, as `backup erased` writes them.

    Raises:
        NotFinished: the data are back, people who were erased may be, too.
        BackupError, NotOurs, Damaged: nothing was changed.
    """
    known = [erased.read_list(listed) for listed in lists]
    with TemporaryDirectory(prefix=RESTORING, dir=_room_for(databases, path)) as folder:
        work = Path(folder)
        described = open_backup.take_out(path, work)
        _refuse_newer(described)
        _refuse_other_homes(described, databases)
        wanted = [(one, databases.get(one.holds[0], "")) for one in described.databases]
        places = [(copied, url) for copied, url in wanted if url]
        for copied, url in places:
            _refuse(copied, url, work, replace=replace)
        engine().dispose()
        before = _put_in_place(places, work)
    from_before = _erased_before(before, described)
    known += [from_before] if from_before else []
    try:
        again = _finish(databases[CLINIC], described, known)
        log = _look_at_the_log(described)
    except (Exception, KeyboardInterrupt) as error:
        raise _not_finished(error, path.parent, described, known) from error
    return Restored(
        described,
        kept_aside=tuple(_shown(kept) for kept in before if kept),
        left_out=tuple(copied.holds[0] for copied, url in wanted if not url),
        again=again,
        log=log,
        knows_all_erased=from_before is not None,
        erased_known_until=_until(known),
    )


def _finish(url: str, described: Manifest, known: list[Known]) -> Again:
    """Nobody is signed in by an old cookie, first of all; what is told later is said early."""
    _sign_everybody_out(url)
    migrate(url)
    engine.cache_clear()
    _say_so_in_the_log(described)
    gone = [one for each in known for one in each.gone]
    return erased.erase_again(gone, made_at=described.made_at)


def _not_finished(
    error: BaseException, folder: Path, described: Manifest, known: list[Known]
) -> NotFinished:
    """What the replaced database said of the erased is kept: the next restore cannot read it."""
    gone = [one for each in known for one in each.gone]
    try:
        kept = str(erased.write(gone, folder, NOT_YET_ERASED, until=_until(known)))
    except OSError:
        kept = erased.LIST
    made_at = described.made_at.isoformat()
    return NotFinished(
        f"THE BACKUP IS IN PLACE BUT NOT FINISHED ({type(error).__name__}): do not start the "
        "product. Run `python -m clinic migrate`, then "
        f"`python -m clinic backup erase-again {kept} --made-at {made_at}`."
    )


def _until(known: list[Known]) -> datetime | None:
    return max((one.until for one in known if one.until), default=None)


def _room_for(databases: dict[str, str], backup: Path) -> Path:
    """Beside the database where it is a file, so that it can be moved in one step."""
    folder = backup.parent
    if create.kind_of(databases[CLINIC]) == create.SQLITE:
        folder = Path(databases[CLINIC].removeprefix("sqlite:///")).parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{RESTORING}*"):
        shutil.rmtree(left, ignore_errors=True)  # of one that was killed
    return folder


def _refuse_newer(described: Manifest) -> None:
    known = {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if described.revision not in known:
        raise BackupError(
            "A newer version of this product made this backup. Please update the product first."
        )


def _refuse_other_homes(described: Manifest, databases: dict[str, str]) -> None:
    """What was one database cannot come back as two, nor two as one."""
    here = {holds for _, holds in create.distinct(databases)}
    for copied in described.databases:
        if all(name in databases for name in copied.holds) and copied.holds not in here:
            raise BackupError(
                "The backup keeps the clinic's and Rasa's data in databases of their own, or both "
                "in one, and this setup does not. Set the same for the restore."
            )


def _refuse(copied: Copied, url: str, work: Path, *, replace: bool) -> None:
    """All that can be known before anything is touched."""
    if create.kind_of(url) != copied.engine:
        raise BackupError(
            f"The backup is of {copied.made_with}; this setup uses {create.kind_of(url)}."
        )
    is_file = copied.engine == create.SQLITE
    if is_file:
        sqlite_copy.verify(work / copied.file, copied.rows)
    if not (sqlite_copy if is_file else postgres_copy).is_empty(url) and not replace:
        raise BackupError(
            f"The {copied.holds[0]} database is not empty. With --replace it is put aside, and "
            "the backup takes its place."
        )


def _put_in_place(places: list[tuple[Copied, str]], work: Path) -> list[str]:
    """All of them or none. Returns the addresses of what was there before, the clinic's first."""
    moment, before = now().strftime(MOMENT), []
    with ExitStack() as undone:
        for copied, url in places:
            file = work / copied.file
            if copied.engine == create.SQLITE:
                kept, undo = sqlite_copy.put_in_place(file, url, moment)
            else:
                kept, undo = postgres_copy.put_in_place(file, url, moment, copied.rows)
            undone.callback(undo)
            before.append(kept)
        undone.pop_all()
    return before


def _erased_before(before: list[str], described: Manifest) -> Known | None:
    """What the clinic's database that was put aside says; None where it says nothing."""
    if not before or not before[0] or _is_broken(before[0]):
        return None
    opened = open_engine(before[0])
    try:
        return Known(tuple(erased.from_log(opened, since=described.made_at)), now())
    except (SQLAlchemyError, ValueError):
        return None
    finally:
        opened.dispose()


def _is_broken(url: str) -> bool:
    return create.kind_of(url) == create.SQLITE and sqlite_copy.is_broken(url)


def _sign_everybody_out(url: str) -> None:
    """In whatever version's tables came back."""
    opened = open_engine(url, patient=True)
    try:
        if inspect(opened).has_table(StaffSession.__tablename__):
            with opened.begin() as connection:
                connection.execute(delete(StaffSession))
    finally:
        opened.dispose()


def _say_so_in_the_log(described: Manifest) -> None:
    with transaction() as session:
        audit.record(
            session,
            actor="system",
            action=erased.WAS_RESTORED,
            subject="database",
            detail=described.made_at.isoformat(),
        )


def _look_at_the_log(described: Manifest) -> Findings:
    place, _, seal = described.audit_head.partition(":")
    with reading() as session:
        return audit_check.check(session, known=Head(int(place), seal))


def _shown(url: str) -> str:
    """A file, or a schema; never a password."""
    return url.removeprefix("sqlite:///") if url.startswith("sqlite") else url.rpartition("=")[2]
