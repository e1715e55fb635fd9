"""A message that is sent again gets the answer that it got, and moves nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import rasa.core.agent
import rasa.core.processor
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components import action_calls, serve
from nlu_components.crisis import memory
from nlu_components.graph_runner import StraightRunner
from nlu_components.message_keys import HALF_DONE, REMEMBERED, marks_of
from nlu_components.processor import LONG_PAST, FrontDeskProcessor, said_to
from nlu_components.tracker_store import EncryptedTrackerStore
from nlu_components.turnstile import Turnstile
from tests.nlu_components.tracker_world import listens, new_key, store, texts


def of(key: str, **metadata: Any) -> UserUttered:
    return UserUttered("words", metadata={"key": key, **metadata})


def test_what_was_said_to_a_message_is_found_by_its_key() -> None:
    one, two, three = (BotUttered(text) for text in ("one", "two", "three"))
    events: list[Event] = [of("a"), one, listens(), of("b"), two, three, listens(), of("c")]

    assert said_to(events, "a") == [one]
    assert said_to(events, "b") == [two, three]
    assert said_to(events, "c") == []
    assert said_to(events, "d") is None
    assert said_to(events, None) is None


def test_a_turn_that_was_half_done_is_done_anew() -> None:
    assert said_to([of("a", **{HALF_DONE: True}), BotUttered("one")], "a") is None


def test_a_turn_that_was_done_anew_is_whole() -> None:
    events = [of("a", **{HALF_DONE: True}), listens(), of("a"), BotUttered("whole")]

    assert said_to(events, "a") == [BotUttered("whole")]


class Turns(FrontDeskProcessor):
    """The processor with a model that echoes; all else is as Rasa has it."""

    def __init__(self, kept: EncryptedTrackerStore, *, actions_fail: bool = False) -> None:
        self.tracker_store = kept
        self.domain = kept.domain
        self.model_metadata = mock.Mock(model_id="m", assistant_id="a")
        self.action_endpoint = None
        self._turnstile = Turnstile()
        self.max_number_of_predictions = 10
        self.actions_fail = actions_fail
        self.hears = "none"

    async def parse_message(self, message: UserMessage, *_: Any, **__: Any) -> dict[str, Any]:
        heard = {"outcome": self.hears}
        return {
            "text": message.text,
            "intent": {"name": "greet"},
            "entities": [],
            memory.JUDGEMENT: heard,
        }

    async def _update_tracker_session(self, *_: Any, **__: Any) -> None:
        """The conversation has begun."""

    async def run_action_extract_slots(self, _: Any, tracker: Any) -> Any:
        return tracker

    async def _run_prediction_loop(self, channel: Any, tracker: DialogueStateTracker) -> None:
        if self.actions_fail:
            action_calls.turn_under_way().is_half_done = True
        else:
            reply = BotUttered(
                f"You said {len(texts(tracker))} things", {"custom": {"type": "text"}}
            )
            tracker.update(reply)
            await self._send_bot_messages([reply], tracker, channel)
        tracker.update(listens())


def send(turns: Turns, key: str) -> list[dict[str, Any]]:
    channel = CollectingOutputChannel()
    message = UserMessage("hello", channel, "visitor", metadata={"key": key})
    answer = asyncio.run(turns.handle_message(message))
    assert answer is not None
    return answer


@pytest.fixture
def kept(tmp_path: Path) -> EncryptedTrackerStore:
    return store(tmp_path, new_key())


def said_so_far(kept: EncryptedTrackerStore) -> list[str]:
    return texts(asyncio.run(kept.retrieve("visitor")))


def test_the_same_key_again_gets_the_same_answer_and_moves_nothing(
    kept: EncryptedTrackerStore,
) -> None:
    turns = Turns(kept)
    first, _ = send(turns, "a"), send(turns, "b")

    again = send(turns, "a")

    assert again == first
    assert said_so_far(kept) == ["hello", "hello"]


def test_another_rasa_gives_the_same_answer_too(kept: EncryptedTrackerStore) -> None:
    first = send(Turns(kept), "a")

    assert send(Turns(kept), "a") == first


def test_another_key_is_another_message(kept: EncryptedTrackerStore) -> None:
    turns = Turns(kept)

    assert send(turns, "a") != send(turns, "b")


def test_the_answer_comes_again_after_several_other_messages(kept: EncryptedTrackerStore) -> None:
    turns = Turns(kept)
    for number in range(20):
        send(turns, f"key {number}")
    last = send(turns, "the one")
    for number in range(4):
        send(turns, f"after {number}")

    assert send(turns, "the one") == last


def test_a_message_that_is_sent_again_long_after_is_no_answer_to_what_is_open_now(
    kept: EncryptedTrackerStore,
) -> None:
    turns = Turns(kept)
    send(turns, "the one")
    for number in range(REMEMBERED - 1):
        send(turns, f"after {number}")
    before = said_so_far(kept)

    again = send(turns, "the one")

    assert [message["text"] for message in again] == [LONG_PAST]
    assert said_so_far(kept) == before
    assert send(turns, "the one") == again


def test_what_was_never_done_is_done_however_late_it_comes_again(
    kept: EncryptedTrackerStore,
) -> None:
    send(Turns(kept, actions_fail=True), "the one")
    turns = Turns(kept)
    for number in range(20):
        send(turns, f"after {number}")

    again = send(turns, "the one")

    assert again[0]["text"].startswith("You said")


def test_words_of_danger_are_answered_however_late_they_come_again(
    kept: EncryptedTrackerStore,
) -> None:
    turns = Turns(kept)
    for number in range(20):
        send(turns, f"key {number}")

    turns.hears = "hard"
    again = send(turns, "key 0")

    assert again[0]["text"].startswith("You said")


def test_no_key_of_a_message_is_kept_once_it_is_long_past(kept: EncryptedTrackerStore) -> None:
    turns = Turns(kept)
    for number in range(50):
        send(turns, f"key {number}")

    found = asyncio.run(kept.retrieve("visitor"))

    assert found is not None
    stored = str([event.as_dict() for event in found.events])
    assert "key 49" in stored
    assert "key 10" not in stored
    assert len(marks_of(found.events)) == REMEMBERED


def test_what_the_action_server_did_not_do_is_done_when_it_is_sent_again(
    kept: EncryptedTrackerStore,
) -> None:
    assert send(Turns(kept, actions_fail=True), "a") == []

    assert send(Turns(kept), "a") != []


def test_a_turn_that_rasa_was_killed_in_is_done_anew(kept: EncryptedTrackerStore) -> None:
    class Killed(Turns):
        async def save_tracker(self, tracker: DialogueStateTracker) -> None:
            raise SystemExit

    with pytest.raises(SystemExit):
        send(Killed(kept), "a")

    assert send(Turns(kept), "a")[0]["text"] == "You said 1 things"


def test_rasa_is_given_our_own_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rasa.core.agent, "MessageProcessor", MessageProcessor)
    monkeypatch.setattr(rasa.core.processor, "DaskGraphRunner", object)
    monkeypatch.setattr(action_calls, "install", lambda: None)

    serve.use_our_own_parts()

    assert rasa.core.agent.MessageProcessor is FrontDeskProcessor
    assert rasa.core.processor.DaskGraphRunner is StraightRunner


def test_rasa_still_has_the_places_where_they_are_put() -> None:
    """A newer Rasa may have moved them, and would then quietly run without."""
    import inspect

    assert "MessageProcessor(" in inspect.getsource(rasa.core.agent.Agent.load_model)
    assert "DaskGraphRunner" in inspect.getsource(MessageProcessor._load_model)
    handle = inspect.getsource(MessageProcessor.handle_message)
    assert handle.index("self.log_message(") < handle.index("self.run_action_extract_slots(")
    assert "self.save_tracker(tracker)" in handle
    assert "self._handle_message_with_tracker(" in inspect.getsource(MessageProcessor.log_message)


class Reads(FrontDeskProcessor):
    """The processor with a pipeline of one function; all else of its reading is as it is."""

    def __init__(self, pipeline: Callable[[], str]) -> None:
        self._reader = ThreadPoolExecutor(1)
        self.http_interpreter = None
        self.pipeline = pipeline
        self.checked: list[Any] = []

    def _parse_message_with_graph(
        self, message: UserMessage, tracker: Any, only_output_properties: bool = True
    ) -> dict[str, Any]:
        assert tracker.sender_id == message.sender_id
        return {"text": message.text, "intent": {"name": self.pipeline()}, "entities": []}

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        self.checked.append(parse_data)


def test_while_a_message_is_read_rasa_goes_on_with_other_turns() -> None:
    others_went_on = threading.Event()
    reads = Reads(lambda: "greet" if others_went_on.wait(10) else "alone")

    async def both() -> dict[str, Any]:
        reading = asyncio.ensure_future(reads.parse_message(UserMessage("hello")))
        await asyncio.sleep(0)
        others_went_on.set()
        return await reading

    assert asyncio.run(both())["intent"]["name"] == "greet"


@pytest.mark.parametrize("tracker", [None, DialogueStateTracker("visitor", [])])
def test_a_message_is_read_as_rasa_reads_it(tracker: DialogueStateTracker | None) -> None:
    reads = Reads(lambda: "ask/price")
    message = UserMessage("hello", sender_id="visitor")

    ours = asyncio.run(reads.parse_message(message, tracker))
    rasas = asyncio.run(MessageProcessor.parse_message(reads, message, tracker))

    assert ours == rasas
    assert reads.checked == [ours, rasas]


def test_what_goes_wrong_in_the_reading_is_told_as_if_there_were_no_thread() -> None:
    def fails() -> str:
        raise ValueError("nobody had foreseen it")

    with pytest.raises(ValueError, match="nobody had foreseen it"):
        asyncio.run(Reads(fails).parse_message(UserMessage("hello")))
