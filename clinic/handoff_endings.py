"""How a hand-off ends: staff give back, the visitor leaves, or nobody is there any more.

Each ending is one UPDATE of a row that is still open, so of two processes, or of a visitor and
a member of staff at once, exactly one ends it and tells the visitor.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from clinic import audit, bell, counts, handoff_words, notices
from clinic.clock import now
from clinic.settings import settings
from clinic.tables import Handoff, Message, QuestionnaireProgress, Staff

STAFF, VISITOR, NOBODY_CAME, STAFF_LEFT, FORGOTTEN = (
    "staff", "visitor", "nobody_came", "staff_left", "forgotten",
)  # fmt: skip

GONE_AFTER = timedelta(minutes=5)
"""A member of staff whose page was not heard of for so long does not come back to this chat."""


def give_back(session: Session, handoff_id: int, staff_id: int, note: str | None = None) -> bool:
    """Staff hand back to the bot. False if it is not theirs, or over already."""
    theirs = (Handoff.id == handoff_id, Handoff.staff_id == staff_id)
    for handoff in _ended(session, *theirs, by=STAFF):
        handoff.note = note
        _record(session, handoff, f"staff:{staff_id}", "handoff.given_back")
        _tell_ended(session, handoff, handoff_words.given_back())
        return True
    return False


def leave(session: Session, conversation_id: str) -> bool:
    """The visitor goes back to the bot, or waits no longer. False if nothing was open."""
    for handoff in _ended(session, Handoff.conversation_id == conversation_id, by=VISITOR):
        _record(session, handoff, "visitor", "handoff.ended")
        _tell_ended(session, handoff, handoff_words.taken_back())
        return True
    return False


def forget(session: Session, conversation_id: str) -> None:
    """What was said is being erased: nobody writes on, and nothing is left to read."""
    for handoff in _ended(session, Handoff.conversation_id == conversation_id, by=FORGOTTEN):
        _record(session, handoff, "visitor", "handoff.ended")


def end_overdue(session: Session, conversation_id: str | None = None) -> int:
    """End what nobody will come for any more, here or everywhere; returns how many.

    Who waited too long for staff is told so, and so is who lost them.
    """
    here = [Handoff.conversation_id == conversation_id] if conversation_id else []
    late = _ended(session, *here, *_waited_too_long(), by=NOBODY_CAME)
    for handoff in late:
        counts.add(session, counts.HANDOFF_NOBODY_CAME)
        _record(session, handoff, "system", "handoff.ended")
        _tell_ended(session, handoff, handoff_words.nobody_came(), wants_a_call=True)
    lost = _ended(session, *here, *_staff_are_gone(), by=STAFF_LEFT)
    for handoff in lost:
        _record(session, handoff, "system", "handoff.ended")
        _tell_ended(session, handoff, handoff_words.staff_left(), wants_a_call=True)
    return len(late) + len(lost)


def is_overdue(session: Session, conversation_id: str | None = None) -> bool:
    """Whether there is something for `end_overdue` to do; asks without writing."""
    here = [Handoff.conversation_id == conversation_id] if conversation_id else []
    late = or_(and_(*_waited_too_long()), and_(*_staff_are_gone()))
    found = select(Handoff.id).where(Handoff.ended_at.is_(None), *here, late)
    return session.scalar(found.limit(1)) is not None


def is_any_open(session: Session, conversation_id: str) -> bool:
    here = Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None)
    return session.scalar(select(Handoff.id).where(*here)) is not None


def tell(
    session: Session, handoff: Handoff, state: str, text: str, suggestions: list[str] | None = None
) -> None:
    """Say in the chat where the hand-off stands; kept, so that a reload shows the same."""
    payload = {"type": "handoff", "state": state, "suggestions": suggestions or []}
    session.add(
        Message(
            conversation_id=handoff.conversation_id,
            sender="bot",
            key=f"handoff:{handoff.id}:{state}",
            content={"text": text, "payload": payload},
        )
    )


def _ended(session: Session, *conditions: ColumnElement[bool], by: str) -> list[Handoff]:
    """End every open hand-off that fits; those that another ended first are not among them."""
    over = (
        update(Handoff)
        .where(Handoff.ended_at.is_(None), *conditions)
        .values(ended_at=now(), ended_by=by)
        .returning(Handoff.id)
    )
    ids = list(session.scalars(over.execution_options(synchronize_session=False)))
    if not ids:
        return []
    found = select(Handoff).where(Handoff.id.in_(ids)).order_by(Handoff.id)
    ended = list(session.scalars(found.execution_options(populate_existing=True)))
    for handoff in ended:
        bell.ring(session, bell.chat(handoff.conversation_id))
    return ended


def _waited_too_long() -> tuple[ColumnElement[bool], ...]:
    patience = timedelta(seconds=settings().handoff_patience_seconds)
    return Handoff.staff_id.is_(None), Handoff.asked_at <= now() - patience


def _staff_are_gone() -> tuple[ColumnElement[bool], ...]:
    since = now() - GONE_AFTER
    gone = select(Staff.id).where(or_(Staff.last_seen_at.is_(None), Staff.last_seen_at < since))
    return Handoff.staff_id.in_(gone), Handoff.taken_at <= since


def _record(session: Session, handoff: Handoff, actor: str, action: str) -> None:
    subject = f"handoff:{handoff.id}"
    notices.settle(session, subject)
    audit.record(session, actor=actor, action=action, subject=subject, detail=handoff.ended_by)


def _tell_ended(
    session: Session, handoff: Handoff, text: str, *, wants_a_call: bool = False
) -> None:
    suggestions = [handoff_words.CALL_ME_BACK] if wants_a_call else []
    if _has_open_questions(session, handoff.conversation_id):
        text = f"{text} {handoff_words.STILL_OPEN}"
        suggestions.append(handoff_words.CONTINUE)
    tell(session, handoff, "ended", text, suggestions)


def _has_open_questions(session: Session, conversation_id: str) -> bool:
    found = select(QuestionnaireProgress.id).where(
        QuestionnaireProgress.conversation_id == conversation_id,
        QuestionnaireProgress.status == "in-progress",
    )
    return session.scalar(found.limit(1)) is not None
