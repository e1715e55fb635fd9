"""What staff need to know of a visitor before they write: who, how far, any words of crisis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from clinic import audit, crisis_hints, handoff_endings, kept_progress
from clinic.clock import now
from clinic.questionnaires import CALLBACK, SCREENING
from clinic.tables import AuditEntry, CrisisEvent, Handoff, Lead, Message, QuestionnaireProgress

MISSED_FOR = timedelta(days=7)
MOST = 50

VIEWED = "handoff.viewed"
SAME_LOOK = timedelta(hours=1)

NAMES = {SCREENING: "Pre-screening", CALLBACK: "Callback request"}
STANDS = {
    kept_progress.IN_PROGRESS: "begun, not sent",
    kept_progress.COMPLETED: "sent",
    kept_progress.ENDED: "stopped by an answer that needs a person",
}


@dataclass(frozen=True)
class Overview:
    """One hand-off with what belongs to it."""

    handoff: Handoff
    lead: Lead | None
    questionnaires: tuple[str, ...]
    """One line for each questionnaire that the visitor has begun."""
    crisis_events: tuple[CrisisEvent, ...]
    is_unanswered: bool
    """The visitor had the last word."""

    @property
    def alarms(self) -> list[CrisisEvent]:
        """Words of crisis; a hint is none."""
        return [event for event in self.crisis_events if event.outcome == "hard"]

    @property
    def hint(self) -> CrisisEvent | None:
        return crisis_hints.standing(self.crisis_events)

    @property
    def place(self) -> int:
        """In the lists: words of crisis come first, then hints, then everybody else."""
        if self.alarms:
            return 0
        return 1 if self.hint else 2


def overview(session: Session, handoff: Handoff) -> Overview:
    conversation_id = handoff.conversation_id
    lead = session.scalar(select(Lead).where(Lead.conversation_id == conversation_id))
    return Overview(
        handoff=handoff,
        lead=lead,
        questionnaires=_questionnaires(session, conversation_id),
        crisis_events=_crisis_events(session, conversation_id),
        is_unanswered=_is_unanswered(session, conversation_id),
    )


def look(session: Session, handoff: Handoff, *, staff_id: int) -> None:
    """Somebody of staff reads what was said."""
    audit.record(session, actor=f"staff:{staff_id}", action=VIEWED, subject=f"handoff:{handoff.id}")


def read_along(session: Session, handoff: Handoff, *, staff_id: int) -> None:
    """The open page brings what is said next: still the same look, or one of its own."""
    looked = select(AuditEntry.id).where(
        AuditEntry.subject == f"handoff:{handoff.id}",
        AuditEntry.action == VIEWED,
        AuditEntry.actor == f"staff:{staff_id}",
        AuditEntry.at >= now() - SAME_LOOK,
    )
    if session.scalar(looked.limit(1)) is None:
        look(session, handoff, staff_id=staff_id)


def waiting(session: Session) -> list[Overview]:
    """Those who wait for a person: danger first, then the longest waiting."""
    found = _found(session, Handoff.ended_at.is_(None), Handoff.staff_id.is_(None))
    return sorted(found, key=lambda one: one.place)


def live(session: Session, staff_id: int) -> list[Overview]:
    """Those who write with somebody now: danger first, then one's own."""
    found = _found(session, Handoff.ended_at.is_(None), Handoff.staff_id.is_not(None))
    return sorted(found, key=lambda one: (one.place, one.handoff.staff_id != staff_id))


def missed(session: Session) -> list[Overview]:
    """Visitors whom nobody came to, until one of staff has read it; the newest first.

    Whoever has left a new request since stands in the inbox.
    """
    left = (handoff_endings.NOBODY_CAME, handoff_endings.STAFF_LEFT)
    query = select(Handoff).where(
        Handoff.ended_at >= now() - MISSED_FOR,
        Handoff.ended_by.in_(left),
        ~_was_read_since(),
        ~_has_new_lead(),
    )
    newest: dict[str, Handoff] = {}
    for handoff in session.scalars(query.order_by(Handoff.id.desc()).limit(MOST)):
        newest.setdefault(handoff.conversation_id, handoff)
    return [overview(session, handoff) for handoff in newest.values()]


def over(session: Session) -> list[Overview]:
    """Chats that staff have had in these days, the newest first: a number that a visitor left in
    one, and what staff wrote when they handed back, are found again here."""
    query = select(Handoff).where(
        Handoff.ended_at >= now() - MISSED_FOR, Handoff.staff_id.is_not(None)
    )
    chats = session.scalars(query.order_by(Handoff.ended_at.desc(), Handoff.id.desc()).limit(MOST))
    return [overview(session, handoff) for handoff in chats]


def how_many_need(session: Session, staff_id: int) -> tuple[int, int]:
    """How many visitors wait for a person, and how many of one's own wait for an answer."""
    opened = select(Handoff).where(
        Handoff.ended_at.is_(None),
        or_(Handoff.staff_id.is_(None), Handoff.staff_id == staff_id),
    )
    found = list(session.scalars(opened.limit(MOST)))
    mine = [one.conversation_id for one in found if one.staff_id is not None]
    return len(found) - len(mine), sum(_is_unanswered(session, each) for each in mine)


def _was_read_since() -> ColumnElement[bool]:
    """Somebody of staff has opened a chat of this visitor after this one ended."""
    opened = aliased(Handoff)
    subject = literal("handoff:").concat(cast(opened.id, String))
    return (
        select(AuditEntry.id)
        .join(opened, AuditEntry.subject == subject)
        .where(
            opened.conversation_id == Handoff.conversation_id,
            AuditEntry.action == VIEWED,
            AuditEntry.at >= Handoff.ended_at,
        )
        .correlate(Handoff)
        .exists()
    )


def _has_new_lead() -> ColumnElement[bool]:
    """Their request, or the one that it was merged into, waits in the inbox."""
    shown = aliased(Lead)
    return (
        select(Lead.id)
        .join(shown, shown.id == func.coalesce(Lead.merged_into, Lead.id))
        .where(
            Lead.conversation_id == Handoff.conversation_id,
            shown.merged_into.is_(None),
            shown.status == "new",
        )
        .correlate(Handoff)
        .exists()
    )


def _is_unanswered(session: Session, conversation_id: str) -> bool:
    """Whether the visitor had the last word."""
    people = select(Message.sender).where(
        Message.conversation_id == conversation_id, Message.sender.in_(("visitor", "staff"))
    )
    return session.scalar(people.order_by(Message.id.desc()).limit(1)) == "visitor"


def _found(session: Session, *conditions: ColumnElement[bool]) -> list[Overview]:
    query = select(Handoff).where(*conditions).order_by(Handoff.asked_at, Handoff.id).limit(MOST)
    return [overview(session, handoff) for handoff in session.scalars(query)]


def _questionnaires(session: Session, conversation_id: str) -> tuple[str, ...]:
    begun = select(QuestionnaireProgress).where(
        QuestionnaireProgress.conversation_id == conversation_id
    )
    lines = []
    for one in session.scalars(begun.order_by(QuestionnaireProgress.id)):
        name = NAMES.get(one.questionnaire, one.questionnaire)
        answers = len(one.progress.get("answers", ()))
        counted = f", {answers} answers" if one.status == kept_progress.IN_PROGRESS else ""
        lines.append(f"{name}: {STANDS.get(one.status, one.status)}{counted}")
    return tuple(lines)


def _crisis_events(session: Session, conversation_id: str) -> tuple[CrisisEvent, ...]:
    heard = select(CrisisEvent).where(CrisisEvent.conversation_id == conversation_id)
    return tuple(session.scalars(heard.order_by(CrisisEvent.id)))
