"""Two leads of the same person become one that shows both, and can be parted again.

The one that is merged keeps everything it has and points to the one that stays. So nothing is
lost when staff were wrong, and what the visitor sends later still finds its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit, lead_changes, lead_urgency, notices
from clinic.lead_statuses import DONE
from clinic.tables import AuditEntry, CrisisEvent, Lead


class NotMergeable(Exception):
    """One of the two was merged or erased meanwhile, or they are one already."""


class WaitsStill(NotMergeable):
    """The one that should go still waits, and the one that should stay is done with."""


@dataclass(frozen=True)
class Agreement:
    """What two leads have in common."""

    phone: bool
    email: bool
    name: bool


def agreement(one: Lead, other: Lead) -> Agreement:
    return Agreement(
        phone=bool(one.phone) and one.phone == other.phone,
        email=bool(one.email) and _folded(one.email) == _folded(other.email),
        name=bool(one.name) and _folded(one.name) == _folded(other.name),
    )


def stays(session: Session, lead: Lead) -> Lead:
    """The lead that shows this one: itself, or the one it was merged into."""
    return list(with_those_it_was_merged_into(session, lead))[-1]


def locked_with_those_it_was_merged_into(session: Session, lead: Lead) -> list[Lead]:
    """The same, as they are now; whoever else wants to change one of them waits."""
    lead_changes.lock_all(session, with_those_it_was_merged_into(session, lead))
    return list(with_those_it_was_merged_into(session, lead))


def with_those_it_was_merged_into(session: Session, lead: Lead) -> Iterator[Lead]:
    yield lead
    while lead.merged_into is not None:
        after = session.get(Lead, lead.merged_into)
        if after is None:
            return
        lead = after
        yield lead


def merged_leads(session: Session, lead: Lead) -> list[Lead]:
    """Every lead that this one shows beside itself, the oldest first."""
    found: list[Lead] = []
    level = [lead.id]
    while level:
        below = session.scalars(select(Lead).where(Lead.merged_into.in_(level))).all()
        found += below
        level = [each.id for each in below]
    return sorted(found, key=lambda each: each.created_at)


def merge(session: Session, goes: Lead, into: Lead, *, staff_id: int) -> None:
    """From now on `into` shows both; it is as urgent, and due as early, as either was.

    Raises:
        NotMergeable: nothing is changed.
    """
    lead_changes.lock_all(session, (goes, into))
    if goes.id == into.id or any(each.merged_into or each.erased_at for each in (goes, into)):
        raise NotMergeable
    if into.status in DONE and goes.status not in DONE:
        raise WaitsStill
    urgency_before = into.urgency
    goes.merged_into = into.id
    into.urgency = max(into.urgency, goes.urgency)
    if goes.status not in DONE:
        into.due_at = lead_urgency.earliest(into.due_at, goes.due_at)
    into.assignee_id = into.assignee_id or goes.assignee_id
    notices.settle(session, f"lead:{goes.id}")
    detail = f"lead:{goes.id} urgency:{urgency_before}"
    _record(session, "lead.merged", into, staff_id, detail)
    _record(session, "lead.merged_into", goes, staff_id, f"lead:{into.id}")


def part(session: Session, goes: Lead, *, staff_id: int) -> Lead:
    """Undo a merge: the lead stands by itself again. Returns the one that showed it.

    That one is as urgent as before, unless it became more urgent by itself. It is not due later.

    Raises:
        NotMergeable: it stands by itself already.
    """
    into = session.get(Lead, goes.merged_into) if goes.merged_into else None
    if into is None:
        raise NotMergeable
    lead_changes.lock_all(session, (goes, into))
    if goes.merged_into != into.id or goes.erased_at:
        raise NotMergeable
    goes.merged_into = None
    if into.urgency == goes.urgency:
        into.urgency = _urgency_before(session, goes, into)
    _record(session, "lead.unmerged", into, staff_id, f"lead:{goes.id}")
    _record(session, "lead.parted", goes, staff_id, f"lead:{into.id}")
    return into


def _urgency_before(session: Session, goes: Lead, into: Lead) -> int:
    """How urgent it was when they were merged, unless it may have risen by itself since then."""
    merged = session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject == f"lead:{into.id}",
            AuditEntry.action == "lead.merged",
            AuditEntry.detail.startswith(f"lead:{goes.id} "),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    if merged is None or merged.detail is None or _may_have_risen(session, into, merged):
        return into.urgency
    return int(merged.detail.rpartition(":")[2])


def _may_have_risen(session: Session, lead: Lead, merged: AuditEntry) -> bool:
    later = {entry.action for entry in lead_changes.since(session, [lead], merged.id)}
    heard = select(CrisisEvent.id).where(
        CrisisEvent.conversation_id == lead.conversation_id, CrisisEvent.at >= merged.at
    )
    return bool(later & {"lead.updated", "lead.merged"}) or session.scalar(heard) is not None


def _record(session: Session, action: str, lead: Lead, staff_id: int, detail: str) -> None:
    audit.record(
        session,
        actor=f"staff:{staff_id}",
        action=action,
        subject=f"lead:{lead.id}",
        detail=detail,
    )


def _folded(words: str | None) -> str:
    return " ".join((words or "").casefold().split())
