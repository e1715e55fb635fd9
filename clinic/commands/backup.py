"""`backup create | check | restore | erased | erase-again`: one sealed file, and the way back."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clinic.backups import backup_file, create, erased, open_backup
from clinic.backups.manifest import CLINIC, TRACKER, Manifest
from clinic.backups.restore import restore
from clinic.commands.audit import in_words
from clinic.commands.written_settings import written
from clinic.settings import HOME, settings

KEYS_ARE_NOT_IN_IT = (
    "THE KEYS ARE NOT IN IT. Without CLINIC_ENCRYPTION_KEYS, RASA_TRACKER_KEYS and "
    "CLINIC_SEARCH_KEY nobody can read it, you neither: keep a copy of them somewhere else."
)
NOTHING_SAID = "NOTHING SAID who was erased after this backup was made, so they are back. "
KNOWN_UNTIL = "WHO WAS ERASED AFTER {} UTC IS BACK, as no list knows of them. "
TAKE_THE_NEWEST = (
    "Take the newest list there is: `python -m clinic backup erase-again erased.jsonl`."
)


def add_to(commands: _SubParsersAction[ArgumentParser]) -> None:
    command = commands.add_parser("backup", help="all data in one sealed file, and the way back")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_making(deeds)
    _add_restoring(deeds)


def _add_making(deeds: _SubParsersAction[ArgumentParser]) -> None:
    make = deeds.add_parser(
        "create",
        help="write a backup of the databases into a folder; the product goes on meanwhile",
        description="The clinic's database and, where RASA_TRACKER_URL is known, Rasa's. "
        "PostgreSQL needs its client programs (pg_dump) on this machine.",
    )
    make.add_argument("folder", metavar="FOLDER", type=Path)
    make.add_argument("--keep", metavar="DAYS", type=int, help="delete older ones in this folder")
    make.set_defaults(run=run_create)

    check = deeds.add_parser("check", help="look whether a backup is whole and ours")
    check.add_argument("file", metavar="FILE", type=Path)
    check.set_defaults(run=run_check)

    names = deeds.add_parser(
        "erased",
        help="write the ids of who was erased into a folder, for a restore; no names",
        description="`create` does it too. Run it often, into a place that survives this machine.",
    )
    names.add_argument("folder", metavar="FOLDER", type=Path)
    names.set_defaults(run=run_erased)


def _add_restoring(deeds: _SubParsersAction[ArgumentParser]) -> None:
    back = deeds.add_parser(
        "restore",
        help="put a backup in the place of the databases; stop the product first",
        description="Looks at the whole file first. What is there is put aside, with --replace "
        "only. People who were erased since are erased again, as far as anything knows of them.",
    )
    back.add_argument("file", metavar="FILE", type=Path)
    back.add_argument("--replace", action="store_true", help="put aside what is there")
    back.add_argument(
        "--erased",
        metavar="LIST",
        type=Path,
        action="append",
        default=[],
        help="who was erased since; one that lies beside the backup is read anyhow",
    )
    back.set_defaults(run=run_restore)

    again = deeds.add_parser("erase-again", help="erase those on a list, after a restore")
    again.add_argument("list", metavar="LIST", type=Path)
    again.add_argument(
        "--made-at",
        metavar="MOMENT",
        type=_moment,
        help="when the backup was made, after a restore that could not be finished",
    )
    again.set_defaults(run=run_erase_again)


def run_create(asked: Namespace) -> None:
    path, manifest = create.create(asked.folder, _databases())
    print(path)
    _describe(manifest)
    number = erased.write_list(asked.folder)
    print(f"{asked.folder / erased.LIST}: {number:,} records that were erased, by id.")
    if asked.keep is not None:
        dropped = backup_file.drop_old(asked.folder, timedelta(days=asked.keep))
        print(f"Deleted: {len(dropped)} older than {asked.keep} days.")
    print(KEYS_ARE_NOT_IN_IT, file=sys.stderr)


def run_check(asked: Namespace) -> None:
    _describe(open_backup.check(asked.file))
    print("The backup is whole, and our keys open it.")


def run_restore(asked: Namespace) -> int:
    beside = asked.file.parent / erased.LIST
    lists = [*asked.erased, *([beside] if beside.is_file() else [])]
    done = restore(asked.file, _databases(), replace=asked.replace, lists=lists)
    _describe(done.manifest)
    for kept in done.kept_aside:
        print(f"What was there before is kept as {kept}. Delete it once all is well.")
    for name in done.left_out:
        print(f"NOT restored: the {name} database, as RASA_TRACKER_URL is not set here.")
    print(f"Erased again: {done.again.erased} records of people who were erased since.")
    print(*in_words(done.log), sep="\n")
    print("Everybody is signed out. Look at `staff list`: who was deactivated since is back.")
    _say_until_when(done.erased_known_until)
    if not done.knows_all_erased:
        at = done.erased_known_until
        back = KNOWN_UNTIL.format(f"{at:%Y-%m-%d %H:%M}") if at else NOTHING_SAID
        print(back + TAKE_THE_NEWEST, file=sys.stderr)
    return int(not done.log.is_whole or bool(done.again.failed))


def run_erased(asked: Namespace) -> None:
    print(f"{erased.write_list(asked.folder):,} records.")


def run_erase_again(asked: Namespace) -> int:
    known = erased.read_list(asked.list)
    made_at = asked.made_at or erased.restored_to()
    done = erased.erase_again(known.gone, made_at=made_at)
    print(f"Erased again: {done.erased} records.")
    _say_until_when(known.until)
    if done.failed:
        print(f"{done.failed} could not be erased; see the lines above.", file=sys.stderr)
    return int(bool(done.failed))


def _say_until_when(known: datetime | None) -> None:
    if known:
        print(f"Who was erased is known until {known:%Y-%m-%d %H:%M} UTC.")


def _describe(manifest: Manifest) -> None:
    print(f"Made {manifest.made_at:%Y-%m-%d %H:%M} UTC, at migration {manifest.revision}:")
    for copied in manifest.databases:
        rows, size = sum(copied.rows.values()), copied.bytes / 10**6
        of = f"{rows:,} rows of {len(copied.rows)} tables, {size:,.1f} MB"
        print(f"  {' and '.join(copied.holds)}: {of}, {copied.made_with}")


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _databases() -> dict[str, str]:
    """The tracker's is where `make run` puts it, unless the settings say otherwise."""
    known = {CLINIC: settings().database}
    usual = HOME / "var" / "rasa.db"
    tracker = written("RASA_TRACKER_URL") or (f"sqlite:///{usual}" if usual.is_file() else "")
    return {**known, TRACKER: tracker} if tracker else known
