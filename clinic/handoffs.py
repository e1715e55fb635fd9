"""Hand-offs: a visitor asks for a person, staff take over, and the bot is silent until they end.

How one ends is in clinic/handoff_endings.py, what is written meanwhile in clinic/live_chat.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import (
    audit,
    bell,
    conversations,
    counts,
    handoff_endings,
    handoff_words,
    notices,
    presence,
)
from clinic.clock import now
from clinic.tables import Handoff, Message, Staff

URGENCY = 3
"""A visitor sits there and waits."""

WAITING, LIVE = "waiting", "live"

STEP_IN_WITHIN = timedelta(minutes=30)
"""Who wrote so lately may still sit there; whoever is gone would find a silent bot."""


class NotPossible(Exception):
    """There can be no hand-off in this conversation."""


class UnderAge(NotPossible):
    """Nothing is written down of somebody under age, so nobody could read it: they may call."""


class NobodyThere(NotPossible):
    """Staff cannot step in: the visitor is gone, or did not want anything kept."""


def may_ask(session: Session, conversation_id: str) -> bool:
    """Whether a person may be called into this chat at all."""
    return not conversations.open_conversation(session, conversation_id).under_age


def ask(session: Session, conversation_id: str) -> Handoff:
    """The visitor wants a person: staff are called, and the bot goes on until one comes.

    Asking again is the same hand-off. Who asks for a person wants to be read, so from here on
    what they write is kept, also where it was not before.

    Raises:
        UnderAge: see `may_ask`.
    """
    existing = open_of(session, conversation_id)
    if existing is not None:
        return existing
    if not may_ask(session, conversation_id):
        raise UnderAge
    conversations.remember_again(session, conversation_id)
    handoff, is_new = _begun(session, conversation_id, "visitor", "handoff.asked")
    if is_new:
        counts.add(session, counts.HANDOFF_ASKED)
        notices.queue(session, kind="handoff", subject=f"handoff:{handoff.id}", urgency=URGENCY)
    return handoff


def open_of(session: Session, conversation_id: str) -> Handoff | None:
    """The hand-off that waits or is live."""
    return session.scalar(select(Handoff).where(*_is_open(conversation_id)))


def is_live(session: Session, conversation_id: str) -> bool:
    """Whether a person writes with this visitor now, so that the bot has to be silent."""
    live = select(Handoff.id).where(*_is_open(conversation_id), Handoff.staff_id.is_not(None))
    return session.scalar(live) is not None


def is_live_for_this_turn(session: Session, conversation_id: str) -> bool:
    """As `is_live`, and what is written down in this transaction comes in the order of the chat.

    Locks an open hand-off: whoever takes or ends it meanwhile waits, so no message of the bot's
    stands behind the line that a person is here, and no stream skips a message.
    """
    handoff_endings.end_overdue(session, conversation_id)
    found = select(Handoff).where(*_is_open(conversation_id)).with_for_update()
    handoff = session.scalar(found.execution_options(populate_existing=True))
    if handoff is None:
        return False
    bell.ring(session, bell.chat(conversation_id))  # staff may read along
    return handoff.staff_id is not None


def state_of(handoff: Handoff | None) -> str | None:
    """`waiting` or `live`; nothing where nobody was asked for, or it is over."""
    if handoff is None or handoff.ended_at is not None:
        return None
    return WAITING if handoff.staff_id is None else LIVE


def take(session: Session, handoff_id: int, staff_id: int) -> bool:
    """Be the one who comes. False if another was faster, or it is over."""
    if not _take(session, handoff_id, staff_id, Handoff.staff_id.is_(None), taken_at=now()):
        return False
    counts.add(session, counts.HANDOFF_TAKEN)
    _tell_live(session, handoff_id)
    return True


def relieve(session: Session, handoff_id: int, staff_id: int) -> bool:
    """Take a chat over from a colleague whose console is closed. False while they are there.

    `taken_at` stays: it says how long the visitor waited for the first one.
    """
    gone = select(Staff.id).where(
        or_(Staff.last_seen_at.is_(None), Staff.last_seen_at < now() - presence.FRESH)
    )
    return _take(session, handoff_id, staff_id, Handoff.staff_id.in_(gone))


def step_in(session: Session, conversation_id: str, staff_id: int) -> Handoff:
    """Come without being asked. If somebody else has the chat already, they keep it.

    Raises:
        NobodyThere: see `may_step_in`.
    """
    while (handoff := open_of(session, conversation_id)) is None:
        stepped_in = _stepped_in(session, conversation_id, staff_id)
        if stepped_in is not None:
            return stepped_in
    take(session, handoff.id, staff_id)
    session.refresh(handoff)
    return handoff


def _stepped_in(session: Session, conversation_id: str, staff_id: int) -> Handoff | None:
    """The new hand-off; none where another process began one in the same moment.

    Then the conversation is let go again, for an open hand-off is locked before it.
    """
    with session.begin_nested() as step:
        conversations.hold(session, conversation_id)  # nobody takes it back in this moment
        if not may_step_in(session, conversation_id):
            raise NobodyThere
        actor = f"staff:{staff_id}"
        handoff, is_new = _begun(session, conversation_id, actor, "handoff.stepped_in")
        if not is_new:
            step.rollback()
            return None
        counts.add(session, counts.HANDOFF_STEPPED_IN)
        nobody = Handoff.staff_id.is_(None)
        _take(session, handoff.id, staff_id, nobody, taken_at=handoff.asked_at)  # nobody waited
        _tell_live(session, handoff.id)
    return handoff


def may_step_in(session: Session, conversation_id: str) -> bool:
    """Whether the visitor was here just now, and lets us keep what is said."""
    latest = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.sender == "visitor",
        Message.at >= now() - STEP_IN_WITHIN,
    )
    return session.scalar(latest.limit(1)) is not None


def _begun(session: Session, conversation_id: str, actor: str, action: str) -> tuple[Handoff, bool]:
    """A new hand-off; or the open one, if another process began it at the same moment."""
    handoff = Handoff(conversation_id=conversation_id)
    try:
        with session.begin_nested():
            session.add(handoff)
    except IntegrityError:
        other = open_of(session, conversation_id)
        if other is None:
            raise
        return other, False
    audit.record(session, actor=actor, action=action, subject=f"handoff:{handoff.id}")
    bell.ring(session, bell.chat(conversation_id))
    return handoff, True


def _take(
    session: Session,
    handoff_id: int,
    staff_id: int,
    condition: ColumnElement[bool],
    **also: datetime,
) -> bool:
    taken = (
        update(Handoff)
        .where(Handoff.id == handoff_id, Handoff.ended_at.is_(None), condition)
        .where(Handoff.staff_id.is_distinct_from(staff_id))
        .values(staff_id=staff_id, staff_typing_at=None, **also)
        .returning(Handoff.id)
    )
    if session.scalar(taken.execution_options(synchronize_session=False)) is None:
        return False
    subject = f"handoff:{handoff_id}"
    notices.settle(session, subject)
    audit.record(session, actor=f"staff:{staff_id}", action="handoff.taken", subject=subject)
    handoff = session.get_one(Handoff, handoff_id, populate_existing=True)
    bell.ring(session, bell.chat(handoff.conversation_id))
    return True


def _tell_live(session: Session, handoff_id: int) -> None:
    handoff = session.get_one(Handoff, handoff_id)
    handoff_endings.tell(session, handoff, "live", handoff_words.live())


def _is_open(conversation_id: str) -> tuple[ColumnElement[bool], ...]:
    return Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None)
