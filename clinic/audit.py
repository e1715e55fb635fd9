"""The audit log: who did what to which record, in the same transaction as the deed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.tables import AuditEntry


def record(session: Session, *, actor: str, action: str, subject: str) -> None:
    """Add one entry.

    Args:
        actor: "bot", "visitor", "system" or "staff:<id>"; never a name.
        action: `subject.deed` in the past tense, such as `lead.created`.
        subject: `kind:<id>` of the record.
    """
    session.add(AuditEntry(actor=actor, action=action, subject=subject))
