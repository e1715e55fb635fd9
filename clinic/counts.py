"""Count what happens, by day of the clinic: numbers that belong to nobody.

A count waits until the deed itself is committed and is then written in a transaction of its own,
so that it can neither undo the deed nor hold it up behind another visitor's.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

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
PATIENCE_MS = 500
"""How long a count waits for other writers before it is given up."""

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
    """Write what was counted in this session, whose transaction is over.

    It never raises: a number is worth less than the answer that a visitor waits for.
    """
    waiting = session.info.pop(WAITING, None)
    if not waiting:
        return
    try:
        _upsert(session, _summed(waiting))
    except Exception as error:
        log.error("not counted kinds=%d error=%s", len(waiting), type(error).__name__)


def _summed(waiting: list[tuple[datetime, str, str, int]]) -> Counter[Key]:
    zone = facts().zone
    counted: Counter[Key] = Counter()
    for at, kind, detail, number in waiting:
        counted[at.astimezone(zone).date(), kind, detail] += number
    return counted


def _upsert(session: Session, counted: Counter[Key]) -> None:
    # Always in the same order, or two writers could wait for each other.
    rows = [
        {"day": day, "kind": kind, "detail": detail, "number": number}
        for (day, kind, detail), number in sorted(counted.items())
    ]
    with session.get_bind().engine.connect() as connection, _impatient(connection) as insert:
        row = insert(DailyCount).values(rows)
        connection.execute(
            row.on_conflict_do_update(
                index_elements=["day", "kind", "detail"],
                set_={"number": DailyCount.number + row.excluded.number},
            )
        )


@contextmanager
def _impatient(connection: Connection) -> Iterator[Any]:
    """A transaction that gives up soon, and the INSERT of its database."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text(f"SET LOCAL lock_timeout = {PATIENCE_MS}"))
            yield postgresql.insert
        return
    opened: Any = connection.connection.driver_connection
    (usual,) = opened.execute("PRAGMA busy_timeout").fetchone()
    opened.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        with connection.begin():
            yield sqlite.insert
    finally:
        opened.execute(f"PRAGMA busy_timeout = {usual}")
