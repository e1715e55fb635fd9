"""Leads, alarms and chats of a June, as few words as a test needs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from clinic.crisis_events import HARD
from clinic.facts import facts
from clinic.numbers.figure import Cell
from clinic.numbers.period import Period
from clinic.numbers.report import Report, report
from clinic.tables import Conversation, CrisisEvent, DailyCount, Handoff, Lead, new_id

ZONE = ZoneInfo("America/New_York")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30), "week", ZONE)
NOW = datetime(2026, 6, 30, 16, tzinfo=UTC)
NOON = datetime(2026, 6, 10, 16, tzinfo=UTC)
"""Noon of the tenth, by the clinic's clock."""

MINUTE = timedelta(minutes=1)


def add_lead(
    session: Session, *, at: datetime = NOON, contacted_after: int | None = None, **said: Any
) -> Lead:
    """
    Args:
        contacted_after: minutes.
    """
    lead = Lead(
        conversation_id=new_id(),
        created_at=at,
        name="",
        **{"urgency": 2, "outcome": "R", "status": "new", **said},
    )
    if contacted_after is not None:
        lead.contacted_at = at + contacted_after * MINUTE
    session.add(lead)
    session.flush()
    return lead


def add_crisis(session: Session, *, seen_after: int | None = None, **said: Any) -> None:
    at = said.pop("at", NOON)
    event = CrisisEvent(
        conversation_id=new_id(),
        message_key=new_id(),
        at=at,
        **{"category": "suicide", "outcome": HARD, **said},
    )
    if seen_after is not None:
        event.seen_at = at + seen_after * MINUTE
    session.add(event)
    session.flush()


def add_handoff(session: Session, *, taken_after: int | None) -> None:
    """
    Args:
        taken_after: seconds.
    """
    conversation = Conversation(id=new_id())
    session.add(conversation)
    session.flush()
    handoff = Handoff(conversation_id=conversation.id, asked_at=NOON, ended_at=NOW)
    if taken_after is not None:
        handoff.taken_at = NOON + timedelta(seconds=taken_after)
    session.add(handoff)
    session.flush()


def count(session: Session, kind: str, detail: str = "", number: int = 1, day: int = 10) -> None:
    session.add(DailyCount(day=date(2026, 6, day), kind=kind, detail=detail, number=number))
    session.flush()


def rows(session: Session, name: str, period: Period = JUNE) -> tuple[tuple[Cell, ...], ...]:
    return june(session, period).figures[name].rows


def june(session: Session, period: Period = JUNE) -> Report:
    return report(session, period, facts(), at=NOW)
