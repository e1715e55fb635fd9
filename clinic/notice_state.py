"""How notices fare: what each channel took, what waits for it, and what nobody has opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.notice_deliveries import Lane
from clinic.tables import Notice, NoticeDelivery

LONG = timedelta(minutes=15)
"""A notice that has waited for longer has not reached anybody when it should."""
OFTEN = 3
"""So many rounds without anybody looking are worth a word of their own."""
MOST_SHOWN = 50


@dataclass(frozen=True)
class LaneState:
    """One channel. Empty everywhere where nothing was ever sent."""

    last_sent: datetime | None = None
    waiting: int = 0
    attempts: int = 0
    next_try: datetime | None = None
    error: str | None = None


@dataclass(frozen=True)
class Health:
    """What somebody has to look at; all 0 where notices leave and are opened.

    unplanned: nobody decides who gets them, so the web process is not there.
    unreached: tried for long, and not one channel took them.
    failing: deliveries that are tried again.
    unopened: said again and again, and nobody has looked.
    """

    unplanned: int
    unreached: int
    failing: int
    unopened: int


def lanes(session: Session) -> dict[Lane, LaneState]:
    """The state of every channel that anything was ever sent to, or waits for."""
    waits = NoticeDelivery.sent_at.is_(None)
    query = select(
        NoticeDelivery.channel_id,
        NoticeDelivery.target,
        func.max(NoticeDelivery.sent_at),
        func.sum(case((waits, 1), else_=0)),
        func.max(case((waits, NoticeDelivery.attempts), else_=0)),
    ).group_by(NoticeDelivery.channel_id, NoticeDelivery.target)
    failures = _failures(session)
    found = {}
    for channel_id, target, last_sent, waiting, attempts in session.execute(query):
        lane = Lane(channel_id, target)
        next_try, error = failures.get(lane, (None, None))
        found[lane] = LaneState(last_sent, int(waiting), int(attempts), next_try, error)
    return found


def _failures(session: Session) -> dict[Lane, tuple[datetime, str | None]]:
    """When each channel is tried next after a failure, and what the newest one was."""
    query = (
        select(
            NoticeDelivery.channel_id,
            NoticeDelivery.target,
            NoticeDelivery.due_at,
            NoticeDelivery.error,
        )
        .where(NoticeDelivery.sent_at.is_(None), NoticeDelivery.error.is_not(None))
        .order_by(NoticeDelivery.id)
    )
    return {Lane(c, target): (due_at, error) for c, target, due_at, error in session.execute(query)}


def unopened(session: Session) -> list[Notice]:
    """Urgent notices that were repeated already, the oldest first."""
    query = select(Notice).where(Notice.settled_at.is_(None), Notice.rounds > 1)
    return list(session.scalars(query.order_by(Notice.id).limit(MOST_SHOWN)))


def health(session: Session) -> Health:
    long_ago = now() - LONG
    of_notice = NoticeDelivery.notice_id == Notice.id
    waits = select(NoticeDelivery.id).where(of_notice, NoticeDelivery.sent_at.is_(None))
    taken = select(NoticeDelivery.id).where(of_notice, NoticeDelivery.sent_at.is_not(None))
    return Health(
        unplanned=_count(session, Notice.settled_at.is_(None), Notice.due_at < long_ago),
        unreached=_count(session, Notice.created_at < long_ago, waits.exists(), ~taken.exists()),
        failing=session.scalar(
            select(func.count())
            .select_from(NoticeDelivery)
            .where(NoticeDelivery.sent_at.is_(None), NoticeDelivery.attempts > 0)
        )
        or 0,
        unopened=_count(session, Notice.settled_at.is_(None), Notice.rounds >= OFTEN),
    )


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Notice).where(*conditions)) or 0
