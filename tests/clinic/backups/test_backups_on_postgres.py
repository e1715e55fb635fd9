"""Backup and restore on PostgreSQL, with its own tools."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from clinic.backups import create, open_backup, postgres_copy, restore
from clinic.backups.backup_file import BackupError
from clinic.backups.manifest import CLINIC, TRACKER
from clinic.clock import now
from clinic.database import engine
from tests.clinic.backups.kept_world import (
    World,
    everything,
    our_driver,
    the_log_is_whole,
    tracker_rows,
)
from tests.postgres_server import Databases, used_by_the_code


@pytest.fixture
def world(
    postgres_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """Two fresh databases; the tracker's address names Rasa's own driver, as it does in truth.
    The server's own tools are found first."""
    path = f"{postgres_databases.programs}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    with postgres_databases.migrated() as clinic, postgres_databases.empty() as tracker:
        rasas = tracker.replace("postgresql+psycopg:", "postgresql+psycopg2:")
        with used_by_the_code(clinic):
            made = World({CLINIC: clinic, TRACKER: rasas}, tmp_path / "b")
            made.fill()
            yield made


def test_every_row_comes_back_as_it_was(world: World) -> None:
    before = everything()
    path, described = create.create(world.folder, world.databases)
    assert open_backup.check(path) == described
    world.lose_everybody()
    engine().dispose()

    done = restore.restore(path, world.databases, replace=True)

    assert everything() == before
    assert tracker_rows(world) == 1
    assert done.log.is_whole
    assert the_log_is_whole()
    assert len(done.kept_aside) == 2


def test_the_log_still_refuses_to_be_changed_after_a_restore(world: World) -> None:
    path, _ = create.create(world.folder, world.databases)
    engine().dispose()
    restore.restore(path, world.databases, replace=True)

    with engine().connect() as connection, pytest.raises(Exception, match="append-only"):
        connection.execute(text("DELETE FROM audit"))


def test_what_was_put_aside_is_in_no_later_backup_and_can_be_restored_over_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, first = create.create(world.folder, world.databases)
    engine().dispose()
    restore.restore(path, world.databases, replace=True)
    path.unlink()

    path, second = create.create(world.folder, world.databases)
    engine().dispose()
    later = now() + timedelta(minutes=1)  # what is put aside is named by the second
    monkeypatch.setattr(restore, "now", lambda: later)
    restore.restore(path, world.databases, replace=True)

    assert second.databases[0].rows.keys() == first.databases[0].rows.keys()
    assert tracker_rows(world) == 1


def test_what_is_there_is_not_overwritten_without_leave_nor_while_in_use(world: World) -> None:
    before = everything()
    path, _ = create.create(world.folder, world.databases)
    engine().dispose()

    with pytest.raises(BackupError, match="--replace"):
        restore.restore(path, world.databases)
    others = create_engine(our_driver(world.databases[TRACKER]))
    with others.connect(), pytest.raises(BackupError, match="Stop rasa, actions and web"):
        restore.restore(path, world.databases, replace=True)
    others.dispose()

    assert everything() == before


def test_a_restore_that_fails_half_way_leaves_everything_as_it_was(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clinic's database is in place already when the tracker's fails."""
    before, (path, _) = everything(), create.create(world.folder, world.databases)
    engine().dispose()
    run = postgres_copy._run

    def fail_at_the_tracker(tool: str, url: str, arguments: tuple[str, ...]) -> None:
        if url == world.databases[TRACKER]:
            raise BackupError("`pg_restore` failed (1).")
        run(tool, url, arguments)

    monkeypatch.setattr(postgres_copy, "_run", fail_at_the_tracker)

    with pytest.raises(BackupError, match="failed"):
        restore.restore(path, world.databases, replace=True)

    assert everything() == before
    assert tracker_rows(world) == 1


def test_both_in_one_database_are_kept_once_and_come_back(world: World) -> None:
    together = dict.fromkeys((CLINIC, TRACKER), world.databases[CLINIC])
    World(together, world.folder)
    path, described = create.create(world.folder, together)
    before = everything()
    engine().dispose()

    restore.restore(path, together, replace=True)

    assert [one.holds for one in described.databases] == [(CLINIC, TRACKER)]
    assert everything() == before


def test_without_the_tools_it_is_said_what_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: None)

    with pytest.raises(BackupError, match="client programs"):
        create.create(world.folder, world.databases)
    assert not list(world.folder.glob("*.backup"))


@pytest.mark.skipif(not Path("/usr/bin/pg_dump").exists(), reason="no other pg_dump here")
def test_tools_older_than_the_server_are_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")

    with pytest.raises(BackupError, match="older than the server"):
        create.create(world.folder, world.databases)


def test_the_password_is_not_on_the_command_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[list[str], dict[str, str]]] = []

    class Done:
        returncode = 0

    def look(command: list[str], *, env: dict[str, str], **_: object) -> Done:
        seen.append((command, env))
        return Done()

    monkeypatch.setattr("subprocess.run", look)

    url = "postgresql+psycopg2://rasa:a-password@db.internal:5433/tracker?sslmode=verify-full"
    postgres_copy._run("pg_dump", url, ("--format=custom",))

    [(command, env)] = seen
    assert "a-password" not in " ".join(command)
    assert env["PGPASSWORD"] == "a-password"
    assert {"host=db.internal", "port=5433", "sslmode=verify-full"} <= set(
        command[2].removeprefix("--dbname=").split()
    )
