"""Rasa's conversations are unreadable on disk, come back whole, and are forgotten on a restart."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.crisis import memory
from nlu_components.tracker_store import ERASED, EncryptedTrackerStore, TrackerKeysMissing

CUSTOM = [{"type": "custom"}]
DOMAIN = Domain.from_dict(
    {
        "intents": ["greet"],
        "slots": {
            "name": {"type": "text", "mappings": CUSTOM},
            "crisis_watch": {"type": "any", "mappings": CUSTOM},
        },
    }
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


def heard(outcome: str, text: str = "words") -> UserUttered:
    judgement: Any = {"crisis": {"outcome": outcome, "category": "suicide"}}
    return UserUttered(text, parse_data=judgement)


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
