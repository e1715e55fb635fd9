"""The audit log: who did what to which record, in the same transaction as the deed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from clinic.tables import AuditEntry

ADDRESS = "address"
"""Where a session keeps the network address of the person it works for."""


def acts_from(session: Session, address: str | None) -> None:
    """Whatever is recorded in this session from now on was done from this network address."""
    session.info[ADDRESS] = address


def record(
    session: Session, *, actor: str, action: str, subject: str, detail: str | None = None
) -> None:
    """Add one entry.

    Args:
        actor: "bot", "visitor", "system" or "staff:<id>"; never a name.
        action: `subject.deed` in the past tense, such as `lead.created`.
        subject: `kind:<id>` of the record.
        detail: a code that says more, such as the role given; never words of a person.
    """
    address = session.info.get(ADDRESS)
    session.add(
        AuditEntry(actor=actor, action=action, subject=subject, detail=detail, address=address)
    )
