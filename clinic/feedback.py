"""Was the chat helpful? Asked once in a conversation, never in or after a crisis."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinic import conversations, counts
from clinic.tables import CrisisEvent, Feedback


def may_ask(session: Session, conversation_id: str) -> bool:
    """Whether to ask now. Who was told yes is not asked again.

    Nobody is asked of whom nothing may be written down.
    """
    asked = session.get(Feedback, conversation_id) is not None
    if asked or _heard_danger(session, conversation_id):
        return False
    if not conversations.open_conversation(session, conversation_id).keeps_transcript:
        return False
    if not _begun(session, conversation_id):
        return False
    counts.add(session, counts.FEEDBACK_ASKED)
    return True


def answer(session: Session, conversation_id: str, *, helpful: bool) -> bool:
    """Keep the first answer; False if nobody asked, or it was answered before."""
    answered = (
        update(Feedback)
        .where(Feedback.conversation_id == conversation_id, Feedback.helpful.is_(None))
        .values(helpful=helpful)
        .returning(Feedback.conversation_id)
    )
    if session.scalar(answered) is None:
        return False
    counts.add(session, counts.FEEDBACK, counts.HELPFUL if helpful else counts.NOT_HELPFUL)
    return True


def _heard_danger(session: Session, conversation_id: str) -> bool:
    """Words of danger, or a hint of it: whoever has that on their mind is not asked for marks."""
    heard = select(CrisisEvent.id).where(CrisisEvent.conversation_id == conversation_id)
    return session.scalar(heard.limit(1)) is not None


def _begun(session: Session, conversation_id: str) -> bool:
    try:
        with session.begin_nested():
            session.add(Feedback(conversation_id=conversation_id))
    except IntegrityError:
        return False  # another window of the same visitor asks at this moment
    return True
