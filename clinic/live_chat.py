"""What is written while a hand-off is open: staff's messages, and that somebody is typing."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from clinic import audit, bell, conversations
from clinic.clock import now
from clinic.tables import Handoff, Message

LONGEST_MESSAGE = 4000
TYPING_FOR = timedelta(seconds=6)
"""So long a sign of typing counts; who types on gives another before it is over."""


class NotSent(Exception):
    """The message was not written down, so the visitor has not seen it."""


class HasEnded(NotSent):
    """The hand-off is over: the bot speaks with the visitor again."""


class NotYours(NotSent):
    """A colleague writes in this chat, or nobody has taken it yet."""


def say(session: Session, handoff_id: int, staff_id: int, *, key: str, text: str) -> Message:
    """A member of staff writes to the visitor. The same key again is the same message.

    Raises:
        NotSent: the hand-off is over, or somebody else's.
    """
    # Locked, so that the same form sent twice at once is one message, and an ending waits.
    found = select(Handoff).where(Handoff.id == handoff_id).with_for_update()
    handoff = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if handoff is None:
        raise HasEnded  # the visitor deleted the conversation in this moment
    sent_before = _said(session, handoff.conversation_id, _named(key))
    if sent_before is not None:
        return sent_before
    if handoff.ended_at is not None:
        raise HasEnded
    if handoff.staff_id != staff_id:
        raise NotYours
    handoff.staff_typing_at = None
    message = conversations.add_message(
        session, handoff.conversation_id, sender="staff", key=_named(key), content={"text": text}
    )
    if message is None:
        raise HasEnded  # what this visitor says is no longer kept, so nobody writes here
    audit.record(
        session, actor=f"staff:{staff_id}", action="message.sent", subject=f"message:{message.id}"
    )
    bell.ring(session, bell.chat(handoff.conversation_id))
    return message


def visitor_types(session: Session, conversation_id: str) -> None:
    here = Handoff.conversation_id == conversation_id
    _note_typing(session, here, visitor_typing_at=now())


def visitor_has_written(session: Session, conversation_id: str) -> None:
    """What they typed has arrived."""
    here = Handoff.conversation_id == conversation_id
    _note_typing(session, here, visitor_typing_at=None)


def staff_type(session: Session, handoff_id: int, staff_id: int) -> None:
    theirs = (Handoff.id == handoff_id, Handoff.staff_id == staff_id)
    _note_typing(session, *theirs, staff_typing_at=now())


def _note_typing(session: Session, *of_whom: ColumnElement[bool], **when: datetime | None) -> None:
    noted = update(Handoff).where(*of_whom, Handoff.ended_at.is_(None)).values(**when)
    for conversation_id in session.scalars(noted.returning(Handoff.conversation_id)):
        bell.ring(session, bell.chat(conversation_id))


def is_visitor_typing(handoff: Handoff) -> bool:
    return seconds_left(handoff.visitor_typing_at) > 0


def is_staff_typing(handoff: Handoff) -> bool:
    return seconds_left(handoff.staff_typing_at) > 0


def seconds_left(typing_at: datetime | None) -> float:
    """How long a sign of typing still counts; nobody rings when it lapses."""
    if typing_at is None:
        return 0.0
    return max(0.0, (typing_at + TYPING_FOR - now()).total_seconds())


def for_the_visitor(session: Session, conversation_id: str, after: int) -> list[Message]:
    """What the bot did not say in answer to a message: words of staff, and of the hand-off."""
    return _after(
        session,
        conversation_id,
        after,
        or_(Message.sender == "staff", Message.key.startswith("handoff:")),
    )


def for_staff(session: Session, conversation_id: str, after: int) -> list[Message]:
    """Everything that was said since."""
    return _after(session, conversation_id, after)


def _after(
    session: Session, conversation_id: str, after: int, *conditions: ColumnElement[bool]
) -> list[Message]:
    found = select(Message).where(
        Message.conversation_id == conversation_id, Message.id > after, *conditions
    )
    return list(session.scalars(found.order_by(Message.id)))


def _said(session: Session, conversation_id: str, key: str) -> Message | None:
    return session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.key == key)
    )


def _named(key: str) -> str:
    """No visitor's key holds a colon, so the two are never taken for each other."""
    return f"staff:{key}"
