"""Decide which notice goes to whom, and when it is said again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, literal, select, text
from sqlalchemy.orm import Session

from clinic import notices
from clinic.clock import now
from clinic.notice_channels import in_use
from clinic.notice_words import is_repeated
from clinic.settings import settings
from clinic.tables import (
    WAITS_FOR_A_CALL,
    CrisisEvent,
    Handoff,
    Lead,
    Notice,
    NoticeChannel,
    NoticeDelivery,
)

MOST_IN_A_ROUND = 100
HOURLY_REPEATS = 24
"""How often an urgent one is said once an hour, after the frequent repeats are over."""
OLD = timedelta(days=1)
"""Found this late for the first time, as there was no channel: only what is urgent leaves."""
LATE_SINCE = timedelta(days=7)
"""What is overdue for longer was overdue before anybody asked to be told."""
KEPT_FOR = timedelta(days=30)
GIVEN_UP_AFTER = timedelta(days=7)
ONE_AT_A_TIME = 700_001
"""Names PostgreSQL's lock for looking after overdue leads; any number that nobody else uses."""


def plan_due(session: Session, *, targets: Collection[str]) -> int:
    """Make the deliveries of every notice that is due; returns how many were made.

    Without any channel all notices keep waiting.

    Args:
        targets: the names of the addresses in CLINIC_NOTICE_URLS, which get everything.
    """
    channels = in_use(session)
    if not channels and not targets:
        return 0
    due = session.scalars(
        select(Notice)
        .where(Notice.settled_at.is_(None), Notice.due_at <= now())
        .order_by(Notice.urgency.desc(), Notice.id)
        .limit(MOST_IN_A_ROUND)
        .with_for_update(skip_locked=True)
    )
    return sum(_plan(session, notice, channels, targets) for notice in due.all())


def _plan(
    session: Session,
    notice: Notice,
    channels: Sequence[NoticeChannel],
    targets: Collection[str],
) -> int:
    if _is_too_old(notice) or not _is_still_open(session, notice):
        notice.settled_at = now()
        return 0
    # A channel that is gone for an hour does not get the same words six times when it is back.
    waiting = _where_it_waits(session, notice)
    made = [
        NoticeDelivery(notice_id=notice.id, channel_id=channel.id, due_at=now())
        for channel in channels
        if _wants(channel, notice) and (channel.id, None) not in waiting
    ] + [
        NoticeDelivery(notice_id=notice.id, target=target, due_at=now())
        for target in targets
        if (None, target) not in waiting
    ]
    session.add_all(made)
    notice.rounds += 1
    again = _next_round(notice)
    if again is None:
        notice.settled_at = now()
    else:
        notice.due_at = again
    return len(made)


def _wants(channel: NoticeChannel, notice: Notice) -> bool:
    return notice.kind in channel.kinds and notice.urgency >= channel.least_urgency


def _where_it_waits(session: Session, notice: Notice) -> set[tuple[int | None, str | None]]:
    query = select(NoticeDelivery.channel_id, NoticeDelivery.target).where(
        NoticeDelivery.notice_id == notice.id, NoticeDelivery.sent_at.is_(None)
    )
    return {(channel_id, target) for channel_id, target in session.execute(query)}


def _next_round(notice: Notice) -> datetime | None:
    """When to say it again: often at first, then once an hour for a day, then no more."""
    if not is_repeated(notice.kind, notice.urgency):
        return None
    if notice.rounds <= settings().notice_repeats:
        return now() + timedelta(minutes=settings().notice_repeat_minutes)
    if notice.rounds <= settings().notice_repeats + HOURLY_REPEATS:
        return now() + timedelta(hours=1)
    return None


def _is_too_old(notice: Notice) -> bool:
    unsaid = notice.rounds == 0 and not is_repeated(notice.kind, notice.urgency)
    return unsaid and notice.created_at < now() - OLD


def _is_still_open(session: Session, notice: Notice) -> bool:
    """Whether anybody still has to look; staff may have dealt with it without opening it."""
    of_what, _, record = notice.subject.partition(":")
    if of_what == "lead":
        return _is_open_lead(session.get(Lead, record), notice.kind)
    if of_what == "crisis":
        return _is_open_crisis(session, session.get(CrisisEvent, int(record)), notice)
    handoff = session.get(Handoff, int(record))
    return handoff is not None and handoff.staff_id is None and handoff.ended_at is None


def _is_open_lead(lead: Lead | None, kind: str) -> bool:
    if lead is None or lead.merged_into is not None or lead.erased_at is not None:
        return False
    return lead.status == "new" if kind == "late" else lead.status in ("new", "contacted")


def _is_open_crisis(session: Session, event: CrisisEvent | None, notice: Notice) -> bool:
    """Each alarm is told once; of several in one conversation only the newest is told again."""
    if event is None or event.seen_at is not None:
        return False
    if notice.rounds == 0:
        return True
    newest = select(func.max(CrisisEvent.id)).where(
        CrisisEvent.conversation_id == event.conversation_id, CrisisEvent.outcome == "hard"
    )
    return session.scalar(newest) == event.id


def queue_late(session: Session) -> int:
    """One notice for each lead that nobody has called and that is overdue; returns how many."""
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer anyway. Who does not get the lock leaves it to who has it.
        got = session.scalar(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": ONE_AT_A_TIME})
        if not got:
            return 0
    told = select(Notice.id).where(
        Notice.subject == literal("lead:") + Lead.id,
        Notice.kind == "late",
        Notice.created_at >= Lead.due_at,
    )
    overdue = session.execute(
        select(Lead.id, Lead.urgency)
        .where(
            text(WAITS_FOR_A_CALL),  # word for word, or SQLite does not find the index
            Lead.due_at <= now(),
            Lead.due_at > now() - LATE_SINCE,
            ~told.exists(),
        )
        .limit(MOST_IN_A_ROUND)
    ).all()
    for lead_id, urgency in overdue:
        notices.queue(session, kind="late", subject=f"lead:{lead_id}", urgency=urgency)
    return len(overdue)


def tidy(session: Session) -> None:
    """Give up what nobody took for a week, and let go of what was settled a month ago."""
    unsent = select(Notice.id).where(Notice.created_at < now() - GIVEN_UP_AFTER)
    settled = select(Notice.id).where(Notice.settled_at < now() - KEPT_FOR)
    session.execute(
        delete(NoticeDelivery).where(
            NoticeDelivery.sent_at.is_(None), NoticeDelivery.notice_id.in_(unsent)
        )
    )
    session.execute(delete(NoticeDelivery).where(NoticeDelivery.notice_id.in_(settled)))
    session.execute(delete(Notice).where(Notice.settled_at < now() - KEPT_FOR))
