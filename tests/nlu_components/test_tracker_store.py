"""Rasa's conversations are unreadable on disk, come back whole, and are forgotten on a restart."""

import asyncio
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.tracker_store import EncryptedTrackerStore, TrackerKeysMissing

DOMAIN = Domain.from_dict(
    {"intents": ["greet"], "slots": {"name": {"type": "text", "mappings": [{"type": "custom"}]}}}
)


def store(folder: Path, keys: str) -> EncryptedTrackerStore:
    return EncryptedTrackerStore(domain=DOMAIN, host=f"sqlite:///{folder}/rasa.db", keys=keys)


def tracker(*events: Event) -> DialogueStateTracker:
    made = DialogueStateTracker("visitor", DOMAIN.slots)
    for event in events:
        made.update(event, DOMAIN)
    return made


@pytest.fixture
def key() -> str:
    return Fernet.generate_key().decode()


def test_a_conversation_comes_back_as_it_was(tmp_path: Path, key: str) -> None:
    said = tracker(UserUttered("my canary sings"), SlotSet("name", "Ann"))

    asyncio.run(store(tmp_path, key).save(said))
    found = asyncio.run(store(tmp_path, key).retrieve("visitor"))

    assert found is not None
    assert found.latest_message is not None
    assert found.latest_message.text == "my canary sings"
    assert found.get_slot("name") == "Ann"


def test_the_file_shows_no_word_of_it(tmp_path: Path, key: str) -> None:
    intent = {"name": "crisis", "confidence": 1.0}

    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("my canary sings", intent))))

    content = (tmp_path / "rasa.db").read_bytes()
    assert b"canary" not in content
    assert b"crisis" not in content


def test_only_what_is_new_is_added(tmp_path: Path, key: str) -> None:
    kept = store(tmp_path, key)
    said = tracker(UserUttered("one"))
    asyncio.run(kept.save(said))

    said.update(UserUttered("two"), DOMAIN)
    asyncio.run(kept.save(said))

    found = asyncio.run(kept.retrieve("visitor"))
    assert found is not None
    assert [e.text for e in found.events if isinstance(e, UserUttered)] == ["one", "two"]


def test_a_restart_erases_what_came_before(tmp_path: Path, key: str) -> None:
    kept = store(tmp_path, key)
    said = tracker(UserUttered("forget me"))
    asyncio.run(kept.save(said))

    said.update(UserUttered("delete my answers"), DOMAIN)
    said.update(Restarted(), DOMAIN)
    said.update(ActionExecuted("action_listen"), DOMAIN)
    asyncio.run(kept.save(said))

    found = asyncio.run(kept.retrieve("visitor"))
    assert found is not None
    assert [type(event) for event in found.events] == [Restarted, ActionExecuted]


def test_a_newer_key_still_opens_what_an_older_one_closed(tmp_path: Path, key: str) -> None:
    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("hello"))))

    newer = f"{Fernet.generate_key().decode()},{key}"

    assert asyncio.run(store(tmp_path, newer).retrieve("visitor")) is not None


def test_another_key_opens_nothing(tmp_path: Path, key: str) -> None:
    asyncio.run(store(tmp_path, key).save(tracker(UserUttered("hello"))))
    other = store(tmp_path, Fernet.generate_key().decode())

    with pytest.raises(InvalidToken):
        asyncio.run(other.retrieve("visitor"))


@pytest.mark.parametrize("keys", ["", "short", "a,b"])
def test_a_missing_or_broken_key_stops_the_start(tmp_path: Path, keys: str) -> None:
    with pytest.raises(TrackerKeysMissing, match="RASA_TRACKER_KEYS"):
        store(tmp_path, keys)
