"""Keep Rasa's conversations unreadable without the key, and forget them when the bot restarts.

A tracker holds every word of a visitor. Rasa's SQL store writes them in clear and never deletes
one; here the events are encrypted, intents are not written beside them, and a `Restarted` event
erases what came before it. One number outlives it: for how many more messages to listen closely.
Somebody who wipes the slate after words of danger must not be less safe than before. But whom the
clinic has erased leaves nothing at all.
"""

from __future__ import annotations

import itertools
import json
from typing import Any, Iterator, List, Optional, Text

from cryptography.fernet import Fernet, MultiFernet
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, Restarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from nlu_components.crisis import memory

ERASED = "erased"
"""The key under which the web says with its order to begin anew that staff erased this person."""


class TrackerKeysMissing(RasaException):
    """RASA_TRACKER_KEYS holds no usable key; `make run` writes one into .env."""


class EncryptedTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store with each event's data encrypted (Fernet)."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        keys: Text = "",
        **kwargs: Any,
    ) -> None:
        self._cipher = _cipher(keys)
        super().__init__(domain=domain, host=host, event_broker=event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events; after a restart only those that came with it."""
        await self.stream_events(tracker)
        with self.session_scope() as session:
            new = list(self._additional_events(session, tracker))
            since = _since_last_restart(new)
            if len(since) < len(new):
                session.query(self.SQLEvent).filter(
                    self.SQLEvent.sender_id == tracker.sender_id
                ).delete()
                if not _was_erased(new):
                    since += _watch_that_goes_on(tracker)
            session.add_all(self._row(tracker.sender_id, event) for event in since)
            session.commit()

    def _row(self, sender_id: Text, event: Event) -> Any:
        data = event.as_dict()
        return self.SQLEvent(
            sender_id=sender_id,
            type_name=event.type_name,
            timestamp=data.get("timestamp"),
            data=self._cipher.encrypt(json.dumps(data).encode()).decode(),
        )

    def _additional_events(self, session: Any, tracker: DialogueStateTracker) -> Iterator[Event]:
        """Return events which are not stored yet; counted over all sessions, as they are read."""
        stored = self._event_query(
            session, tracker.sender_id, fetch_events_from_all_sessions=True
        ).count()
        return itertools.islice(tracker.events, stored, len(tracker.events))

    async def _retrieve(
        self, sender_id: Text, fetch_events_from_all_sessions: bool
    ) -> Optional[DialogueStateTracker]:
        with self.session_scope() as session:
            # All sessions, whatever is asked: a new one must not forget that danger was heard.
            rows = self._event_query(session, sender_id, fetch_events_from_all_sessions=True).all()
            events = [json.loads(self._cipher.decrypt(row.data.encode())) for row in rows]
        if not self.domain or not events:
            return None
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)


def _cipher(keys: Text) -> MultiFernet:
    """The first key encrypts; every key decrypts, so that keys can be rotated."""
    try:
        return MultiFernet([Fernet(key.strip().encode()) for key in keys.split(",")])
    except ValueError:
        raise TrackerKeysMissing(
            "RASA_TRACKER_KEYS must be Fernet keys; `make run` writes one into .env"
        ) from None


def _watch_that_goes_on(tracker: DialogueStateTracker) -> List[Event]:
    left = memory.turns_to_watch(tracker.events)
    return [SlotSet(memory.WATCH_SLOT, left)] if left else []


def _was_erased(events: List[Event]) -> bool:
    """Whether the newest message is the clinic's own order; a visitor cannot send its mark."""
    messages = [event for event in events if isinstance(event, UserUttered)]
    return bool(messages) and (messages[-1].metadata or {}).get(ERASED) is True


def _since_last_restart(events: List[Event]) -> List[Event]:
    """The events from the last restart on; all of them if there was none."""
    restarts = [place for place, event in enumerate(events) if isinstance(event, Restarted)]
    return events[restarts[-1] :] if restarts else events
