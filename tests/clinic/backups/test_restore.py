"""What comes back is what was kept; what was there is put aside; who was erased stays erased."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from clinic import conversations, erasure, visitor_deletion
from clinic.backups import create, erased, restore
from clinic.backups.backup_file import BackupError
from clinic.backups.manifest import CLINIC, TRACKER
from clinic.backups.restore import Restored
from clinic.backups.sealed_file import Damaged
from clinic.clock import now
from clinic.commands.command_line import main
from clinic.database import engine, migrate, open_engine, transaction
from clinic.tables import (
    AuditEntry,
    Consent,
    Conversation,
    Erasure,
    Lead,
    Message,
    QuestionnaireProgress,
    StaffSession,
)
from tests.clinic.backups.kept_world import (
    World,
    everything,
    file_of,
    messages,
    names,
    sqlite_world,
    the_log_is_whole,
    tracker_rows,
)

ALONE = "a-visitor-without-a-request"
AGREED_NO_MORE = "a-visitor-who-took-it-back"


@pytest.fixture
def world(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = sqlite_world(database_url, tmp_path)
    monkeypatch.setenv("RASA_TRACKER_URL", made.databases[TRACKER])
    made.fill()
    return made


def backup(world: World) -> Path:
    return create.create(world.folder, world.databases)[0]


def bring_back(world: World, path: Path, **how: bool) -> Restored:
    engine().dispose()
    return restore.restore(path, world.databases, replace=how.get("replace", True))


def test_every_row_comes_back_as_it_was(world: World) -> None:
    before, path = everything(), backup(world)
    world.lose_everybody()
    assert everything() != before

    done = bring_back(world, path)

    assert everything() == before
    assert tracker_rows(world) == 1
    assert done.log.is_whole
    assert the_log_is_whole()


def test_an_empty_place_needs_no_leave(world: World) -> None:
    before, path = everything(), backup(world)
    engine().dispose()
    for url in world.databases.values():
        for one in file_of(url).parent.glob(f"{file_of(url).name}*"):
            one.unlink()

    bring_back(world, path, replace=False)

    assert everything() == before
    assert file_of(world.databases[CLINIC]).stat().st_mode & 0o777 == 0o600


def test_what_is_there_is_not_overwritten_without_leave(world: World) -> None:
    path = backup(world)
    with transaction() as session:
        session.add(Conversation(id="since"))
    before = everything()

    with pytest.raises(BackupError, match="--replace"):
        bring_back(world, path, replace=False)

    assert everything() == before


def test_what_was_there_is_kept_aside_whole(world: World) -> None:
    path = backup(world)
    with transaction() as session:
        session.add(Conversation(id="since"))

    done = bring_back(world, path)

    clinic, tracker = (open_engine(f"sqlite:///{kept}") for kept in done.kept_aside)
    with clinic.connect() as connection:
        since = text("SELECT count(*) FROM conversations WHERE id = 'since'")
        assert connection.scalar(since) == 1
    with tracker.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM trackers")) == 1
    for opened in (clinic, tracker):
        opened.dispose()


def test_two_can_be_brought_back_in_one_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = backup(world)
    moments = (datetime(2026, 3, 1, 4, 0, 0, place, tzinfo=UTC) for place in range(99))
    monkeypatch.setattr(restore, "now", lambda: next(moments))

    kept = [*bring_back(world, path).kept_aside, *bring_back(world, path).kept_aside]

    assert len({*kept}) == 4
    assert all(Path(one).is_file() for one in kept)


@pytest.mark.parametrize("name", [CLINIC, TRACKER])
def test_nothing_is_done_while_a_process_has_a_database_open(world: World, name: str) -> None:
    path, before = backup(world), everything()
    engine().dispose()
    others = open_engine(world.databases[name])
    with others.connect() as connection:
        connection.execute(text("SELECT count(*) FROM sqlite_master"))
        connection.rollback()

        with pytest.raises(BackupError, match="Stop rasa, actions and web"):
            bring_back(world, path)
    others.dispose()

    assert everything() == before
    assert tracker_rows(world) == 1


def test_a_damaged_backup_changes_nothing(world: World) -> None:
    path, before = backup(world), everything()
    written = bytearray(path.read_bytes())
    written[-1] ^= 1
    path.write_bytes(written)

    with pytest.raises(Damaged):
        bring_back(world, path)

    assert everything() == before
    assert not list(file_of(world.databases[CLINIC]).parent.glob(".restoring-*"))


def test_a_backup_of_a_newer_version_is_refused(world: World) -> None:
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    path = backup(world)

    with pytest.raises(BackupError, match="newer version"):
        bring_back(world, path)


def test_a_backup_of_the_other_kind_of_database_is_refused(world: World) -> None:
    path = backup(world)
    elsewhere = {**world.databases, TRACKER: "postgresql+psycopg2://rasa@127.0.0.1:1/tracker"}

    with pytest.raises(BackupError, match="postgresql"):
        restore.restore(path, elsewhere, replace=True)


def test_what_was_kept_apart_does_not_come_back_together(world: World) -> None:
    path = backup(world)
    together = dict.fromkeys((CLINIC, TRACKER), world.databases[CLINIC])

    with pytest.raises(BackupError, match="databases of their own"):
        restore.restore(path, together, replace=True)


def test_nobody_is_signed_in_afterwards_and_the_log_says_what_was_done(world: World) -> None:
    path = backup(world)

    done = bring_back(world, path)

    with transaction() as session:
        assert session.query(StaffSession).count() == 0
        detail = session.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "database.restored")
        ).one()
    assert detail == done.manifest.made_at.isoformat()
    assert erased.restored_to() == done.manifest.made_at


# Who was erased


@pytest.fixture
def people(world: World) -> Path:
    """A backup in which everybody is; then some go, each in another way."""
    with transaction() as session:
        for visitor in (ALONE, AGREED_NO_MORE):
            conversations.open_conversation(session, visitor)
            conversations.add_message(
                session, visitor, sender="visitor", key="k", content={"text": "hello"}
            )
    path = backup(world)
    with transaction() as session:
        erasure.erase_conversation(session, ALONE)
        conversations.forget(session, AGREED_NO_MORE)
    return path


def erase_the_whole_person() -> None:
    with transaction() as session:
        erasure.erase_lead(session, session.query(Lead).filter(Lead.merged_into.is_(None)).one())


def test_whom_the_replaced_database_knows_as_erased_is_erased_again(
    world: World, people: Path
) -> None:
    erase_the_whole_person()

    done = bring_back(world, people)

    assert done.knows_all_erased
    assert done.again.failed == 0
    assert names() == ["", ""]
    assert messages() == 0
    with transaction() as session:
        assert [one.id for one in session.query(Conversation)] == [AGREED_NO_MORE]
        assert not session.query(Conversation).one().keeps_transcript
        waiting = session.scalars(select(Erasure.conversation_id)).all()
        assert {ALONE, "first-visit", "second-visit"} <= set(waiting)
    assert the_log_is_whole()


def test_a_list_beside_the_backup_is_enough_where_the_machine_is_lost(
    world: World, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erase_the_whole_person()
    assert main(["backup", "erased", str(world.folder)]) == 0
    engine().dispose()
    for url in world.databases.values():
        file_of(url).unlink()

    assert main(["backup", "restore", str(people)]) == 0

    assert names() == ["", ""]
    assert messages() == 0
    printed = capsys.readouterr()
    assert "NOTHING SAID" not in printed.err
    # Whom somebody erased a moment later no list knows.
    moment = f"{erased.read_list(world.folder / erased.LIST).until:%Y-%m-%d %H:%M} UTC"
    assert f"is known until {moment}" in printed.out
    assert f"WHO WAS ERASED AFTER {moment} IS BACK" in printed.err


def test_an_old_list_beside_the_backup_does_not_look_like_one_that_knows_everybody(
    world: World, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    erased.write([], world.folder, erased.LIST, until=old)
    erase_the_whole_person()
    engine().dispose()
    for url in world.databases.values():
        file_of(url).unlink()

    assert main(["backup", "restore", str(people)]) == 0

    printed = capsys.readouterr()
    assert "is known until 2026-03-01 04:00 UTC" in printed.out
    assert "AFTER 2026-03-01 04:00 UTC IS BACK" in printed.err


def test_the_replaced_database_knows_everybody_whatever_an_old_list_says(
    world: World, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
    erased.write([], world.folder, erased.LIST, until=old)
    engine().dispose()

    assert main(["backup", "restore", str(people), "--replace"]) == 0

    printed = capsys.readouterr()
    assert f"is known until {now():%Y-%m-%d}" in printed.out
    assert "IS BACK" not in printed.err


def test_a_fresh_machine_takes_nobody_off_the_list_of_the_one_that_was_lost(
    world: World, people: Path
) -> None:
    erase_the_whole_person()
    erased.write_list(world.folder)
    known = erased.read_list(world.folder / erased.LIST)
    engine().dispose()
    for url in world.databases.values():
        file_of(url).unlink()
    migrate(world.databases[CLINIC])
    engine.cache_clear()

    erased.write_list(world.folder)

    after = erased.read_list(world.folder / erased.LIST)
    assert set(after.gone) == set(known.gone) != set()
    # Whom the lost machine erased after its last list, nobody here knows.
    assert after.until == known.until


def test_who_stands_in_the_log_and_on_the_list_of_before_is_one(world: World, people: Path) -> None:
    erase_the_whole_person()

    assert erased.write_list(world.folder) == erased.write_list(world.folder) > 0


def test_a_list_that_goes_on_knows_everybody_until_now(world: World) -> None:
    yesterday = now() - timedelta(days=1)
    gone = erased.Gone(yesterday, erased.LEAD, "whom-the-log-does-not-name")
    erased.write([gone], world.folder, erased.LIST, until=now())

    erased.write_list(world.folder)

    after = erased.read_list(world.folder / erased.LIST)
    assert gone in after.gone
    assert after.until
    assert now() - after.until < timedelta(minutes=1)


def test_after_400_days_nobody_stands_on_the_list_any_more(world: World) -> None:
    old = now() - erased.KEPT_FOR - timedelta(minutes=1)
    erased.write([erased.Gone(old, erased.LEAD, "1")], world.folder, erased.LIST, until=old)

    assert erased.write_list(world.folder) == 0


def test_a_list_that_cannot_be_read_is_put_aside_and_a_new_one_written(
    world: World, people: Path
) -> None:
    (world.folder / erased.LIST).write_text("hello\n")
    erase_the_whole_person()

    assert erased.write_list(world.folder) > 0

    assert (world.folder / erased.UNREADABLE).read_text() == "hello\n"
    assert erased.read_list(world.folder / erased.LIST).gone


def test_a_list_of_an_older_version_knows_as_far_as_its_newest_entry(tmp_path: Path) -> None:
    gone = erased.Gone(datetime(2026, 2, 3, tzinfo=UTC), erased.LEAD, "1")
    path = erased.write([gone], tmp_path, erased.LIST, until=None)

    assert erased.read_list(path) == erased.Known((gone,), gone.at)


def break_it(url: str, how: str) -> bytes:
    """A file that lost its beginning, or its middle; beside it lies what was not brought in."""
    path = file_of(url)
    content = bytearray(path.read_bytes())
    middle = slice(0, 100) if how == "no database" else slice(4096, len(content))
    content[middle] = b"#" * len(content[middle])
    path.write_bytes(content)
    path.with_name(f"{path.name}-wal").write_bytes(b"not brought in")
    return bytes(content)


@pytest.mark.parametrize("how", ["no database", "malformed"])
def test_a_broken_database_is_put_aside_whole_with_leave_only(
    world: World, people: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = everything()
    engine().dispose()
    broken = break_it(world.databases[CLINIC], how)

    assert main(["backup", "restore", str(people)]) == 1
    assert "--replace" in capsys.readouterr().err
    path = file_of(world.databases[CLINIC])
    assert path.read_bytes() == broken

    assert main(["backup", "restore", str(people), "--replace"]) == 0

    assert everything()["leads"] == before["leads"]
    assert "NOTHING SAID" in capsys.readouterr().err
    (aside,) = path.parent.glob("clinic.before-restore-*.db")
    assert aside.read_bytes() == broken
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"not brought in"
    assert the_log_is_whole()


@pytest.mark.parametrize("step", ["migrate", "erased.erase_again", "_look_at_the_log"])
def test_a_restore_that_fails_once_the_data_are_back_says_what_is_left_to_do(
    world: World,
    people: Path,
    step: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    erase_the_whole_person()
    engine().dispose()
    with monkeypatch.context() as patch:
        patch.setattr(f"clinic.backups.restore.{step}", fail)
        assert main(["backup", "restore", str(people), "--replace"]) == 1

    said = capsys.readouterr().err
    assert "THE BACKUP IS IN PLACE BUT NOT FINISHED" in said
    engine.cache_clear()
    with transaction() as session:
        assert session.query(StaffSession).count() == 0

    # What it says is enough, though the database that knew who was erased is put aside.
    commands = re.findall(r"`python -m clinic ([^`]+)`", said)
    assert [one.split()[0] for one in commands] == ["migrate", "backup"]
    for one in commands:
        assert main(one.split()) == 0
    assert names() == ["", ""]
    assert messages() == 0


def test_without_any_list_it_is_said_and_a_later_list_mends_it(
    world: World, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erase_the_whole_person()
    erased.write_list(tmp_path / "elsewhere")
    engine().dispose()
    for url in world.databases.values():
        file_of(url).unlink()

    assert main(["backup", "restore", str(people)]) == 0
    assert "NOTHING SAID" in capsys.readouterr().err
    assert messages() > 0

    assert main(["backup", "erase-again", str(tmp_path / "elsewhere" / erased.LIST)]) == 0
    assert names() == ["", ""]
    assert messages() == 0


def test_an_export_of_the_log_is_such_a_list(
    world: World, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    main(["audit", "export"])
    exported = tmp_path / "log.jsonl"
    exported.write_text(capsys.readouterr().out)

    assert {one.id for one in erased.read_list(exported).gone} == {ALONE, AGREED_NO_MORE}


def test_the_list_holds_ids_and_nothing_of_a_person(world: World) -> None:
    erase_the_whole_person()
    erased.write_list(world.folder)

    assert "quagmarble" not in (world.folder / erased.LIST).read_text().lower()


def test_a_file_that_is_no_list_is_refused_before_anything_is_done(
    world: World, tmp_path: Path
) -> None:
    path, before = backup(world), everything()
    wrong = tmp_path / "erased.jsonl"
    wrong.write_text("hello\n")

    with pytest.raises(BackupError, match="no list"):
        restore.restore(path, world.databases, replace=True, lists=[wrong])

    assert everything() == before


def test_a_request_that_stayed_with_staff_stays_and_its_chat_goes(world: World) -> None:
    path = backup(world)
    with transaction() as session:
        visitor_deletion.delete(session, "first-visit")

    bring_back(world, path)

    with transaction() as session:
        kept = session.query(Lead).filter(Lead.merged_into.is_(None)).one()
        assert kept.name
        assert kept.conversation_id != "first-visit"
        said = session.query(Message).filter(Message.conversation_id == "first-visit")
        assert said.count() == 0


def test_who_agreed_anew_before_the_backup_keeps_what_they_said(world: World) -> None:
    with transaction() as session:
        conversations.open_conversation(session, ALONE)
        conversations.forget(session, ALONE)
        conversations.remember_again(session, ALONE)
        conversations.add_message(
            session, ALONE, sender="visitor", key="k", content={"text": "yes"}
        )
    path = backup(world)
    gone = erased.from_log()

    done = bring_back(world, path)
    erased.erase_again(gone, made_at=done.manifest.made_at)

    with transaction() as session:
        kept = session.query(Message).filter(Message.conversation_id == ALONE)
        assert kept.count() == 1


def test_one_that_cannot_be_erased_again_keeps_nobody_else(
    world: World, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise RuntimeError

    gone, made_at = erased.from_log(), now()
    bring_back(world, people)
    with transaction() as session:
        conversations.open_conversation(session, "another")
    monkeypatch.setattr(erasure, "erase_lead", never)
    lead_id = everything()["leads"][0][0]
    more = [erased.Gone(made_at, erased.LEAD, str(lead_id)), *gone]
    more.append(erased.Gone(made_at, erased.CONVERSATION, "another"))

    done = erased.erase_again(more, made_at=made_at)

    assert (done.erased, done.failed) == (1, 1)


def test_answers_that_a_visitor_took_back_go_with_their_consent(world: World) -> None:
    path = backup(world)
    with transaction() as session:
        session.add(Conversation(id="x"))
    gone = erased.Gone(now(), erased.ANSWERS, "first-visit")
    bring_back(world, path)

    erased.erase_again([gone], made_at=erased.restored_to())

    with transaction() as session:
        for table in (QuestionnaireProgress, Message):
            left = session.query(table).filter(table.conversation_id == "first-visit")
            assert left.count() == 0
        # Staff have the request, and with it the consent that allowed it.
        assert session.query(Consent).filter_by(conversation_id="first-visit").count() == 1
