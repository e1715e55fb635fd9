"""Count what happens, by day of the clinic: numbers that belong to nobody.

A count waits until the deed itself is committed, so that it can neither undo the deed nor hold it
up. In a server it waits a moment longer in memory (`in_background`), and one thread writes for all:
no visitor waits for a number. Who kills a server loses the counts of that last second and nothing
else. What cannot be written now, as when the database is locked or its disk full, is tried again.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Engine, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from clinic import writers
from clinic.clock import now
from clinic.facts import facts
from clinic.tables import DailyCount

log = logging.getLogger(__name__)

CONVERSATION = "conversation"
MESSAGE = "message"
TOPIC = "topic"
UNANSWERED = "unanswered"
SCREENING_STARTED = "screening_started"
QUESTION_SHOWN = "question_shown"
QUESTION_ANSWERED = "question_answered"
SCREENING_FINISHED = "screening_finished"
ENDED = "ended"
CONSENT_REFUSED = "consent_refused"
CALLBACK_ASKED = "callback_asked"
ANSWER_ASKED = "answer_asked"
ANSWER_MISSING = "answer_missing"
NOTHING_MISSING = "nothing_missing"
CONTRADICTION_KEPT = "contradiction_kept"
HANDOFF_ASKED = "handoff_asked"
HANDOFF_STEPPED_IN = "handoff_stepped_in"
HANDOFF_TAKEN = "handoff_taken"
HANDOFF_NOBODY_CAME = "handoff_nobody_came"
FEEDBACK_ASKED = "feedback_asked"
FEEDBACK = "feedback"
STAFF_DEED = "staff_deed"
HELPFUL, NOT_HELPFUL = "helpful", "not_helpful"

WAITING = "counts"
"""Where a session keeps what is still to be written."""
LONGEST_DETAIL = 64
SECONDS_BETWEEN_WRITES = 1.0
PATIENCE_MS = 500
"""How long a count waits for another writer of it in PostgreSQL before it is tried later."""
MOST_UNWRITTEN = 10_000
"""Different numbers that are kept while they cannot be written; a day has a few hundred."""

Key = tuple[date, str, str]


def add(
    session: Session, kind: str, detail: str = "", at: datetime | None = None, *, number: int = 1
) -> None:
    """Count this once what the session does is committed; if that is undone, nothing is counted.

    Args:
        detail: a code of ours, such as a topic's slug; never words of a person.
    """
    waiting: list[tuple[datetime, str, str, int]] = session.info.setdefault(WAITING, [])
    waiting.append((at or now(), kind, detail[:LONGEST_DETAIL], number))


def add_deed(session: Session, *, actor: str, action: str, subject: str) -> None:
    """Count what staff do with a lead, beside its entry in the audit log. Looking is no deed."""
    if actor.startswith("staff:") and subject.startswith("lead:") and action != "lead.viewed":
        add(session, STAFF_DEED, action)


def write(session: Session) -> None:
    """Write what was counted in this session, whose transaction is over, or have it written.

    It never raises: a number is worth less than the answer that a visitor waits for.
    """
    waiting = session.info.pop(WAITING, None)
    if not waiting:
        return
    gathered = _gathered()
    gathered.add(session.get_bind().engine, _summed(waiting))
    if not gathered.has_writer:
        gathered.flush()


def flush() -> None:
    """Write now what was counted in this process."""
    _gathered().flush()


def unwritten() -> int:
    """How many different numbers wait in this process; it grows while they cannot be written."""
    return len(_gathered())


@contextmanager
def in_background() -> Iterator[None]:
    """While this lasts, what is counted in this process is written about once a second."""
    gathered, is_over = _gathered(), threading.Event()

    def write_on() -> None:
        while not is_over.wait(SECONDS_BETWEEN_WRITES):
            gathered.flush()

    writer = threading.Thread(target=write_on, name="counts", daemon=True)
    gathered.has_writer = True
    writer.start()
    try:
        yield
    finally:
        gathered.has_writer = False
        is_over.set()
        writer.join()
        gathered.flush()


@lru_cache
def _gathered() -> _Gathered:
    """What this process has counted and not written yet."""
    return _Gathered()


class _Gathered:
    """Counts on their way, by the database they belong to."""

    def __init__(self) -> None:
        self.has_writer = False
        self._numbers: defaultdict[Engine, Counter[Key]] = defaultdict(Counter)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._is_in_trouble = False

    def __len__(self) -> int:
        with self._lock:
            return sum(map(len, self._numbers.values()))

    def add(self, engine: Engine, counted: Counter[Key]) -> None:
        with self._lock:
            known = self._numbers[engine]
            for key, number in counted.items():
                if key in known or len(known) < MOST_UNWRITTEN:
                    known[key] += number

    def flush(self) -> None:
        """Who comes while another writes waits, so that after it all is written."""
        with self._writing:
            with self._lock:
                numbers, self._numbers = self._numbers, defaultdict(Counter)
            for engine, counted in numbers.items():
                self._write(engine, counted)

    def _write(self, engine: Engine, counted: Counter[Key]) -> None:
        try:
            _upsert(engine, counted)
            self._is_in_trouble = False
        except Exception as error:
            self.add(engine, counted)
            if not self._is_in_trouble:  # said once, not every second
                log.error("not counted yet kinds=%d error=%s", len(counted), type(error).__name__)
            self._is_in_trouble = True


def _summed(waiting: list[tuple[datetime, str, str, int]]) -> Counter[Key]:
    zone = facts().zone
    counted: Counter[Key] = Counter()
    for at, kind, detail, number in waiting:
        counted[at.astimezone(zone).date(), kind, detail] += number
    return counted


def _upsert(engine: Engine, counted: Counter[Key]) -> None:
    # Always in the same order, or two writers could wait for each other.
    rows = [
        {"day": day, "kind": kind, "detail": detail, "number": number}
        for (day, kind, detail), number in sorted(counted.items())
    ]
    insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(DailyCount)
    added = row.on_conflict_do_update(
        index_elements=["day", "kind", "detail"],
        set_={"number": DailyCount.number + row.excluded.number},
    )
    with writers.in_line(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
        connection.execute(added, rows)
