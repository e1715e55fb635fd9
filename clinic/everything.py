"""All that is held on one person, in one file: for the person who asks for it.

HIPAA (45 CFR 164.524) and the GDPR (article 15) give people this right. A member of staff reads it
before it leaves: notes may speak of somebody else.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit, erasure, lead_export
from clinic.clock import now
from clinic.facts import facts
from clinic.fhir.bundle import bundle
from clinic.tables import (
    AuditEntry,
    Consent,
    Conversation,
    CrisisEvent,
    Feedback,
    Handoff,
    Lead,
    Message,
    Notice,
    NoticeDelivery,
    QuestionnaireProgress,
    UnansweredMessage,
    VisitorMail,
)

READ_ME = """\
All that {clinic} holds on one person, taken out on {at}.

In it
  person.txt       to read: who it is, the answers, the conversation
  everything.json  all of it: requests, answers, scores, medicines, triage with its reasons;
                   consents with their words; the conversation; questions that got no answer,
                   masked; words of crisis, by kind and time; notes of staff; hand-offs; times of
                   notices; copies that wait to be mailed, and where to; whether the chat was
                   helpful; who looked or changed something, and when
  fhir-….json      each request as a FHIR R4 Bundle

Not in it
  names and network addresses of staff: each has a number here (staff:3)
  the assistant's own copy of the conversation: the same words as here, and erased with it
  counts by day, which belong to nobody, and what technical logs and backups hold

Before you hand it over: make sure that it is this person who asks, and read the notes. What speaks
of somebody else, or what a law of your state protects, may have to be taken out.
"""


def everything(session: Session, lead: Lead) -> dict[str, Any]:
    """As plain JSON values: every lead of the person, and every conversation."""
    leads = erasure.person(session, lead)
    conversations = [each.conversation_id for each in leads]
    return {
        "taken_out_at": _moment(now()),
        "requests": [_request(each) for each in leads],
        "conversations": [_conversation(session, each) for each in conversations],
        "notices": _notices(session, leads),
        "deeds": _deeds(session, leads),
    }


def as_zip(session: Session, lead: Lead) -> bytes:
    """Everything, to be read by people and by machines."""
    held = everything(session, lead)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        at = now().astimezone(facts().zone)
        clinic = facts().name
        file.writestr("read-me.txt", READ_ME.format(clinic=clinic, at=f"{at:%Y-%m-%d %H:%M %Z}"))
        file.writestr("person.txt", "\n".join(_to_read(held)) + "\n")
        file.writestr("everything.json", as_json(held))
        for number, each in enumerate(erasure.person(session, lead), start=1):
            fhir = bundle(each, lead_export.score_codes())
            file.writestr(f"fhir-{number}.json", as_json(fhir))
    return out.getvalue()


def as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def record(session: Session, lead: Lead, *, actor: str) -> None:
    """Write down who takes it out; commit it before anything leaves."""
    audit.record(
        session, actor=actor, action="lead.exported", subject=f"lead:{lead.id}", detail="everything"
    )


def _request(lead: Lead) -> dict[str, Any]:
    return {
        **lead_export.exported(lead),
        "notes": [
            {"at": _moment(note.at), "by": _staff(note.staff_id), "text": note.text}
            for note in lead.notes
        ],
    }


def _conversation(session: Session, conversation_id: str) -> dict[str, Any]:
    begun = session.get(Conversation, conversation_id)
    feedback = session.get(Feedback, conversation_id)
    return {
        "id": conversation_id,
        "begun_at": _moment(begun.created_at) if begun else None,
        "source": begun.source if begun else None,
        "found_helpful": feedback.helpful if feedback else None,
        "said": [
            {"at": _moment(one.at), "from": one.sender, **one.content}
            for one in _of(session, Message, conversation_id)
        ],
        "answers": [
            _columns(one, "questionnaire", "version", "status", "updated_at", "progress")
            for one in _of(session, QuestionnaireProgress, conversation_id)
        ],
        "consents": [
            _columns(one, "questionnaire", "version", "language", "at", "text")
            for one in _of(session, Consent, conversation_id)
        ],
        "without_answer": [
            _columns(one, "at", "reason", "text")
            for one in _of(session, UnansweredMessage, conversation_id)
        ],
        "words_of_crisis": [
            _columns(one, "at", "category", "outcome", "seen_at")
            for one in _of(session, CrisisEvent, conversation_id)
        ],
        "hand_offs": [
            _columns(one, "asked_at", "taken_at", "ended_at", "ended_by", "note")
            | {"by": _staff(one.staff_id)}
            for one in _of(session, Handoff, conversation_id)
        ],
        "copies_to_mail": [
            _columns(one, "address", "asked_at", "confirmed_at")
            for one in _of(session, VisitorMail, conversation_id)
        ],
    }


def _notices(session: Session, leads: Sequence[Lead]) -> list[dict[str, Any]]:
    found = select(Notice).where(Notice.subject.in_(_subjects(session, leads)))
    return [
        _columns(notice, "kind", "created_at", "settled_at") | {"sent_at": _sent(session, notice)}
        for notice in session.scalars(found.order_by(Notice.id))
    ]


def _sent(session: Session, notice: Notice) -> list[str | None]:
    sent = select(NoticeDelivery.sent_at).where(
        NoticeDelivery.notice_id == notice.id, NoticeDelivery.sent_at.is_not(None)
    )
    return [_moment(at) for at in session.scalars(sent.order_by(NoticeDelivery.id))]


def _deeds(session: Session, leads: Sequence[Lead]) -> list[dict[str, Any]]:
    found = select(AuditEntry).where(AuditEntry.subject.in_(_subjects(session, leads)))
    return [
        _columns(entry, "at", "actor", "action", "subject", "detail")
        for entry in session.scalars(found.order_by(AuditEntry.id))
    ]


def _subjects(session: Session, leads: Sequence[Lead]) -> list[str]:
    """What the audit log and notices call the records of a person."""
    conversations = [lead.conversation_id for lead in leads]
    named = [f"lead:{lead.id}" for lead in leads]
    named += [f"conversation:{each}" for each in conversations]
    for kind, table in (("crisis", CrisisEvent), ("handoff", Handoff), ("message", Message)):
        ids = select(table.id).where(table.conversation_id.in_(conversations))
        named += [f"{kind}:{each}" for each in session.scalars(ids)]
    return named


def _of(session: Session, table: Any, conversation_id: str) -> list[Any]:
    found = select(table).where(table.conversation_id == conversation_id)
    return list(session.scalars(found.order_by(table.id)))


def _columns(row: Any, *names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names}
    return {
        name: _moment(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def _staff(number: int | None) -> str | None:
    return None if number is None else f"staff:{number}"


def _to_read(held: dict[str, Any]) -> Iterator[str]:
    for request in held["requests"]:
        yield request["name"] or "No name"
        reach = (request["phone"], request["email"], *request["contact"].items())
        yield from (
            "  " + (one if isinstance(one, str) else ": ".join(one)) for one in reach if one
        )
        yield f"  Asked on {request['created_at'][:10]}; {request['status']}"
        yield from _told(request["triage"] or {})
        yield from (f"  {question}: {answer}" for question, answer in request["summary"])
        yield from (f"  Note of {note['at'][:10]}: {note['text']}" for note in request["notes"])
        yield ""
    for conversation in held["conversations"]:
        yield "Conversation (times in UTC)"
        for one in conversation["said"]:
            yield f"  {one['at'][:16].replace('T', ' ')} {one['from']}: {one.get('text', '')}"
        yield ""


def _told(triage: dict[str, Any]) -> Iterator[str]:
    if triage:
        yield f"  Outcome: {triage.get('label', triage.get('code', ''))}"
        yield from (f"    because {reason['text']}" for reason in triage.get("reasons", ()))
