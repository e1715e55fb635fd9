"""What the clinic keeps. Everything a person said or is called is encrypted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
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


IS_SHOWN = "merged_into IS NULL AND erased_at IS NULL"
"""Leads that stand in lists, in SQL."""

IS_WAITING = f"status IN ('new', 'contacted') AND {IS_SHOWN}"
"""Leads that somebody still has to do something about."""

WAITS_FOR_A_CALL = f"status = 'new' AND {IS_SHOWN}"
"""Leads that nobody has been in touch with."""

IS_ONE_PERSON = "merged_into IS NULL"
"""Leads that are counted: one that was merged into another is counted there. In SQL."""

IS_UNSEEN_ALARM = "seen_at IS NULL AND outcome = 'hard'"
"""Words of crisis that nobody of staff has looked at, in SQL."""


NUMBERED_ONCE = {"sqlite_autoincrement": True}
"""SQLite gives the number of an erased row to the next one, unless a table says this; whatever
still speaks of the erased one would then speak of another person's."""


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
    """One visitor's chat. Its id is also Rasa's sender id; the visitor's key is not kept.

    `keeps_transcript` is false once the visitor refused consent or is under age: what was
    said is erased then, and nothing more is written down.
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    keeps_transcript: Mapped[bool] = mapped_column(default=True)
    under_age: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nothing may be kept here, whatever is asked for, until the visitor consents anew."""
    source: Mapped[str | None] = mapped_column(String(64), default=None)
    """The website or campaign that the visitor came from, in small letters."""
    turn_key: Mapped[str | None] = mapped_column(String(64), default=None)
    """The message that is being answered now, so that the next one waits, also in another process
    (clinic/turns.py)."""
    turn_until: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When nobody waits for that answer any more."""


class Message(Table):
    """One bubble of a chat. `content` is a bot message as the widget shows it.

    `key` names the visitor's message it belongs to, so that a message sent twice is
    answered twice with the same words and taken once.
    """

    __tablename__ = "messages"
    __table_args__ = (
        # A turn looks for the newest message and for those of one key, however many there are.
        Index("ix_messages_in_order", "conversation_id", "id"),
        Index("ix_messages_by_key", "conversation_id", "key"),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
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


class VisitorMail(Table):
    """A copy of the conversation on its way to the visitor's own mailbox.

    Life: asked, and a code is mailed -> confirmed with that code, and the copy is mailed -> the
    address is erased at once, the row when the code is over. It is erased as well when nobody
    confirmed the code in time, and when no mail server took the copy for a day.
    """

    __tablename__ = "visitor_mails"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    address: Mapped[str] = mapped_column(Encrypted)
    nonce: Mapped[bytes] = mapped_column(LargeBinary(16))
    """The code follows from this and a key that is in no database: it is written down nowhere."""
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    tries: Mapped[int] = mapped_column(default=0)
    """How many codes were tried."""
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=now, index=True)
    """When the code, or the copy, is mailed next; empty while we wait for the visitor, and when
    the copy was mailed."""
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(64), default=None)
    """The type of the last failure, never its text: that could hold the address."""


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

    A lead that was merged into another (`merged_into`) or erased (`erased_at`) is shown in no
    list. Erasing blanks everything that is encrypted and keeps the row, so that counts and the
    audit log still add up.
    """

    __tablename__ = "leads"
    __table_args__ = (
        # The inbox reads one of these from its beginning, however many leads there are.
        Index(
            "ix_leads_inbox",
            text("urgency DESC"),
            "created_at",
            "id",
            postgresql_where=text(IS_WAITING),
            sqlite_where=text(IS_WAITING),
        ),
        Index(
            "ix_leads_by_status",
            "status",
            text("urgency DESC"),
            "created_at",
            "id",
            postgresql_where=text(IS_SHOWN),
            sqlite_where=text(IS_SHOWN),
        ),
        Index(
            "ix_leads_all",
            text("urgency DESC"),
            "created_at",
            "id",
            postgresql_where=text(IS_SHOWN),
            sqlite_where=text(IS_SHOWN),
        ),
        # All that is counted of a period's leads, so that no lead itself has to be read.
        Index(
            "ix_leads_numbers",
            *("created_at", "outcome", "source", "status", "triage_verdict"),
            *("due_at", "opened_at", "contacted_at"),
            postgresql_where=text(IS_ONE_PERSON),
            sqlite_where=text(IS_ONE_PERSON),
        ),
        Index(
            "ix_leads_due",
            "due_at",
            "id",
            postgresql_where=text(WAITS_FOR_A_CALL),
            sqlite_where=text(WAITS_FOR_A_CALL),
        ),
        Index(
            "ix_leads_warned",
            "warned_at",
            "id",
            postgresql_where=text("warned_at IS NOT NULL"),
            sqlite_where=text("warned_at IS NOT NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now, onupdate=now)
    status: Mapped[str] = mapped_column(String(16), default="new")
    status_reason: Mapped[str | None] = mapped_column(String(32), default=None)
    """Why the lead was closed or booked: a code of clinic/lead_statuses.py."""
    urgency: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(8), default=None)
    wants_callback: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str | None] = mapped_column(String(2), default=None)
    """Two-letter code of the US state that the visitor lives in. In clear, for the filter: it
    points at nobody (45 CFR 164.514(b)(2) lets a state stay in de-identified data)."""
    source: Mapped[str | None] = mapped_column(String(64), default=None)
    # No foreign keys on columns that came later: SQLite could never drop them again.
    assignee_id: Mapped[int | None] = mapped_column(default=None, index=True)
    due_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """Until when somebody should have called, by the triage outcome and the clinic's hours."""
    opened_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When staff first opened it since it last came in; empty while nobody has looked."""
    contacted_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When it first left the status new."""
    merged_into: Mapped[str | None] = mapped_column(String(32), default=None, index=True)
    erased_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    warned_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When staff were first told that it will be erased by itself; empty again once it changes."""
    triage_verdict: Mapped[str | None] = mapped_column(String(16), default=None)
    """What a clinician thought of the triage: right, too_high or too_low."""
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
    assignee: Mapped[Staff | None] = relationship(
        primaryjoin="foreign(Lead.assignee_id) == Staff.id", viewonly=True
    )


class LeadTerm(Table):
    """What a lead is found by: keyed hashes of its phone, e-mail and name, and of the beginnings
    of its last name. Who reads the table without the key learns no name and no number.
    """

    __tablename__ = "lead_terms"

    term: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    lead_id: Mapped[str] = mapped_column(ForeignKey("leads.id"), primary_key=True, index=True)


class SavedView(Table):
    """Filters of the inbox that a member of staff gave a name."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("staff_id", "name"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    filters: Mapped[dict[str, str]] = mapped_column(JSON)


class Handoff(Table):
    """A visitor asked for a person, or staff stepped in. While it is live the bot is silent.

    Life: waiting -> live -> ended; or waiting -> ended, where nobody came in time or the visitor
    took it back. It is live once `staff_id` is set. A conversation has one open hand-off at most.
    Typing times are seconds fresh and mean nothing later.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_open",
            "conversation_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    taken_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    ended_by: Mapped[str | None] = mapped_column(String(16), default=None)
    """A code of clinic/handoff_endings.py."""
    note: Mapped[str | None] = mapped_column(Encrypted, default=None)
    """What staff wrote when they handed back; for staff only."""
    visitor_typing_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    staff_typing_at: Mapped[datetime | None] = mapped_column(Moment, default=None)

    staff: Mapped[Staff | None] = relationship()


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
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_key"),
        # Every page of the inbox asks for them, and nearly all events have been seen.
        Index(
            "ix_crisis_events_unseen",
            "conversation_id",
            "id",
            postgresql_where=text(IS_UNSEEN_ALARM),
            sqlite_where=text(IS_UNSEEN_ALARM),
        ),
    )

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
    __table_args__ = (UniqueConstraint("conversation_id", "message_key"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(64), index=True)
    message_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    reason: Mapped[str] = mapped_column(String(32))
    nearest: Mapped[list[str]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Encrypted)
    decision: Mapped[str | None] = mapped_column(String(64), default=None)
    """What staff made of it: a topic's slug, `out_of_scope` or `ignored`."""
    decided_by: Mapped[int | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class Notice(Table):
    """A word to staff that waits to be sent. Says that something happened, never what.

    Life: queued -> planned, which makes one delivery for each channel that wants it. What is
    urgent is planned again until somebody opens it (`settled_at`).
    """

    __tablename__ = "notices"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    urgency: Mapped[int] = mapped_column(default=2, server_default="2")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    """When it is planned next."""
    rounds: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was planned."""
    settled_at: Mapped[datetime | None] = mapped_column(Moment, default=None, index=True)
    """Nothing more is planned: it was said once and is not urgent, or somebody has looked."""


class NoticeChannel(Table):
    """Where notices go: an apprise address of one member of staff, or of the whole clinic."""

    __tablename__ = "notice_channels"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None, index=True)
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(Encrypted)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    least_urgency: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


class NoticeDelivery(Table):
    """One notice on its way to one channel. A failed attempt waits longer each time.

    `channel_id` is empty for an address of CLINIC_NOTICE_URLS; `target` is then its keyed hash.
    """

    __tablename__ = "notice_deliveries"
    __table_args__ = NUMBERED_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"), index=True)
    channel_id: Mapped[int | None] = mapped_column(
        ForeignKey("notice_channels.id"), default=None, index=True
    )
    target: Mapped[str | None] = mapped_column(String(64), default=None)
    due_at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment, default=None, index=True)
    error: Mapped[str | None] = mapped_column(String(64), default=None)
    """The type of the last failure, never its text: that could hold an address."""


class AuditEntry(Table):
    """Who did what to which record. Never updated, never deleted, holds no names.

    Each entry is chained to the one before it when its transaction commits: `place` counts from
    1 without a gap, and `hash` covers the entry and the hash before it.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    actor: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(64), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str | None] = mapped_column(String(45), default=None)
    """The network address that a member of staff acted from."""
    detail: Mapped[str | None] = mapped_column(String(80), default=None)
    """A code that says more, such as the role given; never words of a person."""
    place: Mapped[int | None] = mapped_column(default=None, index=True, unique=True)
    hash: Mapped[str | None] = mapped_column(String(64), default=None)


class Erasure(Table):
    """A conversation that Rasa still has to forget. It holds an id and nothing of a person.

    Life: waiting -> done, when Rasa has said so.
    """

    __tablename__ = "erasures"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Moment, default=now)
    due_at: Mapped[datetime] = mapped_column(Moment, default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Moment, default=None, index=True)


class DailyCount(Table):
    """How often something happened on one day of the clinic. Belongs to no conversation, so it
    outlives every erasure.
    """

    __tablename__ = "daily_counts"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    detail: Mapped[str] = mapped_column(String(64), primary_key=True, default="")
    number: Mapped[int] = mapped_column(default=0)


class Feedback(Table):
    """What a visitor thought of the chat: helpful or not. No words, so nothing to leak.

    Life: asked (`helpful` empty) -> answered. Each conversation is asked once.
    """

    __tablename__ = "feedback"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    helpful: Mapped[bool | None] = mapped_column(default=None)


class Staff(Table):
    """A person of the clinic who may sign in. `username` is lower case.

    Life: invited or created -> active -> deactivated. The row stays, as the audit log names it.
    `role` is staff, clinician or admin; each may do what the one before may.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16), default="staff", server_default="staff")
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    deactivated_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    totp_secret: Mapped[str | None] = mapped_column(Encrypted, default=None)
    """Base32, as an authenticator app takes it; counts only once `totp_confirmed_at` is set."""
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    totp_last_step: Mapped[int] = mapped_column(default=0, server_default="0")
    """The newest time step that was used: no code opens the door twice."""
    recovery_codes: Mapped[list[str] | None] = mapped_column(Encrypted, default=None)
    """Hashes of the codes that are left, each good for one sign-in without the app."""
    is_here: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they take chats now, by their own switch."""
    last_seen_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When a console page of theirs was last open; together with `is_here` that is presence."""


class SignInTries(Table):
    """How often a password or a code was tried and was not right.

    `counter` names whose it is and from where it was tried: `password:<staff id>@<place>`. Life:
    counted up until its time is over or the right one is given; then begun anew.
    """

    __tablename__ = "sign_in_tries"

    counter: Mapped[str] = mapped_column(String(120), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment, default=now, index=True)
    number: Mapped[int] = mapped_column(default=0)


class Invitation(Table):
    """A link that lets one new colleague make an account. Here is only its SHA-256.

    Life: sent -> used, or withdrawn, or over (`expires_at`).
    """

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), default=None)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment, default=None)


class StaffSession(Table):
    """One signed-in browser. The cookie holds the token; here is only its SHA-256.

    `id` names it on the page where it can be ended; nobody gets in with it.
    """

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), default=new_id, index=True, unique=True)
    address: Mapped[str | None] = mapped_column(String(45), default=None)
    browser: Mapped[str | None] = mapped_column(String(120), default=None)
    needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The password was right, the code is still to come; nothing else is open until then."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    second_factor_begun_at: Mapped[datetime | None] = mapped_column(Moment, default=None)
    """When the key for the app was made in this browser. No other one may show it."""

    staff: Mapped[Staff] = relationship()
