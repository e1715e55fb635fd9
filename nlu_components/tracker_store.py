"""Keep Rasa's conversations unreadable without the key, short, and forget them on a restart.

A tracker holds every word of a visitor. Rasa's SQL store writes them in clear, a row for each
event, reads all of them in every turn and never deletes one. Here a conversation is one encrypted
row with its last turns (`bounded_tracker`), and a `Restarted` event erases what came before it. One
number outlives it: for how many more messages to listen closely. Somebody who wipes the slate after
words of danger must not be less safe than before. But whom the clinic has erased leaves nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from itertools import dropwhile, islice
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional, Text, Type, TypeVar

from cryptography.fernet import Fernet, MultiFernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.common import all_subclasses

from nlu_components.bounded_tracker import as_stored, shortened
from nlu_components.crisis import memory
from nlu_components.message_keys import key_of
from nlu_components.tracker_rows import TrackerRows

log = logging.getLogger(__name__)

ERASED = "erased"
"""The key under which the web says with its order to begin anew that staff erased this person."""
SECONDS = 2.0
"""A turn waits so long for the tracker's database, then it goes on without what was said before.
Words of danger are answered all the same: that needs nothing of the conversation."""
TRIES = 3
"""More than one writer at a time is rare, for Rasa locks a conversation."""

Result = TypeVar("Result")


class TrackerKeysMissing(RasaException):
    """RASA_TRACKER_KEYS holds no usable key; `make run` writes one into .env."""


class Overwritten(RasaException):
    """Others kept writing to this conversation; its last turn is not kept."""


class Read(NamedTuple):
    """What a tracker was when it was read: the row's mark, and how many events."""

    changed: Optional[float]
    events: int


class EncryptedTrackerStore(TrackerStore):
    """One encrypted row (Fernet) for each conversation, in SQLite or PostgreSQL."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        keys: Text = "",
        **kwargs: Any,
    ) -> None:
        self._cipher = cipher(keys)
        self._rows = TrackerRows(host or "sqlite://")
        self._classes: Dict[Text, Type[Event]] = {
            event.type_name: event for event in reversed(all_subclasses(Event))
        }
        # A server may hang, and a file may be locked: on Rasa's one loop all other turns would
        # stand still with this one.
        self._threads = ThreadPoolExecutor(self._rows.at_once, "tracker")
        super().__init__(domain=domain, event_broker=event_broker, **kwargs)

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """The conversation of all sessions: a new one must not forget that danger was heard."""
        return await self._wait_for(lambda: self._retrieve(sender_id))

    async def keys(self) -> Iterable[Text]:
        """See parent class for full docstring."""
        return await self._wait_for(self._rows.senders)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the conversation with its last turns; after a restart only what came with it."""
        await self.stream_events(tracker)
        if not tracker.events:  # Rasa saves a conversation also before anybody has said anything
            return
        try:
            await self._wait_for(lambda: self._save(tracker))
        except Exception as error:
            # Not to Rasa, which would keep the conversation in memory, in clear and for ever. The
            # visitor is answered all the same.
            log.error("conversation not kept error=%s", type(error).__name__)

    async def _wait_for(self, deed: Callable[[], Result]) -> Result:
        running = asyncio.get_running_loop().run_in_executor(self._threads, deed)
        return await asyncio.wait_for(running, SECONDS)

    def _retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        row = self._rows.read(sender_id)
        if row is None and self._rows.take_over(sender_id, self._sealed_anew):
            row = self._rows.read(sender_id)
        if row is None:
            return None
        events = self._events(self._cipher.decrypt(row.data.encode()))
        found = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        found.read = Read(row.changed, len(events))
        return found

    def _save(self, tracker: DialogueStateTracker) -> None:
        read: Read = getattr(tracker, "read", Read(None, 0))
        new = list(islice(tracker.events, read.events, None))
        current, was = tracker, read.changed
        for _ in range(TRIES):
            changed = self._rows.write(tracker.sender_id, self._sealed(current, new), was)
            if changed is not None:
                break
            # Somebody else wrote meanwhile, or what was there could not be read when the turn
            # began: their turn stays, and ours comes after it.
            found = self._retrieve(tracker.sender_id)
            current, was = _together(found, new) if found else tracker, _mark(found)
        else:
            raise Overwritten("a conversation was written by others at the same time")
        tracker.read = Read(changed, len(tracker.events))
        if _since_last_restart(new) is not new:
            self._rows.forget_traces()

    def _sealed(self, tracker: DialogueStateTracker, new: List[Event]) -> Text:
        """All that is to be kept of a conversation, encrypted."""
        since = _since_last_restart(new)
        if since is new:
            kept = list(tracker.events)
        else:
            kept = since if _was_erased(new) else since + _watch_that_goes_on(tracker)
        return self._seal(kept)

    def _sealed_anew(self, rows: List[Text]) -> Text:
        """The event rows of an earlier version as one."""
        return self._seal([self._event(json.loads(self._cipher.decrypt(r.encode()))) for r in rows])

    def _seal(self, events: List[Event]) -> Text:
        stored = {"events": as_stored(shortened(events, self.domain.slots))}
        return self._cipher.encrypt(json.dumps(stored, separators=(",", ":")).encode()).decode()

    def _events(self, opened: bytes) -> List[Event]:
        return [self._event(stored) for stored in json.loads(opened)["events"]]

    def _event(self, stored: Dict[Text, Any]) -> Event:
        # As Event.from_parameters does it, which looks for the class among all classes each time.
        return self._classes[stored["event"]]._from_parameters(stored)


def cipher(keys: Text) -> MultiFernet:
    """The first key encrypts; every key decrypts, so that keys can be rotated."""
    try:
        return MultiFernet([Fernet(key.strip().encode()) for key in keys.split(",")])
    except ValueError:
        raise TrackerKeysMissing(
            "RASA_TRACKER_KEYS must be Fernet keys; `make run` writes one into .env"
        ) from None


def _mark(tracker: Optional[DialogueStateTracker]) -> Optional[float]:
    return tracker.read.changed if tracker else None


def _together(found: DialogueStateTracker, new: List[Event]) -> DialogueStateTracker:
    """A turn after one that it did not know of; not if that one was the same message."""
    # Whoever did not know the conversation began it: a session that starts would reset it.
    turn = list(dropwhile(lambda event: not isinstance(event, UserUttered), new)) or new
    here = {key_of(event) for event in found.events} - {None}
    if not here & {key_of(event) for event in turn}:
        for event in turn:
            found.update(event)
    return found


def _watch_that_goes_on(tracker: DialogueStateTracker) -> List[Event]:
    left = memory.turns_to_watch(tracker.events)
    return [SlotSet(memory.WATCH_SLOT, left)] if left else []


def _was_erased(events: List[Event]) -> bool:
    """Whether the newest message is the clinic's own order; a visitor cannot send its mark."""
    messages = [event for event in events if isinstance(event, UserUttered)]
    return bool(messages) and (messages[-1].metadata or {}).get(ERASED) is True


def _since_last_restart(events: List[Event]) -> List[Event]:
    """The events from the last restart on; all of them, the list itself, if there was none."""
    restarts = [place for place, event in enumerate(events) if isinstance(event, Restarted)]
    return events[restarts[-1] :] if restarts else events
