"""A person of whom everything is kept that can be kept, each thing with the same odd word in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from clinic import conversations, leads, notices
from clinic.clock import now
from clinic.crisis_events import record_crisis
from clinic.encryption import Encrypted
from clinic.tables import (
    Consent,
    Feedback,
    Handoff,
    Lead,
    Notice,
    NoticeDelivery,
    QuestionnaireProgress,
    Staff,
    Table,
    UnansweredMessage,
    VisitorMail,
)
from tests.clinic.screened import screened

MARKER = "Quagmarble"
CONVERSATIONS = ("first-visit", "second-visit")


def whole_person(session: Session) -> Lead:
    """Two visits of one person, merged into one lead by a member of staff."""
    member = Staff(username="amira", password_hash="-", role="admin")
    session.add(member)
    session.flush()
    kept, merged = (_visit(session, each, member.id) for each in CONVERSATIONS)
    merged.merged_into = kept.id
    session.flush()
    return kept


def _visit(session: Session, conversation_id: str, staff_id: int) -> Lead:
    conversations.open_conversation(session, conversation_id).source = MARKER.lower()
    conversations.add_message(
        session, conversation_id, sender="visitor", key="k1", content={"text": f"I am {MARKER}"}
    )
    session.add_all(_kept_beside(conversation_id, staff_id))
    record_crisis(session, conversation_id=conversation_id, message_key="k1", category="suicide")
    lead = leads.save_lead(
        session,
        screened(
            conversation_id=conversation_id,
            name=f"{MARKER} Example",
            email=f"{MARKER}@example.org",
            contact={"Best time": MARKER},
            summary=[["Reason", MARKER]],
        ),
    )
    lead.triage = {**(lead.triage or {}), "text": MARKER}
    lead.clinical = {**(lead.clinical or {}), "other": MARKER}
    lead.response = {**(lead.response or {}), "other": MARKER}
    lead.source, lead.state = MARKER.lower(), "MD"
    leads.add_note(session, lead, f"{MARKER} likes mornings", staff_id=staff_id)
    _send_notices(session, lead)
    return lead


def _kept_beside(conversation_id: str, staff_id: int) -> list[Table]:
    return [
        QuestionnaireProgress(
            conversation_id=conversation_id,
            questionnaire="screening",
            version="1",
            progress={"answers": [MARKER]},
        ),
        Consent(
            conversation_id=conversation_id,
            questionnaire="screening",
            version="1",
            language="en",
            text=f"I agree, {MARKER}",
        ),
        UnansweredMessage(
            conversation_id=conversation_id,
            message_key="k1",
            reason="not_understood",
            nearest=[MARKER],
            text=MARKER,
        ),
        Feedback(conversation_id=conversation_id, helpful=True),
        VisitorMail(
            conversation_id=conversation_id,
            address=f"{MARKER}@example.org",
            nonce=b"16 random bytes.",
        ),
        Handoff(
            conversation_id=conversation_id,
            staff_id=staff_id,
            taken_at=now(),
            ended_at=now() + timedelta(minutes=1),
            ended_by="staff",
            note=MARKER,
        ),
        Handoff(conversation_id=conversation_id),
    ]


def _send_notices(session: Session, lead: Lead) -> None:
    session.flush()
    handoffs = select(Handoff.id).where(Handoff.conversation_id == lead.conversation_id)
    for handoff_id in session.scalars(handoffs).all():
        notices.queue(session, kind="handoff", subject=f"handoff:{handoff_id}")
    session.flush()
    for notice in session.scalars(select(Notice)).all():
        session.add(NoticeDelivery(notice_id=notice.id, target="t", sent_at=now()))
    session.flush()


def where_it_can_be_read(connection: Connection, *words: str) -> set[str]:
    """Every column of every table, in clear or decrypted, in which one of these words stands."""
    found = set()
    for table in Table.metadata.sorted_tables:
        for row in connection.execute(select(table)).mappings():
            for column, value in row.items():
                if any(word.lower() in _as_text(value).lower() for word in words):
                    found.add(f"{table.name}.{column}")
    return found


def encrypted_columns() -> set[str]:
    """Everything that holds words of a person."""
    return {
        f"{table.name}.{column.name}"
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted)
    }


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
