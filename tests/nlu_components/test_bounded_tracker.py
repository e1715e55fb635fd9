"""A conversation that was cut after every turn reads like one that never was.

Both are made of the same random turns: questions, forms, words of crisis, check-ins, turns beside
a person. What is compared is everything that policies, the crisis component and actions read.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    ConversationResumed,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.bounded_tracker import KEPT_TURNS, as_stored, shortened
from nlu_components.crisis import memory
from nlu_components.message_reader import _answered_topics
from nlu_components.tracker_store import EncryptedTrackerStore
from tests.nlu_components.tracker_world import DOMAIN, heard, listens, new_key, said, tracker

KINDS = ("crisis", "check_in")
CATEGORIES = ("suicide", "violence")
TOPICS = ("cost", "safety", "hours", "pain")
FORM = "questionnaire_form"
BESIDE_A_PERSON: dict[str, Any] = {"live": True, "answers": "bot"}
STAFF_SPOKE: dict[str, Any] = {"live": True, "answers": "staff"}

_store = EncryptedTrackerStore(domain=DOMAIN, keys=new_key())


def cut(whole: DialogueStateTracker) -> DialogueStateTracker:
    """As it is after it was saved and read again."""
    stored = json.loads(json.dumps(as_stored(shortened(list(whole.events), DOMAIN.slots))))
    events = [_store._event(event) for event in stored]
    return DialogueStateTracker.from_events("visitor", events, DOMAIN.slots)


class Chance:
    """Turns as they happen, one after the other."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.form: str | None = None
        self.kind, self.more = self.answer, 0

    def turn(self) -> list[Event]:
        """Of the same kind as the one before, often: visitors write many messages to a person."""
        kinds = [self.answer] * 4 + [self.help] * 2 + [self.check_in] * 3
        kinds += [self.silence] * 3 + [self.form_turn] * 3 + [self.odd]
        if not self.more:
            self.kind, self.more = self.chance.choice(kinds), self.chance.choice([1, 1, 1, 2, 9])
        self.more -= 1
        return [*self.kind(), listens()]

    def message(self, outcome: str = "none", **judgement: Any) -> UserUttered:
        message = heard(outcome, f"words {self.chance.random()}", **judgement)
        message.parse_data["intent_ranking"] = [{"confidence": self.chance.random()}]
        message.metadata = dict(self.chance.choice([{}, {}, {}, STAFF_SPOKE]))
        return message

    def answer(self) -> list[Event]:
        topic = said(type="answer", topic=self.chance.choice(TOPICS))
        return [self.message(), ActionExecuted("action_answer"), topic]

    def help(self) -> list[Event]:
        category = self.chance.choice(CATEGORIES)
        events = [self.message("hard"), ActionExecuted("utter_crisis")]
        events += [said(type="crisis", category=category, language="en")]
        events += [ActionExecuted("action_record_crisis")]
        if self.form:
            self.form = None
            events += [ActiveLoop(None), SlotSet("requested_slot", None)]
        return events

    def check_in(self) -> list[Event]:
        payload = {"type": "check_in", "category": self.chance.choice(CATEGORIES), "language": "en"}
        recorded = {"recorded": True} if self.chance.random() < 0.2 else {}
        return [self.message("soft"), ActionExecuted("utter_check_in"), said(**payload, **recorded)]

    def silence(self) -> list[Event]:
        """The visitor writes to a person."""
        message = heard("none", "to a person")
        message.metadata = dict(self.chance.choice([BESIDE_A_PERSON] * 30 + [STAFF_SPOKE]))
        if self.chance.random() < 0.05:
            message.parse_data["crisis"]["reply"] = "unsafe"
        spoke = [said(type="text")] if self.chance.random() < 0.05 else []
        return [message, *spoke]

    def form_turn(self) -> list[Event]:
        plain = self.chance.random() < 0.5
        events: list[Event] = [self.message("soft" if plain else "none", only_likely=plain)]
        if self.form is None:
            self.form = FORM
            events += [ActionExecuted("action_start_screening"), ActiveLoop(FORM)]
        return [
            *events,
            SlotSet("plain_answer", plain),
            SlotSet("questionnaire", self.chance.choice(["screening", "callback"])),
            SlotSet("requested_slot", "questionnaire_answer"),
            ActionExecuted(FORM),
        ]

    def odd(self) -> list[Event]:
        """What hardly happens, and must not be lost all the same."""
        events: list[Event] = [ConversationPaused(), ConversationResumed()]
        events += [SlotSet("crisis_watch", 4), ActionExecutionRejected(FORM)]
        return [self.message(), self.chance.choice(events)]


BEGIN: list[Event] = [ActionExecuted("action_session_start"), SessionStarted(), listens()]


def what_rasa_knows(of: DialogueStateTracker) -> dict[str, Any]:
    slots = of.current_slot_values()
    del slots[memory.WATCH_SLOT]  # read from the events, see below
    loop = of.active_loop
    return {
        "slots": slots,
        "loop": loop and (loop.name, loop.rejected, loop.is_interrupted),
        "latest action": of.latest_action,
        "latest message": of.latest_message and of.latest_message.as_dict(),
        "followup": of.followup_action,
        "paused": of.is_paused(),
    }


def what_is_read(of: DialogueStateTracker) -> dict[str, Any]:
    """By the crisis component, the policies and the message reader."""
    events = list(of.events)
    return {
        "watched": memory.turns_to_watch(events),
        "asked": memory.asked_last(events),
        "asked before": memory.asked_before(events),
        "waiting": memory.open_check_in(events),
        "only an answer": memory.is_only_an_answer(events),
        "form before": memory.form_before(events),
        "said": [memory.was_said_before(events, kind, c) for kind in KINDS for c in CATEGORIES],
        "actions": list(memory.actions_of_turn(events)),
        "topics": _answered_topics(of),
    }


def what_actions_read(of: DialogueStateTracker) -> dict[str, Any]:
    """As `actions/` computes it from the events that it is sent, written down here once more."""
    events = [event.as_dict() for event in of.events]
    turns: list[list[dict[str, Any]]] = []
    for event in events:
        if event["event"] == "user":
            turns.append([])
        if turns:
            turns[-1].append(event)
    times: Counter[str] = Counter()
    for event in events:
        payload = (event.get("data") or {}).get("custom") or {}
        times.update(payload.get("answered") or {})
        times.update([payload["topic"]] if payload.get("topic") else [])
    return {
        "times": +times,
        "turn": turns[-1],
        "turn before": [e for e in turns[-2] if e["event"] != "user"],
        "way back": way_back(turns[:-1]),
    }


def way_back(turns: list[list[dict[str, Any]]]) -> tuple[bool, Any]:
    """Whether words of crisis closed a form that is still to be gone back to; else what to say."""

    def helped(turn: list[dict[str, Any]]) -> bool:
        return any(event.get("name") == "utter_crisis" for event in turn)

    def forms(of: list[list[dict[str, Any]]]) -> list[Any]:
        return [e.get("name") for turn in of for e in turn if e["event"] == "active_loop"]

    end = len(turns)
    while end and not helped(turns[end - 1]):
        end -= 1
    start = end
    while start and helped(turns[start - 1]):
        start -= 1
    interrupted, since = turns[start:end], turns[end:]
    goes_back = not all(forms(interrupted)) and not any(forms(since))
    asked_beside = None if since or not interrupted else _ranking(interrupted)
    return goes_back, None if goes_back else asked_beside


def _ranking(interrupted: list[list[dict[str, Any]]]) -> Any:
    return interrupted[0][0]["parse_data"].get("intent_ranking")


@pytest.mark.parametrize("seed", range(60))
def test_a_cut_conversation_reads_like_the_whole_one(seed: int) -> None:
    chance = Chance(seed)
    whole, short = tracker(*BEGIN), tracker(*BEGIN)
    for number in range(30):
        events = chance.turn()
        for event in events[:1]:
            whole.update(event)
            short.update(event)
        # When a message has just come, and when its turn is over.
        compare(whole, short, number, seed)
        for event in events[1:]:
            whole.update(event)
            short.update(event)
        short = cut(short)
        compare(whole, short, number, seed)


def compare(
    whole: DialogueStateTracker, short: DialogueStateTracker, number: int, seed: int
) -> None:
    where = f"seed {seed}, turn {number}"
    assert what_rasa_knows(short) == what_rasa_knows(whole), where
    assert what_is_read(short) == what_is_read(whole), where
    if number:
        assert what_actions_read(short) == what_actions_read(whole), where


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_of_a_cut_conversation_is_the_same(seed: int) -> None:
    """Rasa makes one before each action, by going through the events again."""
    chance, short = Chance(seed), tracker(*BEGIN)
    for _ in range(20):
        for event in chance.turn():
            short.update(event)
        short = cut(short)

        assert what_rasa_knows(short.copy()) == what_rasa_knows(short)


def test_so_much_and_no_more_is_kept() -> None:
    chance, short = Chance(7), tracker(*BEGIN)
    sizes = []
    for _ in range(300):
        for event in chance.turn():
            short.update(event)
        short = cut(short)
        sizes.append(len(short.events))

    assert max(sizes[100:]) <= max(sizes[20:100]) * 1.5
    spoken = [e for e in short.events if isinstance(e, UserUttered) and e.text]
    assert len(spoken) <= KEPT_TURNS + 1


def test_how_older_messages_were_understood_is_left_out() -> None:
    ranking: Any = {"intent_ranking": [{"name": "greet"}], "response_selector": {"faq": {}}}
    short = tracker(*BEGIN)
    for name in ("one", "two"):
        short.update(UserUttered(name, parse_data=ranking))
        short.update(listens())

    first, second = [e for e in cut(short).events if isinstance(e, UserUttered)]

    assert "intent_ranking" not in first.parse_data
    assert "intent_ranking" in second.parse_data
