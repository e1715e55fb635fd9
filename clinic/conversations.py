"""Conversations and their transcripts."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from clinic import audit, handoff_endings
from clinic.tables import Conversation, Erasure, Message, UnansweredMessage, VisitorMail


class ConversationErased(Exception):
    """This visitor was erased; nothing is ever written down under this id again."""


def new_token() -> str:
    """A visitor's key to one conversation: 256 random bits, kept only by the visitor's browser."""
    return secrets.token_urlsafe(32)


def id_of(token: str) -> str:
    """The conversation's id; nobody who reads it can work out the visitor's token."""
    return hashlib.sha256(token.encode()).hexdigest()[:40]


def open_conversation(session: Session, conversation_id: str) -> Conversation:
    """The conversation with this id, begun now if it is new.

    Raises:
        ConversationErased: there was one, and there will be none.
    """
    refuse_erased(session, conversation_id)
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        conversation = Conversation(id=conversation_id, keeps_transcript=True)
        session.add(conversation)
        session.flush()
    return conversation


def hold(session: Session, conversation_id: str) -> None:
    """Of those who write down, forget or step in here, one comes after the other.

    An open hand-off is locked before its conversation.
    """
    held = select(Conversation.id).where(Conversation.id == conversation_id)
    session.execute(held.with_for_update(key_share=True))


def is_erased(session: Session, conversation_id: str) -> bool:
    """Whether it was; if not, whoever wants to erase it waits until this transaction ends."""
    held = select(Conversation.id).where(Conversation.id == conversation_id)
    if session.scalar(held.with_for_update(read=True, key_share=True)) is not None:
        return False
    return session.get(Erasure, conversation_id) is not None


def refuse_erased(session: Session, conversation_id: str) -> None:
    """Asked by everything that writes down what a visitor said or did.

    Raises:
        ConversationErased: nothing may be written.
    """
    if is_erased(session, conversation_id):
        raise ConversationErased


def exists(session: Session, conversation_id: str) -> bool:
    return session.get(Conversation, conversation_id) is not None


def add_message(
    session: Session, conversation_id: str, *, sender: str, key: str, content: dict[str, Any]
) -> Message | None:
    """Write down one bubble, unless this conversation keeps no transcript."""
    if not open_conversation(session, conversation_id).keeps_transcript:
        return None
    message = Message(conversation_id=conversation_id, sender=sender, key=key, content=content)
    session.add(message)
    session.flush()  # gives the message its id
    return message


def transcript(session: Session, conversation_id: str) -> list[Message]:
    """Every bubble of a conversation, oldest first."""
    return list(
        session.scalars(
            select(Message).where(Message.conversation_id == conversation_id).order_by(Message.id)
        )
    )


def forget(session: Session, conversation_id: str, *, under_age: bool = False) -> None:
    """Erase what was said and write nothing more down: no consent, or under age."""
    _end_handoffs_and_hold(session, conversation_id)
    conversation = open_conversation(session, conversation_id)
    conversation.keeps_transcript = False
    conversation.under_age = conversation.under_age or under_age
    for table in (Message, UnansweredMessage, VisitorMail):
        session.execute(delete(table).where(table.conversation_id == conversation_id))
    audit.record(
        session,
        actor="visitor",
        action="conversation.forgotten",
        subject=f"conversation:{conversation_id}",
    )


def _end_handoffs_and_hold(session: Session, conversation_id: str) -> None:
    """Hand-offs are locked before the conversation, as clinic/erasure.py does it: for one that
    somebody began in between, the conversation is let go again."""
    while True:
        handoff_endings.forget(session, conversation_id)
        with session.begin_nested() as step:
            hold(session, conversation_id)
            if not handoff_endings.is_any_open(session, conversation_id):
                return
            step.rollback()


def remember_again(session: Session, conversation_id: str) -> None:
    """The visitor has agreed after all: write down what is said from here on."""
    conversation = open_conversation(session, conversation_id)
    conversation.keeps_transcript = True
    conversation.under_age = False
