"""What waits for staff: who to call first, and which words of crisis nobody has looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import audit, crisis_events, leads
from clinic.tables import CrisisEvent, Lead

TO_DO = ("new", "contacted")
"""Somebody still has to do something about these."""

MOST = 200
"""No one works through a longer list, and it would only be slow."""


@dataclass(frozen=True)
class Alarm:
    """One conversation with words of crisis that nobody of the clinic has seen."""

    newest: CrisisEvent
    times: int


def alarms(session: Session) -> list[Alarm]:
    """Conversations to look at now, the newest alarm first."""
    by_conversation: dict[str, list[CrisisEvent]] = {}
    for event in crisis_events.unseen(session):
        by_conversation.setdefault(event.conversation_id, []).append(event)
    return [Alarm(newest=events[0], times=len(events)) for events in by_conversation.values()]


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
    audit.record(
        session, actor=f"staff:{staff_id}", action="lead.viewed", subject=f"lead:{lead.id}"
    )


def waiting(session: Session, status: str) -> list[Lead]:
    """Leads with this status, or "todo" or "all", the most urgent first."""
    named = {"all": leads.STATUSES, "todo": TO_DO}
    return leads.by_urgency(session, statuses=named.get(status, (status,)), limit=MOST)


def how_many(session: Session) -> dict[str, int]:
    """The number of leads for every status, and for "todo" and "all"."""
    query = select(Lead.status, func.count()).group_by(Lead.status)
    counted = dict(session.execute(query).tuples().all())
    numbers = {status: counted.get(status, 0) for status in leads.STATUSES}
    return {
        "todo": sum(numbers[status] for status in TO_DO),
        **numbers,
        "all": sum(numbers.values()),
    }
