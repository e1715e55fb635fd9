"""Leads and staff for tests of what staff do with leads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.leads import LeadRequest, save_lead
from clinic.tables import AuditEntry, Lead, Staff

PHONE = "+12025550143"


def lead(session: Session, conversation_id: str = "c", **said: Any) -> Lead:
    """A lead that just came in; a plain wish for a call where nothing else is said."""
    values: dict[str, Any] = {"name": "Ann Example", "phone": PHONE, **said}
    return save_lead(session, LeadRequest(conversation_id=conversation_id, **values))


def member(session: Session, username: str = "amira") -> int:
    """The number of a colleague."""
    account = Staff(username=username, password_hash="-")
    session.add(account)
    session.flush()
    return account.id


def deeds(session: Session, about: Lead) -> list[tuple[str, str, str | None]]:
    """Who did what to a lead, oldest first, with the detail."""
    query = select(AuditEntry).where(AuditEntry.subject == f"lead:{about.id}")
    entries = session.scalars(query.order_by(AuditEntry.id))
    return [(entry.actor, entry.action, entry.detail) for entry in entries]
