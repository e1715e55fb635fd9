"""What the clinic keeps. Everything a person said or is called is encrypted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from clinic.clock import now
from clinic.encryption import Encrypted


class Moment(TypeDecorator[datetime]):
    """An aware time; SQLite forgets time zones, so what comes back is marked as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def new_id() -> str:
    return uuid4().hex


class Conversation(Table):
    """One visitor's chat. Its id is also Rasa's sender id; the visitor's cookie is not kept.

    `keeps_transcript` is false once the visitor refused consent or is under age: what was
    said is erased then, and nothing more is written down.
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    keeps_transcript: Mapped[bool] = mapped_column(default=True)


class Message(Table):
    """One bubble of a chat. `content` is a bot message as the widget shows it.

    `key` names the visitor's message it belongs to, so that a message sent twice is
    answered twice with the same words and taken once.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    sender: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    content: Mapped[dict[str, Any]] = mapped_column(Encrypted)


class Consent(Table):
    """A visitor's yes to the words that a questionnaire began with.

    `text` is those words, the same for everyone. Life: written once; erased only together with
    everything it allowed.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    questionnaire: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment, default=now)


class QuestionnaireProgress(Table):
    """How far a visitor came in a questionnaire. Exists only after consent.

    Life: in-progress -> completed; or ended by an emergency, from where the visitor may come back;
    or erased when the visitor withdraws or is under age.
    """

    __tablename__ = "questionnaire_progress"
    __table_args__ = (UniqueConstraint("conversation_id", "questionnaire"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    questionnaire: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16), default="in-progress")
    consented_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    progress: Mapped[dict[str, Any]] = mapped_column(Encrypted)
    last_key: Mapped[str | None] = mapped_column(String(64), default=None)
    """The visitor's newest message that was heard, so that none is heard twice."""


class Lead(Table):
    """A visitor who wants the clinic to get in touch.

    Life: new -> contacted -> booked or closed. One conversation is one lead: a screening
    and a callback request of the same visitor meet here, and urgency only rises.
    `urgency` goes from 0, nobody needs to call, to 4, at once.
    """

    __tablename__ = "leads"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    status: Mapped[str] = mapped_column(String(16), default="new", index=True)
    urgency: Mapped[int] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(String(8), default=None)
    wants_callback: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(Encrypted)
    phone: Mapped[str | None] = mapped_column(Encrypted, default=None)
    email: Mapped[str | None] = mapped_column(Encrypted, default=None)
    contact: Mapped[dict[str, str]] = mapped_column(Encrypted, default=dict)
    """Label and answer of what else was said about getting in touch, such as the best time."""
    triage: Mapped[dict[str, Any] | None] = mapped_column(Encrypted, default=None)
    """Code, text, ruleset and reasons of the screening's outcome."""
    summary: Mapped[list[list[str]]] = mapped_column(Encrypted, default=list)
    """Pairs of question and answer, in the questionnaire's order."""
    response: Mapped[dict[str, Any] | None] = mapped_column(Encrypted, default=None)
    """FHIR R4 QuestionnaireResponse of the screening."""
    clinical: Mapped[dict[str, Any] | None] = mapped_column(Encrypted, default=None)
    """Scores, medicines, consent and what is missing, as clinic/clinical_record.py makes it."""

    notes: Mapped[list[Note]] = relationship(order_by="Note.id")


class Note(Table):
    """What staff wrote about a lead, for staff only."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[str] = mapped_column(ForeignKey("leads.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    text: Mapped[str] = mapped_column(Encrypted)

    author: Mapped[Staff] = relationship()


class CrisisEvent(Table):
    """Words of crisis were heard in a conversation. Holds the category, never the words.

    `outcome` is "hard" where help lines were shown at once, "soft" where only a hint was heard.
    Life: unseen (`seen_at` empty) -> seen by a member of staff. A soft one may become hard.
    """

    __tablename__ = "crisis_events"
    __table_args__ = (UniqueConstraint("conversation_id", "message_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    message_key: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[str] = mapped_column(String(8), default="hard", server_default="hard")
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)


class UnansweredMessage(Table):
    """What a visitor asked and got no answer to. Personal data is masked before it is written.

    `reason` is `not_understood` or `not_what_i_asked`; `nearest` names the topics that came
    nearest, the nearest first.
    """

    __tablename__ = "unanswered_messages"
    __table_args__ = (UniqueConstraint("conversation_id", "message_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    message_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    reason: Mapped[str] = mapped_column(String(32))
    nearest: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Encrypted)


class Notice(Table):
    """A word to staff that waits to be sent. Says that something happened, never what.

    Life: waiting -> sent. A failed attempt waits longer each time; nothing is given up.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment, default=None, index=True)


class AuditEntry(Table):
    """Who did what to which record. Never updated, never deleted, holds no names."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now)
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)


class Staff(Table):
    """A person of the clinic who may sign in. `username` is lower case."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Moment, default=None)


class StaffSession(Table):
    """One signed-in browser. The cookie holds the token; here is only its SHA-256."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)

    staff: Mapped[Staff] = relationship()
