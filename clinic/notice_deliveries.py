"""Notices on their way: who sends which one now, what came of it, and when it is tried again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from clinic.clock import now
from clinic.notice_channels import is_in_use
from clinic.notice_words import Words, link, words
from clinic.settings import settings
from clinic.tables import Notice, NoticeChannel, NoticeDelivery

MOST_AT_ONCE = 5
"""How many letters one channel is given in a round; more would outlast the lease."""
LEASE = timedelta(minutes=5)
"""Who claimed a letter and did not say what became of it has died: another may send it."""
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Lane:
    """One channel, or one address of CLINIC_NOTICE_URLS. Lanes never wait for each other."""

    channel_id: int | None
    target: str | None

    def deliveries(self) -> ColumnElement[bool]:
        if self.channel_id is not None:
            return NoticeDelivery.channel_id == self.channel_id
        return NoticeDelivery.target == self.target


@dataclass(frozen=True)
class Letter:
    """One delivery that is ours to send now. `trusted` addresses were set by the operator."""

    delivery_id: int
    address: str
    trusted: bool
    words: Words


def claim(
    session: Session, addresses: Mapping[str, str], *, busy: Collection[Lane] = ()
) -> dict[Lane, list[Letter]]:
    """Take what is due, by lane, so that no other process sends it. Commit before sending.

    Args:
        addresses: CLINIC_NOTICE_URLS by target.
        busy: lanes in which somebody is still sending.
    """
    due = select(NoticeDelivery.channel_id, NoticeDelivery.target).where(_is_due()).distinct()
    lanes = [Lane(channel_id, target) for channel_id, target in session.execute(due)]
    claimed = {lane: _claim_in(session, lane, addresses) for lane in lanes if lane not in set(busy)}
    return {lane: letters for lane, letters in claimed.items() if letters}


def _is_due() -> ColumnElement[bool]:
    return NoticeDelivery.sent_at.is_(None) & (NoticeDelivery.due_at <= now())


def _claim_in(session: Session, lane: Lane, addresses: Mapping[str, str]) -> list[Letter]:
    address = _address_of(session, lane, addresses)
    if address is None:
        # The channel was taken away, or its owner may get nothing any more.
        session.execute(
            delete(NoticeDelivery).where(NoticeDelivery.sent_at.is_(None), lane.deliveries())
        )
        return []
    rows = session.execute(
        select(NoticeDelivery, Notice)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(_is_due(), lane.deliveries())
        .order_by(Notice.urgency.desc(), NoticeDelivery.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True, of=NoticeDelivery)
    ).all()
    for delivery, _ in rows:
        delivery.attempts += 1
        delivery.due_at = now() + LEASE
    trusted = lane.target is not None
    return [Letter(d.id, address, trusted, _words_of(notice)) for d, notice in rows]


def _address_of(session: Session, lane: Lane, addresses: Mapping[str, str]) -> str | None:
    if lane.channel_id is None:
        return addresses.get(lane.target or "")
    channel = session.get(NoticeChannel, lane.channel_id)
    return channel.url if channel is not None and is_in_use(session, channel) else None


def _words_of(notice: Notice) -> Words:
    return words(
        notice.kind,
        urgency=notice.urgency,
        round_number=notice.rounds,
        link=link(settings().public_url, notice.id),
    )


def was_sent(session: Session, delivery_id: int) -> None:
    _close(session, delivery_id, sent_at=now(), error=None)


def has_failed(session: Session, delivery_id: int, error: str) -> None:
    """Try again after 1, 2, 4 … minutes, at most an hour later."""
    delivery = session.get(NoticeDelivery, delivery_id)
    if delivery is None:
        return  # somebody has looked meanwhile
    minutes = 2 ** min(max(delivery.attempts, 1) - 1, 10)
    wait = min(timedelta(minutes=minutes), LONGEST_WAIT)
    _close(session, delivery_id, due_at=now() + wait, error=error[:64])


def _close(session: Session, delivery_id: int, **values: object) -> None:
    session.execute(update(NoticeDelivery).where(NoticeDelivery.id == delivery_id).values(**values))


def retry_now(session: Session) -> int:
    """Make everything that failed due at once; returns how many."""
    failed = update(NoticeDelivery).where(
        NoticeDelivery.sent_at.is_(None), NoticeDelivery.error.is_not(None)
    )
    done = session.execute(failed.values(due_at=now()).returning(NoticeDelivery.id))
    return len(done.all())
