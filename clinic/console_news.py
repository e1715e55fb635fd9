"""What happened that an open console page should show, read from the end of the audit log.

The log is the one place where every deed of every process is written, in the order of the commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import crisis_events
from clinic.tables import AuditEntry, CrisisEvent, Lead

KINDS = ("lead", "crisis", "handoff")

CHANGES_NOTHING = frozenset(
    {"lead.viewed", "lead.exported", "lead.noted", "crisis.viewed", "handoff.viewed"}
)
CALLS_SOMEBODY = frozenset({"crisis.recorded", "crisis.raised"})
CAME_IN = frozenset({"lead.created", "lead.updated", "lead.new"})
URGENT_LEAD = crisis_events.URGENCY
MOST = 500
"""Entries read at once: whoever missed more reloads the page anyway."""


@dataclass(frozen=True)
class News:
    """What to look at anew, and whether somebody should be called to the screen for it."""

    kinds: tuple[str, ...]
    urgent: bool


def newest(session: Session) -> int:
    """The place where the audit log ends."""
    return session.scalar(select(func.max(AuditEntry.place))) or 0


def since(session: Session, place: int) -> tuple[News | None, int]:
    """What came after this place, and where the log ends now."""
    query = select(AuditEntry.place, AuditEntry.action, AuditEntry.subject)
    query = query.where(AuditEntry.place > place).order_by(AuditEntry.place.desc()).limit(MOST)
    entries = session.execute(query).tuples().all()
    if not entries:
        return None, place
    told = [(action, subject) for _, action, subject in entries if _is_news(action)]
    after = max(found for found, _, _ in entries if found is not None)
    if not told:
        return None, after
    named = {action.partition(".")[0] for action, _ in told}
    kinds = tuple(kind for kind in KINDS if kind in named)
    return News(kinds, urgent=_is_urgent(session, told)), after


def _is_news(action: str) -> bool:
    return action.partition(".")[0] in KINDS and action not in CHANGES_NOTHING


def _is_urgent(session: Session, told: Sequence[tuple[str, str]]) -> bool:
    if any(action == "handoff.asked" for action, _ in told):
        return True
    events = {int(_id_in(subject)) for action, subject in told if action in CALLS_SOMEBODY}
    alarm = select(CrisisEvent.id).where(
        CrisisEvent.id.in_(events),
        CrisisEvent.outcome == crisis_events.HARD,
        CrisisEvent.seen_at.is_(None),
    )
    if events and session.scalar(alarm.limit(1)) is not None:
        return True
    leads = {_id_in(subject) for action, subject in told if action in CAME_IN}
    call_now = select(Lead.id).where(
        Lead.id.in_(leads), Lead.status == "new", Lead.urgency >= URGENT_LEAD
    )
    return bool(leads) and session.scalar(call_now.limit(1)) is not None


def _id_in(subject: str) -> str:
    return subject.partition(":")[2]
