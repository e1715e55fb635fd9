"""Teach the bot: what staff make of messages that got no answer, a whole group at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from clinic import audit
from clinic.clock import now
from clinic.masking import masked
from clinic.similar_messages import Asked, grouped
from clinic.tables import UnansweredMessage
from clinic.topic_titles import topics

OUT_OF_SCOPE = "out_of_scope"
"""The bot shall say that it has no answer to this."""
IGNORED = "ignored"
"""Nothing to learn: a slip of the hand, or talk."""

MOST_LOOKED_AT = 10_000
"""The newest so many messages are put into groups."""
MOST_AT_ONCE = 500
"""How many ids one question to the database names."""


class UnknownDecision(Exception):
    """Neither a topic nor one of the two other things that can be made of a message."""


@dataclass(frozen=True)
class Decided:
    """Messages about which somebody decided the same at one moment."""

    first_id: int
    decision: str
    decided_by: int
    decided_at: datetime
    number: int


@dataclass(frozen=True)
class Left:
    """How many messages wait for a decision, and what became of the others."""

    undecided: int
    taught: int
    out_of_scope: int
    ignored: int


class Groups:
    """The groups of what is undecided, as ids only; made anew when something has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made_of: tuple[int, ...] = ()
        self._groups: list[list[int]] = []

    def of(self, session: Session) -> list[list[int]]:
        """The largest group first."""
        made_of = _fingerprint(session)
        with self._lock:
            if made_of != self._made_of:
                self._groups = grouped(_undecided(session))
                self._made_of = made_of
            return self._groups


@lru_cache
def groups() -> Groups:
    """This process's groups: of ten thousand messages it takes seconds to make them."""
    return Groups()


def _fingerprint(session: Session) -> tuple[int, ...]:
    ids = UnansweredMessage.id
    query = select(func.count(), func.max(ids), func.sum(ids)).where(_is_undecided())
    return tuple(int(number or 0) for number in session.execute(query).one())


def _is_undecided() -> ColumnElement[bool]:
    return UnansweredMessage.decision.is_(None)


def _undecided(session: Session) -> list[Asked]:
    """Oldest first, so that a new message joins a group and does not begin the others anew."""
    one = UnansweredMessage
    newest = select(one.id, one.text, one.nearest).where(_is_undecided())
    rows = session.execute(newest.order_by(one.id.desc()).limit(MOST_LOOKED_AT)).all()
    return [Asked(message_id, text, nearest) for message_id, text, nearest in reversed(rows)]


def group_of(session: Session, message_id: int) -> list[int]:
    """The group that a message is in; empty if somebody has decided about it meanwhile."""
    return next((ids for ids in groups().of(session) if message_id in ids), [])


def messages(session: Session, ids: Sequence[int]) -> list[UnansweredMessage]:
    """These messages in this order, without those that were erased meanwhile."""
    found: dict[int, UnansweredMessage] = {}
    for start in range(0, len(ids), MOST_AT_ONCE):
        some = UnansweredMessage.id.in_(ids[start : start + MOST_AT_ONCE])
        found.update(
            (one.id, one) for one in session.scalars(select(UnansweredMessage).where(some))
        )
    return [found[one] for one in ids if one in found]


def shown(message: UnansweredMessage) -> str:
    """The text as staff see it, masked once more: what is masked may have grown since."""
    return masked(message.text)


def decide(session: Session, ids: Sequence[int], decision: str, *, staff_id: int) -> int:
    """Say what becomes of messages; returns of how many, without those somebody else decided about.

    Raises:
        UnknownDecision: there is no such topic.
    """
    if decision not in topics() and decision not in (OUT_OF_SCOPE, IGNORED):
        raise UnknownDecision(decision)
    at = now()
    number = 0
    for start in range(0, len(ids), MOST_AT_ONCE):
        done = session.execute(
            update(UnansweredMessage)
            .where(UnansweredMessage.id.in_(ids[start : start + MOST_AT_ONCE]), _is_undecided())
            .values(decision=decision, decided_by=staff_id, decided_at=at)
            .returning(UnansweredMessage.id)
        )
        number += len(done.all())
    if number:
        _record(session, "unanswered.decided", ids[0], staff_id, f"{decision} {number}")
    return number


def undo(session: Session, message_id: int, *, staff_id: int) -> int:
    """Take back a decision about a message and all that were decided about with it."""
    message = session.get(UnansweredMessage, message_id)
    if message is None or message.decision is None:
        return 0
    done = session.execute(
        update(UnansweredMessage)
        .where(
            UnansweredMessage.decision == message.decision,
            UnansweredMessage.decided_by == message.decided_by,
            UnansweredMessage.decided_at == message.decided_at,
        )
        .values(decision=None, decided_by=None, decided_at=None)
        .returning(UnansweredMessage.id)
    )
    number = len(done.all())
    _record(session, "unanswered.undone", message_id, staff_id, f"{number}")
    return number


def latest(session: Session, *, most: int) -> list[Decided]:
    """What was decided last, newest first."""
    one = UnansweredMessage
    query = (
        select(func.min(one.id), one.decision, one.decided_by, one.decided_at, func.count())
        .where(one.decision.is_not(None))
        .group_by(one.decision, one.decided_by, one.decided_at)
        .order_by(one.decided_at.desc())
        .limit(most)
    )
    return [
        Decided(first_id, decision, decided_by, decided_at, number)
        for first_id, decision, decided_by, decided_at, number in session.execute(query)
        if decision and decided_by and decided_at
    ]


def left(session: Session) -> Left:
    query = select(UnansweredMessage.decision, func.count()).group_by(UnansweredMessage.decision)
    numbers = dict(session.execute(query).tuples().all())
    undecided, out_of_scope = numbers.pop(None, 0), numbers.pop(OUT_OF_SCOPE, 0)
    ignored = numbers.pop(IGNORED, 0)
    return Left(undecided, sum(numbers.values()), out_of_scope, ignored)


def _record(session: Session, deed: str, message_id: int, staff_id: int, detail: str) -> None:
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action=deed,
        subject=f"unanswered:{message_id}",
        detail=detail,
    )
