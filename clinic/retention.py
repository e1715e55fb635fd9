"""What has been kept for long enough: `retention_days` of clinic.yml, the promise to visitors.

A conversation without a lead goes that many days after the last thing that was said in it. A lead
goes that many days after the last change, with all that hangs on it. An open lead still waits for
somebody, so it goes only once staff were warned for two weeks. Nothing goes while nobody has seen
that words of crisis were heard there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from clinic import crisis_events, erasure, forgetting
from clinic.clock import now
from clinic.facts import facts
from clinic.lead_statuses import DONE
from clinic.tables import (
    Conversation,
    CrisisEvent,
    Erasure,
    Feedback,
    Handoff,
    Invitation,
    Lead,
    Message,
    Note,
    QuestionnaireProgress,
)

Since = datetime | InstrumentedAttribute[datetime | None]

WARNED_FOR = timedelta(days=14)
ONE_AT_A_TIME = 700_002
"""Names PostgreSQL's lock for a round; any number that nobody else uses."""


@dataclass(frozen=True)
class Due:
    """By ids, what a round erases now, and the open leads that staff have to be warned of first."""

    conversations: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    to_warn_of: tuple[str, ...] = ()


def kept_for() -> timedelta | None:
    """None: nothing expires."""
    days = facts().retention_days
    return None if days is None else timedelta(days=days)


def is_my_turn(session: Session) -> bool:
    """Whether no other process is at it. SQLite has one writer at a time anyhow."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    lock = text("SELECT pg_try_advisory_xact_lock(:number)")
    return bool(session.scalar(lock, {"number": ONE_AT_A_TIME}))


def due(session: Session) -> Due:
    """What is over now, or comes near its end. Changes nothing."""
    kept = kept_for()
    if kept is None:
        return Due()
    before, near = now() - kept, now() - max(kept - WARNED_FOR, timedelta())
    is_over = or_(Lead.status.in_(DONE), Lead.warned_at <= now() - WARNED_FOR)
    is_new_here = Lead.status.not_in(DONE) & Lead.warned_at.is_(None)
    return Due(
        conversations=tuple(session.scalars(_silent_conversations(before))),
        leads=tuple(session.scalars(_unchanged_leads(before).where(is_over))),
        to_warn_of=tuple(session.scalars(_unchanged_leads(near).where(is_new_here))),
    )


def warn_of(session: Session, lead_ids: Sequence[str]) -> None:
    """From now on staff see that these leads come near their end."""
    _set_warned(session, Lead.id.in_(lead_ids), now())


def take_back_warnings(session: Session) -> None:
    """Of leads that somebody took care of since, and of all, if nothing expires any more."""
    no_longer = or_(_was_changed(Lead.warned_at), Lead.status.in_(DONE))
    if kept_for() is None:
        no_longer = Lead.id.is_not(None)
    _set_warned(session, Lead.warned_at.is_not(None) & no_longer, None)


def warned_of(session: Session, *, most: int = 200) -> list[Lead]:
    """Open leads that will be erased soon, the longest known first."""
    query = select(Lead).where(*_is_warned_of())
    return list(session.scalars(query.order_by(Lead.warned_at, Lead.id).limit(most)))


def how_many_warned_of(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Lead).where(*_is_warned_of())) or 0


def end_of(session: Session, lead: Lead) -> datetime | None:
    """When a lead is erased by itself if nobody touches it; None if it is not near that."""
    kept = kept_for()
    if kept is None or lead.warned_at is None:
        return None
    return max(last_change(session, lead) + kept, lead.warned_at + WARNED_FOR)


def expire_lead(session: Session, lead_id: str) -> bool:
    """Erase a lead whose time is over; False if it was changed since it was found."""
    kept, lead = kept_for(), session.get(Lead, lead_id)
    if kept is None or lead is None or lead.erased_at is not None or lead.merged_into is not None:
        return False
    is_open = lead.status not in DONE
    if is_open and (lead.warned_at is None or lead.warned_at > now() - WARNED_FOR):
        return False
    if last_change(session, lead) > now() - kept:
        return False
    erasure.erase_lead(session, lead, why=erasure.EXPIRED)
    return True


def expire_conversation(session: Session, conversation_id: str) -> bool:
    """Erase a conversation whose time is over; False if it goes on since it was found."""
    kept = kept_for()
    if kept is None:
        return False
    silent = _silent_conversations(now() - kept).where(Conversation.id == conversation_id)
    if session.scalar(silent) is None:
        return False
    try:
        erasure.erase_conversation(session, conversation_id, why=erasure.EXPIRED)
    except erasure.HasLead:
        return False
    return True


def tidy(session: Session) -> None:
    """What belongs to no conversation any more: old invitations, stray opinions, done erasures."""
    remembered = now() - forgetting.REMEMBERED_FOR
    session.execute(
        delete(Erasure).where(Erasure.done_at.is_not(None), Erasure.asked_at < remembered)
    )
    kept = kept_for()
    if kept is not None:
        session.execute(delete(Invitation).where(Invitation.expires_at < now() - kept))
        session.execute(delete(Feedback).where(Feedback.at < now() - kept, ~_has_conversation()))


def last_change(session: Session, lead: Lead) -> datetime:
    """When anything of this person was last changed, said or noted. Now, while an alarm waits."""
    everyone = erasure.person(session, lead)
    ids = [each.id for each in everyone]
    conversations = [each.conversation_id for each in everyone]
    moments = [
        *(each.updated_at for each in everyone),
        session.scalar(select(func.max(Note.at)).where(Note.lead_id.in_(ids))),
        session.scalar(
            select(func.max(Message.at)).where(Message.conversation_id.in_(conversations))
        ),
        _last_alarm(session, conversations),
    ]
    return max(moment for moment in moments if moment is not None)


def _last_alarm(session: Session, conversations: Sequence[str]) -> datetime | None:
    here = CrisisEvent.conversation_id.in_(conversations), CrisisEvent.outcome == crisis_events.HARD
    unseen = select(CrisisEvent.id).where(*here, CrisisEvent.seen_at.is_(None))
    if session.scalar(unseen.limit(1)) is not None:
        return now()
    return session.scalar(select(func.max(CrisisEvent.at)).where(*here))


def _silent_conversations(before: datetime) -> Select[str]:
    """Those of nobody's lead in which nothing was said, answered or asked since."""
    return select(Conversation.id).where(
        Conversation.created_at < before,
        ~exists().where(Lead.conversation_id == Conversation.id),
        ~exists().where(Message.conversation_id == Conversation.id, Message.at >= before),
        ~exists().where(
            QuestionnaireProgress.conversation_id == Conversation.id,
            QuestionnaireProgress.updated_at >= before,
        ),
        ~exists().where(
            Handoff.conversation_id == Conversation.id,
            or_(Handoff.asked_at >= before, Handoff.ended_at.is_(None)),
        ),
        ~_has_alarm(Conversation.id, before),
    )


def _unchanged_leads(before: datetime) -> Select[str]:
    """Leads that stand by themselves, of whom nothing was changed, noted or said since."""
    merged = aliased(Lead)
    return select(Lead.id).where(
        Lead.erased_at.is_(None),
        Lead.merged_into.is_(None),
        ~_was_changed(before),
        ~exists().where(merged.merged_into == Lead.id, merged.updated_at >= before),
    )


def _was_changed(since: Since) -> ColumnElement[bool]:
    merged = aliased(Lead)
    return or_(
        Lead.updated_at >= since,
        exists().where(Note.lead_id == Lead.id, Note.at >= since),
        exists().where(Message.conversation_id == Lead.conversation_id, Message.at >= since),
        _has_alarm(Lead.conversation_id, since),
        exists().where(merged.merged_into == Lead.id, _has_alarm(merged.conversation_id, since)),
    )


def _has_alarm(conversation: InstrumentedAttribute[str], since: Since) -> ColumnElement[bool]:
    """Whether words of crisis were heard there that are newer, or that nobody has seen."""
    return exists().where(
        CrisisEvent.conversation_id == conversation,
        CrisisEvent.outcome == crisis_events.HARD,
        or_(CrisisEvent.at >= since, CrisisEvent.seen_at.is_(None)),
    )


def _is_warned_of() -> Iterable[ColumnElement[bool]]:
    return (
        Lead.warned_at.is_not(None),
        Lead.erased_at.is_(None),
        Lead.merged_into.is_(None),
        Lead.status.not_in(DONE),
    )


def _set_warned(session: Session, which: ColumnElement[bool], at: datetime | None) -> None:
    # That staff are warned is no change of the lead: it would put off what it is warned of.
    warned = update(Lead).where(which).values(warned_at=at, updated_at=Lead.updated_at)
    session.execute(warned.execution_options(synchronize_session=False))


def _has_conversation() -> ColumnElement[bool]:
    return exists().where(Conversation.id == Feedback.conversation_id)
