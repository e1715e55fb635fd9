"""An imaginary clinic on an ordinary day: leads of every kind, talks, notes, words of crisis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from clinic import conversations, counts, due
from clinic.clock import now
from clinic.crisis_events import record_crisis
from clinic.leads import LeadRequest, save_lead
from clinic.screening.states import STATES
from clinic.tables import Lead, Message
from tests.clinic.screened import ITEMS, coded, response, screened

HOUR = timedelta(hours=1)
USPS = "https://www.usps.com/"


@dataclass(frozen=True)
class Someone:
    """Who asked, what came of it, and how many hours ago."""

    name: str
    outcome: str | None
    urgency: int
    hours_ago: float
    status: str = "new"
    state: str = "OR"
    phone: str | None = "+12025550143"
    email: str | None = None


PEOPLE = (
    Someone("Ann Example", "E1", 4, 0.4),
    Someone("Zoë Sample", "X", 3, 3, state="MD", phone="+12025550117", email="zoe@example.org"),
    Someone("Luis Muster", "E2", 3, 26, "contacted", phone="+12025550121"),
    Someone("Mary O’Nobody", "R", 2, 5, state="WA", phone="+12025550122"),
    Someone("Li Beispiel", "T", 2, 30, state="CA", phone="+12025550123"),
    Someone("Sam Placeholder", None, 2, 1, phone="+12025550124"),
    Someone("Kim Anyone", "G", 1, 50, "booked", phone="+12025550125"),
    Someone("Jo Somebody", "I1", 1, 70, "closed", phone="+12025550126"),
    Someone("Max Specimen", "M", 1, 8, state="WA", phone="+12025550127"),
    Someone("Noa Nemo", "P", 2, 12, phone=None, email="noa@example.org"),
    Someone("Zoë Sample", None, 2, 2, state="MD", phone="+12025550117"),
)
TALK = (
    ("visitor", "is it safe if i have high blood pressure?", None),
    (
        "bot",
        "Ketamine raises blood pressure for a while, so clinics measure it before and after.",
        {"type": "answer", "topic": "blood_pressure", "sources": [], "reviewed": "2026-11-01"},
    ),
    ("visitor", "start the questions", None),
    ("bot", "How old are you?", None),
    ("visitor", "43", None),
)


def fill(session: Session) -> list[Lead]:
    """Everybody of PEOPLE, with a conversation each; the first one also spoke of danger."""
    made = [_lead(session, place, one) for place, one in enumerate(PEOPLE)]
    record_crisis(session, conversation_id="world-0", message_key="message-0", category="suicide")
    for days_ago in range(28):
        _count_a_day(session, days_ago)
    return made


def _count_a_day(session: Session, days_ago: int) -> None:
    """Fewer come at the end of a week, and of those who begin the questions some stop."""
    at = now() - timedelta(days=days_ago)
    came = 6 + days_ago * 5 % 9
    for kind, detail, number in (
        (counts.CONVERSATION, "", came),
        (counts.MESSAGE, "", came * 7),
        (counts.SCREENING_STARTED, "", came // 2),
        (counts.SCREENING_FINISHED, "", came // 3),
        (counts.TOPIC, "cost", came // 2),
        (counts.TOPIC, "safety", came // 3),
        (counts.UNANSWERED, "not_understood", days_ago % 3),
        *((counts.QUESTION_SHOWN, asked, came // 2) for asked in ("consent", "age", "state")),
        *((counts.QUESTION_ANSWERED, asked, came // 3) for asked in ("consent", "age", "state")),
    ):
        if number:
            counts.add(session, kind, detail, at, number=number)


def _lead(session: Session, place: int, one: Someone) -> Lead:
    conversation_id = f"world-{place}"
    for key, (sender, text, payload) in enumerate(TALK):
        _say(session, conversation_id, f"message-{key}", sender, text, payload, _ago(one, key))
    lead = save_lead(session, _request(conversation_id, one))
    lead.created_at = _ago(one, len(TALK))
    lead.status = one.status
    if one.status != "new":
        lead.opened_at = lead.contacted_at = lead.created_at + 2 * HOUR
    lead.due_at = due.due_at(one.outcome, lead.created_at)
    session.flush()
    return lead


def _say(
    session: Session,
    conversation_id: str,
    key: str,
    sender: str,
    text: str,
    payload: dict[str, Any] | None,
    at: datetime,
) -> None:
    content = {"text": text, "payload": payload}
    message: Message | None = conversations.add_message(
        session, conversation_id, sender=sender, key=key, content=content
    )
    if message is not None:
        message.at = at


def _ago(one: Someone, minutes: int) -> datetime:
    return now() - one.hours_ago * HOUR + timedelta(minutes=minutes)


def _request(conversation_id: str, one: Someone) -> LeadRequest:
    said: dict[str, Any] = {
        "conversation_id": conversation_id,
        "name": one.name,
        "urgency": one.urgency,
        "phone": one.phone,
        "email": one.email,
    }
    if one.outcome is None:
        return LeadRequest(**said, wants_callback=True, contact={"Best time": "Mornings"})
    reasons = [
        {"rule": "a_rule", "code": one.outcome, "text": "you gave a blood pressure of 150/95"}
    ]
    triage = {"code": one.outcome, "label": "", "text": "Thank you.", "ruleset": "2"}
    age, _, *others = ITEMS
    state = coded("state", "Which state?", (one.state, STATES[one.state]), system=USPS)
    return screened(
        **said,
        outcome=one.outcome,
        triage=triage | {"reasons": reasons},
        summary=[["Age", "43"], ["State", STATES[one.state]], ["Main reason", "Depression; PTSD"]],
        response=response(age, state, *others),
    )
