"""A backup is whole or it is none; it holds both databases, and only our keys open it."""

from __future__ import annotations

import os
import signal
import threading
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest

from clinic import conversations
from clinic.backups import backup_file, create, erased, open_backup
from clinic.backups.backup_file import BackupError
from clinic.backups.manifest import CLINIC, TRACKER
from clinic.backups.sealed_file import Damaged
from clinic.clock import now
from clinic.commands.command_line import main
from clinic.database import engine, transaction
from clinic.tables import AuditEntry, Conversation
from tests.clinic.backups.kept_world import World, sqlite_world
from tests.clinic.well_kept_machine import a_backup


@pytest.fixture
def world(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = sqlite_world(database_url, tmp_path)
    monkeypatch.setenv("RASA_TRACKER_URL", made.databases[TRACKER])
    made.fill()
    return made


def make(world: World) -> Path:
    return create.create(world.folder, world.databases)[0]


def test_a_backup_holds_both_databases_and_says_how_much_of_each(world: World) -> None:
    path, described = create.create(world.folder, world.databases)

    assert open_backup.check(path) == described
    clinic, tracker = described.databases
    assert (clinic.holds, tracker.holds) == ((CLINIC,), (TRACKER,))
    assert clinic.rows["leads"] == 2
    assert tracker.rows == {"trackers": 1}
    assert described.revision >= "0006"


def test_only_its_owner_can_read_it_and_only_with_our_keys(world: World) -> None:
    path = make(world)

    assert path.stat().st_mode & 0o777 == 0o600
    assert world.folder.stat().st_mode & 0o777 == 0o700
    written = path.read_bytes()
    assert b"SQLite format" not in written
    assert b"first-visit" not in written


def test_nothing_unfinished_is_left_beside_it(world: World) -> None:
    path = make(world)

    assert {one.name for one in world.folder.iterdir()} == {path.name, backup_file.LOCK}


def test_that_a_backup_was_made_stands_in_the_log(world: World) -> None:
    make(world)

    with transaction() as session:
        deeds = session.query(AuditEntry).filter_by(action="database.backed_up").all()
        assert [(one.actor, one.subject) for one in deeds] == [("system", "database")]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.999])
def test_a_flipped_byte_is_refused(world: World, share: float) -> None:
    path = make(world)
    written = bytearray(path.read_bytes())
    written[50 + int(share * (len(written) - 51))] ^= 0x10
    path.write_bytes(written)

    assert main(["backup", "check", str(path)]) == 1


def test_half_a_file_is_refused(world: World) -> None:
    path = make(world)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    with pytest.raises(Damaged):
        open_backup.check(path)


def _be_killed_before_it_has_its_name(world: World) -> None:
    engine.cache_clear()  # of the parent: a connection must not be shared

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    pytest.MonkeyPatch().setattr(backup_file, "publish", die)
    make(world)


def test_a_process_killed_while_making_one_leaves_none_and_the_next_tidies_up(
    world: World,
) -> None:
    engine().dispose()
    child = get_context("fork").Process(target=_be_killed_before_it_has_its_name, args=(world,))
    child.start()
    child.join(timeout=60)
    assert child.exitcode == -signal.SIGKILL
    assert list(world.folder.glob(f"{backup_file.UNFINISHED}*"))
    assert backup_file.newest(world.folder) is None

    path = make(world)

    assert not list(world.folder.glob(f"{backup_file.UNFINISHED}*"))
    assert open_backup.check(path)


def test_two_at_once_in_one_folder_do_not_sweep_each_other_away(world: World) -> None:
    with backup_file.working_folder(world.folder) as work:
        with pytest.raises(BackupError, match="Another backup"):
            make(world)

        assert work.is_dir()


def clinic_rows(world: World, folder: Path) -> dict[str, int]:
    return create.create(folder, world.databases)[1].databases[0].rows


def test_visitors_go_on_while_it_is_made_and_it_is_of_one_moment(
    world: World, tmp_path: Path
) -> None:
    """Every conversation has its message: a copy of two moments would hold one without."""
    stop, written = threading.Event(), list[int]()

    def visitors() -> None:
        while not stop.is_set():
            with transaction() as session:
                visitor = f"v{len(written)}"
                session.add(Conversation(id=visitor))
                session.flush()
                conversations.add_message(
                    session, visitor, sender="visitor", key="k", content={"text": "hello"}
                )
            written.append(1)

    thread = threading.Thread(target=visitors)
    thread.start()
    try:
        rows = [clinic_rows(world, tmp_path / str(number)) for number in range(3)]
    finally:
        stop.set()
        thread.join(timeout=30)

    assert written
    for counted in rows:
        assert counted["conversations"] == counted["messages"]


def test_without_the_trackers_address_the_clinics_database_alone_is_kept(world: World) -> None:
    _, described = create.create(world.folder, {CLINIC: world.databases[CLINIC]})

    assert [one.holds for one in described.databases] == [(CLINIC,)]


def test_old_ones_go_and_the_newest_stays_however_old_it_is(tmp_path: Path) -> None:
    old, older = a_backup(tmp_path, 24 * 40), a_backup(tmp_path, 24 * 50)
    (tmp_path / "letter.txt").touch()

    assert backup_file.drop_old(tmp_path, timedelta(days=30)) == [older]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([old.name, "letter.txt"])


def test_the_command_says_that_the_keys_are_not_in_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "create", str(world.folder), "--keep", "30"]) == 0

    printed = capsys.readouterr()
    assert "THE KEYS ARE NOT IN IT" in printed.err
    newest = backup_file.newest(world.folder)
    assert newest is not None
    assert str(newest.path) in printed.out
    assert now() - newest.made_at < timedelta(minutes=5)
    assert (world.folder / erased.LIST).stat().st_mode & 0o777 == 0o600
    assert main(["backup", "check", str(newest.path)]) == 0


def test_a_database_that_is_not_there_is_one_plain_line(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RASA_TRACKER_URL", f"sqlite:///{tmp_path}/gone.db")

    assert main(["backup", "create", str(world.folder)]) == 1

    assert "There is no database at" in capsys.readouterr().err
    assert backup_file.newest(world.folder) is None
