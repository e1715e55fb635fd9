"""Keys of Rasa's conversations change while Rasa runs, and nothing that Rasa writes is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from rasa.shared.core.events import UserUttered

from nlu_components import tracker_keys
from nlu_components.tracker_rows import open_engine
from nlu_components.tracker_store import EncryptedTrackerStore
from tests.nlu_components.tracker_world import address, new_key, store, texts, tracker

MANY = 450


def fill(kept: EncryptedTrackerStore, number: int = 5) -> None:
    for n in range(number):
        asyncio.run(kept.save(tracker(UserUttered(f"words {n}"), sender=f"visitor {n:04}")))


def said_by(kept: EncryptedTrackerStore, sender: str) -> list[str]:
    return texts(asyncio.run(kept.retrieve(sender)))


def test_after_rotating_the_new_key_alone_opens_everything(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    fill(store(tmp_path, old), MANY)
    engine = open_engine(address(tmp_path))

    found = tracker_keys.rotate(engine, f"{new},{old}")

    assert (found.rows, found.old, found.unreadable, found.busy) == (MANY, MANY, 0, 0)
    assert said_by(store(tmp_path, new), f"visitor {MANY - 1:04}") == [f"words {MANY - 1}"]
    assert tracker_keys.check(engine, new).old == 0


def test_rotating_again_finds_nothing_left_to_do(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    fill(store(tmp_path, old))
    engine = open_engine(address(tmp_path))
    tracker_keys.rotate(engine, f"{new},{old}")

    assert tracker_keys.rotate(engine, f"{new},{old}").old == 0


def test_what_is_left_after_a_stop_is_counted_and_rotated_the_next_time(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    fill(store(tmp_path, old), 3)
    fill(store(tmp_path, f"{new},{old}"), 1)  # written anew by a Rasa that has both keys
    engine = open_engine(address(tmp_path))

    assert tracker_keys.check(engine, f"{new},{old}").old == 2
    assert tracker_keys.rotate(engine, f"{new},{old}").old == 2


def test_what_rasa_writes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = new_key(), new_key()
    fill(store(tmp_path, old), 1)
    engine = open_engine(address(tmp_path))
    batches = tracker_keys._batches(engine, "trackers")

    for batch in batches:
        rasa = store(tmp_path, f"{new},{old}")
        talk = asyncio.run(rasa.retrieve("visitor 0000"))
        assert talk is not None
        talk.update(UserUttered("more"))
        asyncio.run(rasa.save(talk))
        found = tracker_keys.Found()
        tracker_keys._rotate_row(engine, "trackers", batch[0], f"{new},{old}", found)

    assert said_by(store(tmp_path, new), "visitor 0000") == ["words 0", "more"]


def test_a_conversation_that_was_rotated_in_mid_turn_goes_on(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    rasa = store(tmp_path, f"{new},{old}")
    fill(store(tmp_path, old), 1)
    talk = asyncio.run(rasa.retrieve("visitor 0000"))
    assert talk is not None

    tracker_keys.rotate(open_engine(address(tmp_path)), f"{new},{old}")
    talk.update(UserUttered("more"))
    asyncio.run(rasa.save(talk))

    assert said_by(store(tmp_path, new), "visitor 0000") == ["words 0", "more"]


def test_what_no_key_opens_is_counted_and_left(tmp_path: Path) -> None:
    fill(store(tmp_path, new_key()), 2)
    engine = open_engine(address(tmp_path))
    keys = new_key()

    assert tracker_keys.rotate(engine, keys).unreadable == 2
    assert tracker_keys.check(engine, keys).unreadable == 2


def test_rows_of_an_earlier_version_are_rotated_too(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    engine = open_engine(address(tmp_path))
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE TABLE events (id INTEGER PRIMARY KEY, data TEXT)"))
        row = {"data": Fernet(old).encrypt(b"words").decode()}
        connection.execute(sa.text("INSERT INTO events VALUES (1, :data)"), row)

    tracker_keys.rotate(engine, f"{new},{old}")

    with engine.connect() as connection:
        (token,) = connection.execute(sa.text("SELECT data FROM events")).scalars()
    assert Fernet(new).decrypt(token.encode()) == b"words"


def test_the_command_says_how_many_and_whether_the_old_key_can_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = new_key(), new_key()
    fill(store(tmp_path, old), 3)
    monkeypatch.setenv("RASA_TRACKER_URL", address(tmp_path))
    monkeypatch.setenv("RASA_TRACKER_KEYS", f"{new},{old}")

    assert tracker_keys.main(["check"]) == 1
    assert "3 of them need another" in capsys.readouterr().out
    assert tracker_keys.main(["rotate"]) == 0
    assert "3 encrypted anew" in capsys.readouterr().out
    assert tracker_keys.main(["check"]) == 0
    assert "older keys can go" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["change"]])
def test_a_wrong_word_is_told_how_to_use_it(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracker_keys.main(arguments) == 2
    assert "rotate|check" in capsys.readouterr().out


def test_a_missing_key_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RASA_TRACKER_KEYS", "")

    assert tracker_keys.main(["check"]) == 2
    assert "RASA_TRACKER_KEYS" in capsys.readouterr().out
