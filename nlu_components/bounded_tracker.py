"""Shorten a conversation to its last turns, and keep in few events what else is still known of it.

A turn must cost the same whether it is the fifth or the three-hundredth. So of what came before the
last turns there remain: the slots, the open form, for how many more messages to listen closely,
what was answered and which words of help were given, the safety question that is still open, the
form that words of crisis closed, and which messages there were, by the marks of their keys.
Everything that reads a conversation finds there what it would find in the whole of it;
`tests/nlu_components/test_bounded_tracker.py` compares the two.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, Iterable, List, Optional, Set, Text, Tuple

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components import message_keys
from nlu_components.crisis import memory
from nlu_components.crisis.policy import REPLY
from nlu_components.live import ANSWERS, BOT, LIVE
from nlu_components.message_reader import REMEMBERED_ANSWERS

KEPT_TURNS = 6
"""The message before the last is read by actions; a message may be sent again some messages later;
RulePolicy's rules are shorter. Everything that reaches further back is in the summary."""
UNDERSTOOD_BEST = ("intent_ranking", "response_selector")
"""Of words of crisis: what was asked beside them is answered when the visitor is safe."""
STILL_READ = ("intent", "entities", memory.JUDGEMENT)
"""Of how an earlier message was understood."""


def shortened(events: List[Event], slots: Iterable[Slot]) -> List[Event]:
    """The last turns, after a summary of what came before them; cut only between turns."""
    places = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(places) <= KEPT_TURNS:
        return events
    cut = places[-KEPT_TURNS]
    return [*_summary(events[:cut], slots), *events[cut:]]


def as_stored(events: List[Event]) -> List[Dict[Text, Any]]:
    """As Rasa writes events, without what only the turn of a message needs to know of it."""
    last = max((n for n, e in enumerate(events) if isinstance(e, UserUttered)), default=0)
    return [
        _lean(event, events[place + 1 :]) if place < last else event.as_dict()
        for place, event in enumerate(events)
    ]


def _lean(event: Event, after: List[Event]) -> Dict[Text, Any]:
    stored: Dict[Text, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        kept = STILL_READ + (UNDERSTOOD_BEST if _brought_help(_turn(after)) else ())
        parsed = stored.get("parse_data") or {}
        stored["parse_data"] = {name: parsed[name] for name in kept if name in parsed}
    return stored


def _summary(events: List[Event], slots: Iterable[Slot]) -> List[Event]:
    summary = [
        *_said(events),
        *_interruption(events),
        *_open_question(events),
        *_state(events, slots),
    ]
    for event in summary:  # Rasa asks events for their time
        event.timestamp = min(event.timestamp, events[-1].timestamp)
    return summary


def _said(events: List[Event]) -> List[Event]:
    """What the bot has said: the last answers one by one, of all others how often; and to which
    messages."""
    payloads = [_custom(event) for event in events if isinstance(event, BotUttered)]
    latest = [payload["topic"] for payload in payloads if payload.get("topic")]
    answered = Counter(latest)
    said: Set[Tuple[Text, Text]] = set()
    latest = latest[-REMEMBERED_ANSWERS:]
    answered.subtract(latest)
    for payload in payloads:
        answered.update(payload.get(memory.ANSWERED) or {})
        said.update((kind, category) for kind, category in payload.get(memory.SAID) or ())
        if payload.get("type") in memory.SAFETY and not payload.get("recorded"):
            said.add((payload["type"], payload.get("category", "")))
    summary = {
        memory.ANSWERED: {slug: times for slug, times in answered.items() if times},
        memory.SAID: sorted(list(pair) for pair in said),
        message_keys.MARKS: message_keys.marks_of(events),
    }
    earlier = [_bot({"type": "earlier", **summary})] if any(summary.values()) else []
    return [*earlier, *(_bot({"type": "answer", "topic": slug}) for slug in latest)]


def _interruption(events: List[Event]) -> List[Event]:
    """Where the visitor was when words of crisis came, for the way back there."""
    turns = _turns(events)
    end = len(turns)
    while end and not _brought_help(turns[end - 1]):
        end -= 1
    start = end
    while start and _brought_help(turns[start - 1]):
        start -= 1
    if start == end:
        return []
    closed = not all(_forms(turns[start:end]))
    closes: List[Event] = [ActiveLoop(None)] if closed else []
    if end == len(turns):
        # The visitor may be in the middle of it: what was asked beside it has no answer yet.
        return [turns[start][0], ActionExecuted(REPLY), *closes]
    if not closed or any(_forms(turns[end:])):
        return []
    return [UserUttered(None), ActionExecuted(REPLY), *closes, UserUttered(None)]


def _open_question(events: List[Event]) -> List[Event]:
    """Our own question about danger while nobody has answered it, as `memory` reads it."""
    asked, waiting = memory.asked_last(events), memory.open_check_in(events)
    question = waiting or asked
    if question is None:
        return []
    payload = {
        "type": question.kind,
        "category": question.category,
        "language": question.language,
    }
    beside_a_person = {LIVE: True, ANSWERS: BOT}
    after: List[Event] = []
    if waiting is not None:
        messages = memory.messages_since_check_in(events)
        after = [UserUttered(None) for _ in range(messages)]
        if not messages and asked is None:
            after = [UserUttered(None, metadata=beside_a_person), BotUttered(None)]
    elif question.kind == "check_in":
        heard: Any = {memory.JUDGEMENT: {"reply": "heard"}}
        after = [UserUttered(None, parse_data=heard, metadata=beside_a_person)]
    return [_bot(payload), *after]


def _state(events: List[Event], slots: Iterable[Slot]) -> List[Event]:
    """What Rasa itself knows between two turns, and does not set anew in each."""
    tracker = DialogueStateTracker.from_events("", events, slots)
    form = tracker.active_loop
    left = memory.turns_to_watch(events)
    state: List[Event] = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value and slot.name != memory.WATCH_SLOT
    ]
    state += [SlotSet(memory.WATCH_SLOT, left)] if left else []
    state += [ActiveLoop(form.name)] if form else []
    state += [e for e in events if isinstance(e, ActionExecuted)][-1:]
    state += [ActionExecutionRejected(form.name)] if form and form.rejected else []
    return [*state, *([ConversationPaused()] if tracker.is_paused() else [])]


def _turns(events: List[Event]) -> List[List[Event]]:
    """Each of the visitor's messages with what followed it."""
    turns: List[List[Event]] = []
    for event in events:
        if isinstance(event, UserUttered):
            turns.append([event])
        elif turns:
            turns[-1].append(event)
    return turns


def _turn(events: List[Event]) -> List[Event]:
    """What comes before the next message."""
    end = next((n for n, e in enumerate(events) if isinstance(e, UserUttered)), len(events))
    return events[:end]


def _brought_help(turn: List[Event]) -> bool:
    return any(isinstance(e, ActionExecuted) and e.action_name == REPLY for e in turn)


def _forms(turns: List[List[Event]]) -> List[Optional[Text]]:
    return [e.name for turn in turns for e in turn if isinstance(e, ActiveLoop)]


def _custom(event: BotUttered) -> Dict[Text, Any]:
    return (event.data or {}).get("custom") or {}


def _bot(payload: Dict[Text, Any]) -> BotUttered:
    return BotUttered(None, {"custom": payload})
