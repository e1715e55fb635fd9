"""The audit log: who did what to which record, in the same transaction as the deed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit_chain, bell, counts
from clinic.audit_check import Findings
from clinic.clock import now
from clinic.tables import AuditEntry

ADDRESS = "address"
"""Where a session keeps the network address of the person it works for."""

RECORDED = "recorded"
"""Where a session keeps the entries that are not chained yet."""

LONGEST_ADDRESS = 45
SAME_LOOK = timedelta(hours=1)


def acts_from(session: Session, address: str | None) -> None:
    """Whatever is recorded in this session from now on was done from this network address."""
    session.info[ADDRESS] = address[:LONGEST_ADDRESS] if address else None


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
    entry = AuditEntry(actor=actor, action=action, subject=subject, detail=detail, address=address)
    session.add(entry)
    session.info.setdefault(RECORDED, []).append(entry)
    counts.add_deed(session, actor=actor, action=action, subject=subject)


def record_look(session: Session, *, actor: str, action: str, subject: str) -> None:
    """Add an entry for what an open page brings by itself: still the same look for an hour."""
    same = select(AuditEntry.id).where(
        AuditEntry.subject == subject,
        AuditEntry.action == action,
        AuditEntry.actor == actor,
        AuditEntry.at >= now() - SAME_LOOK,
    )
    if session.scalar(same.limit(1)) is None:
        record(session, actor=actor, action=action, subject=subject)


def seal(session: Session) -> None:
    """Chain what this session recorded: the last deed before its commit.

    `transaction` does it for everybody. Who commits a session of their own calls it themselves.
    """
    recorded: list[AuditEntry] = session.info.pop(RECORDED, [])
    # What a savepoint took back is no longer in the session.
    kept = [entry for entry in recorded if entry in session]
    if kept:
        session.flush()
        audit_chain.chain(session, kept)
        bell.ring(session, bell.NEWS)


def adopt(session: Session) -> int:
    """Chain every entry that stands outside, in the order of their ids; returns how many.

    They are of an older version of the product. That they were adopted is an entry itself.
    """
    audit_chain.hold_the_end(session)
    outside = select(AuditEntry).where(AuditEntry.place.is_(None)).order_by(AuditEntry.id)
    number = 0
    while entries := session.scalars(outside.limit(5000)).all():
        audit_chain.chain(session, entries)
        session.flush()
        session.expunge_all()  # a log of years need not fit into memory
        number += len(entries)
    if number:
        record(session, actor="system", action="audit.adopted", subject="audit", detail=str(number))
    return number


def record_check(session: Session, found: Findings, *, actor: str) -> None:
    """That the log was looked at, and what came out."""
    result = "whole" if found.is_whole else "not_whole"
    record(
        session,
        actor=actor,
        action="audit.verified",
        subject="audit",
        detail=f"{result} {found.number}/{found.head.place}",
    )
