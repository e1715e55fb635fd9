"""What the database holds in the end, read with the product's own code and the run's own keys."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from clinic.database import reading
from clinic.screening.items import Value
from clinic.screening.progress import Progress
from clinic.tables import CrisisEvent, Lead, Message, Notice, NoticeDelivery, QuestionnaireProgress

Answers = dict[str, tuple[Value, ...]]


@dataclass(frozen=True)
class KeptLead:
    """One lead, as staff see it."""

    id: str
    conversation: str
    name: str
    phone: str | None
    summary: tuple[tuple[str, str], ...]


@dataclass
class Kept:
    """Everything that can be compared with what visitors were shown."""

    said: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """The visitor's words, by conversation and key of the message."""
    replies: dict[tuple[str, str], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Id and text of the bot's bubbles, by the message that they answer."""
    answers: dict[tuple[str, str], Answers] = field(default_factory=dict)
    """By conversation and questionnaire."""
    leads: list[KeptLead] = field(default_factory=list)
    events: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Hard events of crisis, by conversation and key."""
    event_ids: list[int] = field(default_factory=list)
    notices: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By kind and subject."""
    deliveries: int = 0
    """Notices of which the database says that they were sent."""


def kept(engine: Engine) -> Kept:
    found = Kept()
    with reading(engine) as session:
        for message in session.scalars(select(Message).order_by(Message.id)):
            name, text = (message.conversation_id, message.key), str(message.content.get("text"))
            if message.sender == "visitor":
                found.said[name].append(text)
            else:
                found.replies[name].append((str(message.id), text))
        for row in session.scalars(select(QuestionnaireProgress)):
            progress = Progress.from_json(row.progress)
            answers = {one.link_id: one.values for one in progress.answers}
            found.answers[row.conversation_id, row.questionnaire] = answers
        for lead in session.scalars(select(Lead)):
            pairs = tuple((str(label), str(words)) for label, words in lead.summary)
            found.leads.append(
                KeptLead(lead.id, lead.conversation_id, lead.name, lead.phone, pairs)
            )
        for event in session.scalars(select(CrisisEvent).where(CrisisEvent.outcome == "hard")):
            found.events[event.conversation_id, event.message_key] += 1
            found.event_ids.append(event.id)
        for notice in session.scalars(select(Notice)):
            found.notices[notice.kind, notice.subject] += 1
        sent = select(NoticeDelivery.id).where(NoticeDelivery.sent_at.is_not(None))
        found.deliveries = len(session.scalars(sent).all())
    return found
