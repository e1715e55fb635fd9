"""What waits for staff: who to call first, and which words of crisis nobody has looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from clinic import audit, crisis_events, notices
from clinic.clock import now
from clinic.tables import IS_UNSEEN_ALARM, CrisisEvent, Handoff, Lead

MOST_ALARMS = 50
IS_UNSEEN = text(IS_UNSEEN_ALARM)  # word for word, or SQLite does not find the index


@dataclass(frozen=True)
class Alarm:
    """One conversation with words of crisis that nobody of the clinic has seen."""

    newest: CrisisEvent
    times: int


def alarms(session: Session) -> list[Alarm]:
    """Conversations to look at now, the newest alarm first; only the newest, if there are many.

    A hint is no alarm.
    """
    newest = func.max(CrisisEvent.id).label("newest")
    unseen = (
        select(newest, func.count().label("times"))
        .where(IS_UNSEEN)
        .group_by(CrisisEvent.conversation_id)
        .order_by(newest.desc())
        .limit(MOST_ALARMS)
        .subquery()
    )
    found = select(CrisisEvent, unseen.c.times).join(unseen, unseen.c.newest == CrisisEvent.id)
    rows = session.execute(found.order_by(CrisisEvent.id.desc())).tuples()
    return [Alarm(newest=event, times=times) for event, times in rows]


def how_many_alarms(session: Session) -> int:
    """How many conversations wait for a look, also those that are not shown."""
    conversations = func.count(CrisisEvent.conversation_id.distinct())
    return session.scalar(select(conversations).where(IS_UNSEEN)) or 0


def crisis_of(session: Session, conversation_id: str) -> list[CrisisEvent]:
    """Every crisis event of a conversation, oldest first."""
    query = select(CrisisEvent).where(CrisisEvent.conversation_id == conversation_id)
    return list(session.scalars(query.order_by(CrisisEvent.id)))


def look_at_crisis(session: Session, event: CrisisEvent, *, staff_id: int) -> list[CrisisEvent]:
    """Staff open an alarm: the whole conversation is in front of them, so all of it is seen."""
    audit.record(
        session, actor=f"staff:{staff_id}", action="crisis.viewed", subject=f"crisis:{event.id}"
    )
    events = crisis_of(session, event.conversation_id)
    for each in events:
        crisis_events.mark_seen(session, each, staff_id=staff_id)
    return events


def look_at_lead(session: Session, lead: Lead, *, staff_id: int) -> None:
    """Staff open a lead; whoever is first since it came in stops the notices about it."""
    first = update(Lead).where(Lead.id == lead.id, Lead.opened_at.is_(None))
    # A look is no change of the lead.
    session.execute(first.values(opened_at=now(), updated_at=Lead.updated_at))
    notices.settle(session, f"lead:{lead.id}")
    audit.record(
        session, actor=f"staff:{staff_id}", action="lead.viewed", subject=f"lead:{lead.id}"
    )


def open_chats(session: Session, leads: Iterable[Lead]) -> dict[str, str]:
    """Which of these visitors wait for a person in the chat or write with one now."""
    conversations = [lead.conversation_id for lead in leads]
    query = select(Handoff.conversation_id, Handoff.staff_id).where(
        Handoff.conversation_id.in_(conversations), Handoff.ended_at.is_(None)
    )
    return {
        conversation_id: "waiting" if staff_id is None else "live"
        for conversation_id, staff_id in session.execute(query).tuples()
    }
