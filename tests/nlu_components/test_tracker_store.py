"""Rasa's conversations are unreadable on disk, come back whole, and are forgotten on a restart.

With TRACKER_TEST_SERVER in the environment all of it is tried on that PostgreSQL.
"""

import asyncio
import json
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components import tracker_store
from nlu_components.crisis import memory
from nlu_components.tracker_store import ERASED, EncryptedTrackerStore, TrackerKeysMissing
from tests.nlu_components.tracker_world import (
    DOMAIN,
    address,
    heard,
    is_a_file,
    listens,
    new_key,
    said,
    store,
    texts,
    tracker,
)

needs_a_file = pytest.mark.skipif(not is_a_file(), reason="is about SQLite")


@pytest.fixture
def key() -> str:
    return new_key()


def test_a_conversation_comes_back_as_it_was(tmp_path: Path, key: str) -> None:
    talk = tracker(UserUttered("my canary sings"), SlotSet("name", "Ann"))

    asyncio.run(store(tmp_path, key).save(talk))
    found = asyncio.run(store(tmp_path, key).retrieve("visitor"))

    assert found is not None
    assert found.latest_message is not None
    assert found.latest_message.text == "my canary sings"
    assert found.get_slot("name") == "Ann"


@needs_a_file
def test_the_file_shows_no_word_of_it(tmp_path: Path, key: str) -> None:
    intent = {"name": "crisis", "confidence": 1.0}

    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("my canary sings", intent))))

    content = b"".join(path.read_bytes() for path in tmp_path.glob("rasa.db*"))
    assert b"canary" not in content
    assert b"crisis" not in content


def test_only_what_is_new_is_added(tmp_path: Path, key: str) -> None:
    kept = store(tmp_path, key)
    talk = tracker(UserUttered("one"))
    asyncio.run(kept.save(talk))

    talk.update(UserUttered("two"), DOMAIN)
    asyncio.run(kept.save(talk))

    found = asyncio.run(kept.retrieve("visitor"))
    assert found is not None
    assert [e.text for e in found.events if isinstance(e, UserUttered)] == ["one", "two"]


def test_a_restart_erases_what_came_before(tmp_path: Path, key: str) -> None:
    kept = store(tmp_path, key)
    talk = tracker(UserUttered("forget me"))
    asyncio.run(kept.save(talk))

    talk.update(UserUttered("delete my answers"), DOMAIN)
    talk.update(Restarted(), DOMAIN)
    talk.update(ActionExecuted("action_listen"), DOMAIN)
    asyncio.run(kept.save(talk))

    found = asyncio.run(kept.retrieve("visitor"))
    assert found is not None
    assert [type(event) for event in found.events] == [Restarted, ActionExecuted]


class Conversation:
    """One that is saved and read again with every turn, as Rasa does."""

    def __init__(self, kept: EncryptedTrackerStore) -> None:
        self.kept = kept

    def turn(self, *events: Event) -> None:
        found = self.now() or tracker()
        for event in [*events, ActionExecuted("action_listen")]:
            found.update(event, DOMAIN)
        asyncio.run(self.kept.save(found))

    def now(self) -> DialogueStateTracker | None:
        return asyncio.run(self.kept.retrieve("visitor"))

    @property
    def watched(self) -> int:
        found = self.now()
        return memory.turns_to_watch(found.events) if found else 0


@pytest.fixture
def conversation(tmp_path: Path, key: str) -> Conversation:
    return Conversation(store(tmp_path, key))


@pytest.mark.parametrize("outcome", ["hard", "soft"])
def test_danger_is_watched_over_a_restart_and_counted_on(
    conversation: Conversation, outcome: str
) -> None:
    conversation.turn(heard(outcome))
    conversation.turn(heard("none"))
    conversation.turn(heard("none"))

    conversation.turn(heard("none", "/restart"), Restarted())
    assert conversation.watched == 7

    conversation.turn(heard("none"))
    assert conversation.watched == 6


def test_it_is_watched_over_several_restarts_and_no_longer_than_ten_messages(
    conversation: Conversation,
) -> None:
    conversation.turn(heard("hard"))

    left = []
    for _ in range(12):
        conversation.turn(heard("none"), Restarted())
        left.append(conversation.watched)

    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]


def test_what_is_kept_over_a_restart_is_one_number(conversation: Conversation) -> None:
    conversation.turn(heard("hard", "my canary sings"), SlotSet("name", "Ann"))

    conversation.turn(heard("none", "delete it all"), Restarted())

    found = conversation.now()
    assert found is not None
    kept = [e for e in found.events if not isinstance(e, ActionExecuted)]
    assert kept == [Restarted(), SlotSet("crisis_watch", 9)]
    assert found.get_slot("name") is None


def test_without_danger_nothing_at_all_is_kept_over_a_restart(conversation: Conversation) -> None:
    conversation.turn(heard("none"))

    conversation.turn(heard("none"), Restarted())

    found = conversation.now()
    assert found is not None
    assert [type(event) for event in found.events] == [Restarted, ActionExecuted]


def test_who_was_erased_by_staff_leaves_not_even_that_number(conversation: Conversation) -> None:
    conversation.turn(heard("hard", "my canary sings"))
    order = UserUttered("/restart", metadata={ERASED: True})

    conversation.turn(order, Restarted())

    found = conversation.now()
    assert found is not None
    assert [type(event) for event in found.events] == [Restarted, ActionExecuted]
    assert conversation.watched == 0


def test_after_a_restart_the_conversation_goes_on_whole(conversation: Conversation) -> None:
    conversation.turn(heard("hard"))
    conversation.turn(heard("none"), Restarted())

    conversation.turn(heard("none", "one"))
    conversation.turn(heard("none", "two"))

    found = conversation.now()
    assert found is not None
    assert [e.text for e in found.events if isinstance(e, UserUttered)] == ["one", "two"]


def test_a_new_session_forgets_neither_danger_nor_words(conversation: Conversation) -> None:
    conversation.turn(heard("hard", "one"))

    conversation.turn(ActionExecuted("action_session_start"), SessionStarted())
    conversation.turn(heard("none", "two"))

    found = conversation.now()
    assert found is not None
    assert [e.text for e in found.events if isinstance(e, UserUttered)] == ["one", "two"]
    assert conversation.watched == 9


def test_a_newer_key_still_opens_what_an_older_one_closed(tmp_path: Path, key: str) -> None:
    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("hello"))))

    newer = f"{new_key()},{key}"

    assert asyncio.run(store(tmp_path, newer).retrieve("visitor")) is not None


def test_another_key_opens_nothing(tmp_path: Path, key: str) -> None:
    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("hello"))))
    other = store(tmp_path, new_key())

    with pytest.raises(InvalidToken):
        asyncio.run(other.retrieve("visitor"))


@pytest.mark.parametrize("keys", ["", "short", "a,b"])
def test_a_missing_or_broken_key_stops_the_start(tmp_path: Path, keys: str) -> None:
    with pytest.raises(TrackerKeysMissing, match="RASA_TRACKER_KEYS"):
        store(tmp_path, keys)


@needs_a_file
def test_what_was_erased_is_not_in_any_file_either(tmp_path: Path, key: str) -> None:
    kept = store(tmp_path, key)
    talk = tracker(UserUttered("forget me"))
    asyncio.run(kept.save(talk))
    (row,) = rows(tmp_path, "trackers")

    talk.update(Restarted(), DOMAIN)
    asyncio.run(kept.save(talk))

    content = b"".join(path.read_bytes() for path in tmp_path.glob("rasa.db*"))
    assert row.encode() not in content


@needs_a_file
def test_what_was_written_is_there_for_who_opens_the_file_after_a_kill(
    tmp_path: Path, key: str
) -> None:
    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("hello"))))

    with sqlite3.connect(tmp_path / "rasa.db") as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("SELECT count(*) FROM trackers").fetchone() == (1,)


def test_a_conversation_is_one_row_however_long_it_gets(
    tmp_path: Path, key: str, conversation: Conversation
) -> None:
    lengths = []
    for number in range(40):
        conversation.turn(UserUttered(f"message {number}"), said(topic="cost"))
        lengths.append(len(rows(tmp_path, "trackers")[0]))

    assert len(rows(tmp_path, "trackers")) == 1
    assert max(lengths[20:]) < 1.05 * max(lengths[:20])
    assert texts(conversation.now())[-1] == "message 39"


def test_what_another_wrote_meanwhile_stays_and_ours_comes_after_it(
    tmp_path: Path, key: str, conversation: Conversation
) -> None:
    conversation.turn(UserUttered("one"))
    ours, theirs = conversation.now(), conversation.now()
    assert ours is not None
    assert theirs is not None

    finish(conversation.kept, theirs, heard("hard", "theirs"), SlotSet("name", "Ann"))
    finish(conversation.kept, ours, heard("none", "ours"))

    found = conversation.now()
    assert texts(found) == ["one", "theirs", "ours"]
    assert found is not None
    assert found.get_slot("name") == "Ann"
    assert conversation.watched == 9


def test_the_same_message_handled_twice_at_once_is_kept_once(
    tmp_path: Path, key: str, conversation: Conversation
) -> None:
    conversation.turn(UserUttered("one"))
    first, second = conversation.now(), conversation.now()
    assert first is not None
    assert second is not None

    for found in (first, second):
        finish(conversation.kept, found, UserUttered("two", metadata={"key": "k"}))

    assert texts(conversation.now()) == ["one", "two"]


def test_a_turn_that_could_not_read_the_conversation_does_not_begin_it_anew(
    tmp_path: Path, key: str, conversation: Conversation
) -> None:
    conversation.turn(heard("hard", "one"), SlotSet("name", "Ann"))

    unread = tracker(ActionExecuted("action_session_start"), SessionStarted(), listens())
    finish(conversation.kept, unread, UserUttered("two"))

    found = conversation.now()
    assert texts(found) == ["one", "two"]
    assert found is not None
    assert found.get_slot("name") == "Ann"


def test_a_restart_erases_also_what_another_wrote_meanwhile(
    tmp_path: Path, key: str, conversation: Conversation
) -> None:
    conversation.turn(UserUttered("one"))
    ours, theirs = conversation.now(), conversation.now()
    assert ours is not None
    assert theirs is not None

    finish(conversation.kept, theirs, UserUttered("theirs"))
    finish(conversation.kept, ours, UserUttered("delete it all"), Restarted())

    assert texts(conversation.now()) == []


def test_what_no_key_opens_is_never_overwritten(tmp_path: Path, key: str) -> None:
    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("hello"))))

    asyncio.run(store(tmp_path, new_key()).save(tracker(UserUttered("other"))))

    assert texts(asyncio.run(store(tmp_path, key).retrieve("visitor"))) == ["hello"]


def test_a_failing_database_is_said_without_a_word_and_stops_no_turn(
    tmp_path: Path, key: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store(tmp_path, key)
    monkeypatch.setattr(kept._rows, "write", broken)

    asyncio.run(kept.save(tracker(UserUttered("my canary sings"))))

    assert "conversation not kept error=OSError" in caplog.text
    assert "canary" not in caplog.text


def test_a_conversation_that_nobody_has_spoken_in_is_not_written(tmp_path: Path, key: str) -> None:
    asyncio.run(store(tmp_path, key).get_or_create_tracker("visitor", append_action_listen=False))

    assert rows(tmp_path, "trackers") == []


OLD_TABLE = """
CREATE TABLE events (
    id INTEGER PRIMARY KEY, sender_id VARCHAR(255), type_name VARCHAR(255), timestamp FLOAT,
    intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT
)
"""


def written_by_an_earlier_version(folder: Path, key: str, *events: Event) -> None:
    add = "INSERT INTO events (id, sender_id, type_name, data) VALUES (:id, :sender, :type, :data)"
    with sa.create_engine(address(folder)).begin() as connection:
        connection.execute(sa.text(OLD_TABLE))
        for number, event in enumerate(events):
            data = Fernet(key).encrypt(json.dumps(event.as_dict()).encode()).decode()
            row = {"id": number, "sender": "visitor", "type": event.type_name, "data": data}
            connection.execute(sa.text(add), row)


def test_a_conversation_of_an_earlier_version_goes_on_and_its_old_rows_are_gone(
    tmp_path: Path, key: str
) -> None:
    events = [heard("hard", f"message {n}") for n in range(9)]
    written_by_an_earlier_version(tmp_path, key, *events, SlotSet("name", "Ann"), listens())

    found = asyncio.run(store(tmp_path, key).retrieve("visitor"))

    assert found is not None
    assert found.get_slot("name") == "Ann"
    assert texts(found)[-1] == "message 8"
    assert memory.turns_to_watch(found.events) == 10
    assert rows(tmp_path, "events") == []
    assert len(rows(tmp_path, "trackers")) == 1


def test_a_conversation_of_an_earlier_version_is_erased_on_a_restart(
    tmp_path: Path, key: str
) -> None:
    written_by_an_earlier_version(tmp_path, key, UserUttered("forget me"), listens())
    talk = Conversation(store(tmp_path, key))

    talk.turn(UserUttered("delete it all"), Restarted())

    assert rows(tmp_path, "events") == []
    assert texts(talk.now()) == []


def test_old_rows_that_no_key_opens_stay_where_they_are(tmp_path: Path, key: str) -> None:
    written_by_an_earlier_version(tmp_path, new_key(), UserUttered("hello"))

    with pytest.raises(InvalidToken):
        asyncio.run(store(tmp_path, key).retrieve("visitor"))

    assert len(rows(tmp_path, "events")) == 1


def test_a_server_that_hangs_holds_a_turn_up_for_its_limit_only(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, is_over = store(tmp_path, key), threading.Event()
    monkeypatch.setattr(tracker_store, "SECONDS", 0.01)
    monkeypatch.setattr(kept._rows, "read", lambda _: is_over.wait(60))

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(kept.retrieve("visitor"))

    is_over.set()


@needs_a_file
def test_while_the_file_is_locked_rasa_goes_on_with_the_turns_of_others(
    tmp_path: Path, key: str
) -> None:
    kept = store(tmp_path, key)
    asyncio.run(kept.save(tracker(UserUttered("hello"))))

    async def save_while_it_is_locked(other: sqlite3.Connection) -> None:
        saving = asyncio.ensure_future(kept.save(tracker(UserUttered("two"), sender="b")))
        # A loop that stood still here would let nobody unlock the file.
        assert texts(await kept.retrieve("visitor")) == ["hello"]
        other.rollback()
        await saving

    with sqlite3.connect(tmp_path / "rasa.db", isolation_level=None) as locks:
        locks.execute("BEGIN IMMEDIATE")
        asyncio.run(save_while_it_is_locked(locks))

    assert texts(asyncio.run(kept.retrieve("b"))) == ["two"]


def test_in_memory_one_connection_is_used_by_one_thread_at_a_time(key: str) -> None:
    kept = EncryptedTrackerStore(domain=DOMAIN, keys=key)

    async def save_many() -> None:
        talks = [tracker(UserUttered("hello"), sender=str(n)) for n in range(30)]
        await asyncio.gather(*(kept.save(talk) for talk in talks))

    asyncio.run(save_many())

    assert len(list(asyncio.run(kept.keys()))) == 30


def rows(folder: Path, table: str) -> list[str]:
    with sa.create_engine(address(folder)).connect() as connection:
        return list(connection.execute(sa.table(table, sa.column("data")).select()).scalars())


def finish(kept: EncryptedTrackerStore, found: DialogueStateTracker, *events: Event) -> None:
    for event in [*events, listens()]:
        found.update(event, DOMAIN)
    asyncio.run(kept.save(found))


def broken(*_: object) -> None:
    raise OSError("my canary sings")
