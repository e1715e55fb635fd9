"""How much is asked in the chat, about what, and when a person took over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import counts
from clinic.numbers import tallies
from clinic.numbers.figure import Column, Figure
from clinic.numbers.moments import seconds_between
from clinic.numbers.period import Period
from clinic.numbers.spread import spread
from clinic.tables import Handoff

BY_PERSON = (
    counts.HANDOFF_ASKED,
    counts.HANDOFF_TAKEN,
    counts.HANDOFF_NOBODY_CAME,
    counts.HANDOFF_STEPPED_IN,
)


def figures(session: Session, period: Period) -> Iterator[Figure]:
    yield _conversations(session, period)
    details = tallies.by_detail(session, period, counts.TOPIC, counts.UNANSWERED)
    yield _counted("topics", "Topics answered", Column("Topic", "topic"), details[counts.TOPIC])
    reasons = details[counts.UNANSWERED]
    yield _counted("unanswered", "Not answered", Column("Why", "reason"), reasons)
    yield _live_chats(session, period)
    yield _waiting(session, period)


def _conversations(session: Session, period: Period) -> Figure:
    found = tallies.by_step(session, period, counts.CONVERSATION, counts.MESSAGE)
    return Figure(
        "conversations",
        "Conversations",
        (Column("From", "day"), Column("Conversations"), Column("Messages of visitors")),
        tuple(
            (day, found[counts.CONVERSATION][day], found[counts.MESSAGE][day])
            for day in period.steps()
        ),
    )


def _counted(name: str, title: str, column: Column, found: Counter[str]) -> Figure:
    """The most frequent first."""
    rows = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return Figure(name, title, (column, Column("Times")), tuple(rows))


def _live_chats(session: Session, period: Period) -> Figure:
    found = tallies.by_step(session, period, *BY_PERSON)
    return Figure(
        "live_chats",
        "Live chats",
        (
            Column("From", "day"),
            Column("Asked for a person"),
            Column("Taken by staff"),
            Column("Nobody came"),
            Column("Staff stepped in"),
        ),
        tuple((day, *(found[kind][day] for kind in BY_PERSON)) for day in period.steps()),
    )


def _waiting(session: Session, period: Period) -> Figure:
    """From asking to being taken. Where staff stepped in unasked, nobody waited."""
    waited = seconds_between(session, Handoff.asked_at, Handoff.taken_at).label("waited")
    query = (
        select(waited, func.count())
        .where(Handoff.asked_at >= period.begin, Handoff.asked_at < period.end)
        .where(Handoff.taken_at.is_not(None))
        .group_by("waited")
    )
    took = {seconds: number for seconds, number in session.execute(query) if seconds > 0}
    found = spread(took)
    return Figure(
        "live_chat_waiting",
        "Waiting for a person",
        (
            Column("Visitors who were taken"),
            Column("Half within", "seconds"),
            Column("Nine of ten within", "seconds"),
        ),
        ((found.number, found.median, found.p90),) if found.number else (),
    )
