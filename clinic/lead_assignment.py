"""Whose lead it is: taken, given to somebody, put back. Two who race for one do not both get it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import audit
from clinic.clock import now
from clinic.tables import Lead, Staff


class NoColleague(Exception):
    """There is nobody with this number, or they have left."""


def colleagues(session: Session) -> list[Staff]:
    """Everybody who can be given a lead."""
    active = select(Staff).where(Staff.deactivated_at.is_(None))
    return list(session.scalars(active.order_by(Staff.username)))


def assign(session: Session, lead: Lead, *, to: int | None, was: int | None, staff_id: int) -> bool:
    """Give the lead to somebody, or to nobody.

    Args:
        was: whose it was when staff decided this. It is false, and nothing is changed, where the
            lead is somebody else's by now.

    Raises:
        NoColleague: nothing is changed.
    """
    if to is not None and not _is_active(session, to):
        raise NoColleague
    # One statement: of two who take it at once, the database lets one through.
    done = session.execute(
        update(Lead)
        .where(Lead.id == lead.id, Lead.assignee_id.is_not_distinct_from(was))
        .values(assignee_id=to, updated_at=now())
        .returning(Lead.id)
    ).first()
    session.refresh(lead)
    if done is None:
        return lead.assignee_id == to
    if to != was:
        audit.record(
            session,
            actor=f"staff:{staff_id}",
            action="lead.assigned" if to is not None else "lead.unassigned",
            subject=f"lead:{lead.id}",
            detail=f"staff:{was if to is None else to}",
        )
    return True


def _is_active(session: Session, staff_id: int) -> bool:
    active = select(Staff.id).where(Staff.id == staff_id, Staff.deactivated_at.is_(None))
    return session.scalar(active) is not None
