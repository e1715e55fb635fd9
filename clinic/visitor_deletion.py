"""A visitor deletes the conversation. A request that staff have stays with the clinic.

Such a request goes on under a new random id, with what staff need to call back and to know that
they may: the request itself, the consent, words of crisis, and their own notes on hand-offs. What
was said goes in any case, and the visitor's key leads to nothing any more.
"""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic import audit, conversations, erasure, handoff_endings, lead_changes, leads
from clinic.tables import (
    AuditEntry,
    Consent,
    Conversation,
    CrisisEvent,
    Erasure,
    Handoff,
    Lead,
    new_id,
)

REQUEST_STAYS = "request_stays"
"""Why the audit log of a deleted conversation speaks of staff."""

GOES_WITH_THE_REQUEST = (Handoff, Consent, CrisisEvent)


def delete(session: Session, conversation_id: str) -> bool:
    """Erase all that was said, at once and for ever; returns whether a request stays with staff.

    Who deletes twice is told the same twice.
    """
    erasure.hold(session, [conversation_id])
    if not conversations.exists(session, conversation_id):
        return _request_stayed(session, conversation_id)
    handoff_endings.forget(session, conversation_id)
    lead = leads.find_by_conversation(session, conversation_id)
    if lead is not None:
        _part_from(session, conversation_id, lead)
    why = None if lead is None else REQUEST_STAYS
    erasure.erase_conversation(session, conversation_id, why=why, by_visitor=True)
    return lead is not None


def was_deleted(session: Session, conversation_id: str) -> bool:
    """Whether it was there once, and was erased lately, by whomever."""
    return session.get(Erasure, conversation_id) is not None


def _request_stayed(session: Session, conversation_id: str) -> bool:
    """By the audit log: nothing else knows what belonged together."""
    found = select(AuditEntry.id).where(
        AuditEntry.subject == f"conversation:{conversation_id}",
        AuditEntry.action == "conversation.erased",
        AuditEntry.detail == REQUEST_STAYS,
    )
    return session.scalar(found.limit(1)) is not None


def _part_from(session: Session, conversation_id: str, lead: Lead) -> None:
    """The request no longer knows its conversation, and nobody can find one by the other."""
    lead_changes.lock_all(session, [lead])
    before = session.get_one(Conversation, conversation_id)
    after = Conversation(
        id=new_id(),
        created_at=before.created_at,
        source=before.source,
        under_age=before.under_age,
        keeps_transcript=False,
    )
    session.add(after)
    session.flush()  # hand-offs point to it
    for table in GOES_WITH_THE_REQUEST:
        session.execute(
            update(table)
            .where(table.conversation_id == conversation_id)
            .values(conversation_id=after.id)
        )
    # That the chat is gone is no change of the request: it would put off its own end.
    session.execute(
        update(Lead)
        .where(Lead.id == lead.id)
        .values(conversation_id=after.id, updated_at=Lead.updated_at)
        .execution_options(synchronize_session=False)
    )
    session.expire(lead)
    audit.record(session, actor="visitor", action="lead.chat_deleted", subject=f"lead:{lead.id}")
