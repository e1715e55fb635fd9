"""Erase a person everywhere. What is left are records without anybody: codes, times and ids.

Rasa has its own copy of a conversation. That it forgets it, too, is queued here in the same
transaction and done by web/forgetting.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from clinic import audit, bell, crisis_events, lead_changes, lead_merge, lead_search, leads, notices
from clinic.clock import now
from clinic.settings import settings
from clinic.tables import (
    Consent,
    Conversation,
    CrisisEvent,
    Erasure,
    Feedback,
    Handoff,
    Lead,
    Message,
    Note,
    QuestionnaireProgress,
    UnansweredMessage,
    VisitorMail,
    new_id,
)

SAID_IN_A_CONVERSATION = (
    Message,
    QuestionnaireProgress,
    Consent,
    UnansweredMessage,
    Feedback,
    VisitorMail,
)
EXPIRED = "expired"
MARGIN = timedelta(seconds=5)


class HasLead(Exception):
    """The conversation belongs to a lead, and is erased together with it."""


def person(session: Session, lead: Lead) -> list[Lead]:
    """Every lead of the same person: the one that is shown, and those that were merged into it."""
    shown = lead_merge.stays(session, lead)
    return [shown, *lead_merge.merged_leads(session, shown)]


@dataclass(frozen=True)
class Eraser:
    """Who erases: a member of staff, the visitor, or a command or a clock (neither), and why."""

    staff_id: int | None = None
    why: str | None = None
    is_visitor: bool = False

    def records(self, session: Session, action: str, subject: str) -> None:
        audit.record(session, actor=self._actor(), action=action, subject=subject, detail=self.why)

    def _actor(self) -> str:
        if self.is_visitor:
            return "visitor"
        return "system" if self.staff_id is None else f"staff:{self.staff_id}"


def erase_lead(
    session: Session, lead: Lead, staff_id: int | None = None, *, why: str | None = None
) -> None:
    """Erase the person of this lead, with every lead and conversation of theirs.

    Args:
        staff_id: who does it; left out where no member of staff does.
        why: a code, such as EXPIRED.
    """
    eraser = Eraser(staff_id, why)
    for each in _held_person(session, lead):
        if each.erased_at is None:
            _erase_conversation(session, each.conversation_id, eraser)
            _blank(session, each)
            eraser.records(session, "lead.erased", f"lead:{each.id}")


def erase_conversation(
    session: Session,
    conversation_id: str,
    staff_id: int | None = None,
    *,
    why: str | None = None,
    by_visitor: bool = False,
) -> None:
    """Erase the conversation of a visitor who left no request.

    Raises:
        HasLead: nothing is erased.
    """
    hold(session, [conversation_id])
    if leads.find_by_conversation(session, conversation_id) is not None:
        raise HasLead
    _erase_conversation(session, conversation_id, Eraser(staff_id, why, by_visitor))


def _held_person(session: Session, lead: Lead) -> list[Lead]:
    """Every lead of the person, held: also those that somebody merged with it meanwhile."""
    everyone = person(session, lead)
    while True:
        hold(session, [each.conversation_id for each in everyone])
        lead_changes.lock_all(session, everyone)
        held_now, everyone = everyone, person(session, lead)
        if {each.id for each in everyone} <= {each.id for each in held_now}:
            return everyone


def hold(session: Session, conversation_ids: Iterable[str]) -> None:
    """Whoever is just writing there ends first, and whoever comes later finds nothing.

    Hand-offs before conversations, as those who write in a live chat take them.
    """
    for conversation_id in sorted(conversation_ids):
        open_handoffs = select(Handoff.id).where(Handoff.conversation_id == conversation_id)
        session.execute(open_handoffs.with_for_update())
        conversation = select(Conversation.id).where(Conversation.id == conversation_id)
        session.execute(conversation.with_for_update())


def _erase_conversation(session: Session, conversation_id: str, eraser: Eraser) -> None:
    for table in SAID_IN_A_CONVERSATION:
        session.execute(delete(table).where(table.conversation_id == conversation_id))
    _erase_handoffs(session, conversation_id, eraser)
    _cut_loose(session, conversation_id, eraser)
    session.execute(delete(Conversation).where(Conversation.id == conversation_id))
    if session.get(Erasure, conversation_id) is None:
        session.add(Erasure(conversation_id=conversation_id, due_at=now() + _longest_turn()))
    eraser.records(session, "conversation.erased", f"conversation:{conversation_id}")


def _longest_turn() -> timedelta:
    """A message that is just on its way to Rasa arrives within this time, and is forgotten too."""
    return timedelta(seconds=settings().rasa_timeout_seconds) + MARGIN


def _erase_handoffs(session: Session, conversation_id: str, eraser: Eraser) -> None:
    found = select(Handoff).where(Handoff.conversation_id == conversation_id)
    for handoff in session.scalars(found).all():
        subject = f"handoff:{handoff.id}"
        if handoff.ended_at is None:
            eraser.records(session, "handoff.ended", subject)
        notices.forget(session, subject)
        session.delete(handoff)
    bell.ring(session, bell.chat(conversation_id))
    session.flush()


def _cut_loose(session: Session, conversation_id: str, eraser: Eraser) -> None:
    """That words of crisis were heard is still counted, and is nobody's any more."""
    found = select(CrisisEvent).where(CrisisEvent.conversation_id == conversation_id)
    # Events before their notices, as those who open an alarm take them.
    held_now = found.order_by(CrisisEvent.id).with_for_update()
    nobodys = new_id()
    for event in session.scalars(held_now.execution_options(populate_existing=True)).all():
        # Nobody in danger silences the alarm by deleting the chat: staff still learn of it.
        if not (eraser.is_visitor and event.seen_at is None):
            notices.forget(session, f"crisis:{event.id}")
        if eraser.staff_id is not None:
            crisis_events.mark_seen(session, event, staff_id=eraser.staff_id)
        event.conversation_id = nobodys


def _blank(session: Session, lead: Lead) -> None:
    """Keep of a lead what a count needs. It no longer knows its conversation."""
    lead_search.forget(session, lead)
    notices.forget(session, f"lead:{lead.id}")
    session.execute(delete(Note).where(Note.lead_id == lead.id))
    session.expire(lead, ["notes"])
    lead.conversation_id = new_id()
    lead.name, lead.contact, lead.summary = "", {}, []
    lead.phone = lead.email = lead.state = lead.source = None
    lead.triage = lead.response = lead.clinical = None
    lead.due_at = lead.warned_at = None
    lead.erased_at = now()


@dataclass(frozen=True)
class Held:
    """How much of a person is kept, for whoever is about to erase it."""

    requests: int
    messages: int
    notes: int
    hand_offs: int


def held(session: Session, lead: Lead) -> Held:
    everyone = person(session, lead)
    ids = [each.id for each in everyone]
    conversations = [each.conversation_id for each in everyone]
    return Held(
        requests=len(everyone),
        messages=_number(session, Message.conversation_id.in_(conversations)),
        notes=_number(session, Note.lead_id.in_(ids)),
        hand_offs=_number(session, Handoff.conversation_id.in_(conversations)),
    )


def _number(session: Session, which: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(which)) or 0
