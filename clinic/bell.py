"""The bell: whoever changes what an open page shows rings it, and the page looks at once.

On PostgreSQL a ring reaches every process once the deed is committed (NOTIFY; web/bell.py hears
it), on SQLite the pages of this process. It says where to look, never what is there. A ring may be
lost, so every page also looks without one, more slowly.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from clinic.derived_keys import derived_key

CHANNEL = "front_desk"

NEWS = "news"
"""Something was written into the audit log, which the console reads its news from."""

PURPOSE = "bell"
RUNG = "rung"
"""Where a session keeps what it has to ring at its commit."""

Hearer = Callable[[], None]
"""Called from any thread; it only notes that there is something to look at."""


def chat(conversation_id: str) -> str:
    """The topic of one conversation. Who listens at the database cannot tell which one it is."""
    key = derived_key(PURPOSE)
    named = hashlib.blake2b(conversation_id.encode(), key=key, digest_size=12)
    return f"chat:{named.hexdigest()}"


def ring(session: Session, topic: str) -> None:
    """Ring once this session commits; not at all if its deeds are undone."""
    session.info.setdefault(RUNG, set()).add(topic)


def sound(session: Session) -> None:
    """Send what was rung, as the last thing before the commit. `transaction` does it for all."""
    topics: set[str] = session.info.pop(RUNG, set())
    if not topics:
        return
    if session.get_bind().dialect.name == "postgresql":
        send(session, topics)
    else:
        event.listen(session, "after_commit", lambda _: _tell_each(topics), once=True)


def send(session: Session, topics: Iterable[str]) -> None:
    """One message for each topic; PostgreSQL delivers them all at the commit."""
    for topic in sorted(topics):
        session.execute(select(func.pg_notify(CHANNEL, topic)))


@contextmanager
def hearing(topic: str, hearer: Hearer) -> Iterator[None]:
    """Be told of this topic, in this process."""
    hearers = _hearers()
    hearers.add(topic, hearer)
    try:
        yield
    finally:
        hearers.remove(topic, hearer)


def tell(topic: str) -> None:
    """This topic was rung, here or in another process."""
    _call(_hearers().of(topic))


def tell_everybody() -> None:
    """Rings may have been missed: all look once."""
    _call(_hearers().all())


def _tell_each(topics: Iterable[str]) -> None:
    for topic in topics:
        tell(topic)


def _call(hearers: Iterable[Hearer]) -> None:
    for hearer in hearers:
        hearer()


class _Hearers:
    """Who waits in this process for what."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_topic: defaultdict[str, list[Hearer]] = defaultdict(list)

    def add(self, topic: str, hearer: Hearer) -> None:
        with self._lock:
            self._by_topic[topic].append(hearer)

    def remove(self, topic: str, hearer: Hearer) -> None:
        with self._lock:
            self._by_topic[topic].remove(hearer)
            if not self._by_topic[topic]:
                del self._by_topic[topic]

    def of(self, topic: str) -> list[Hearer]:
        with self._lock:
            return list(self._by_topic.get(topic, ()))

    def all(self) -> list[Hearer]:
        with self._lock:
            return [hearer for hearers in self._by_topic.values() for hearer in hearers]


@lru_cache
def _hearers() -> _Hearers:
    """Those of this process."""
    return _Hearers()
