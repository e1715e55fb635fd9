"""Leads are kept once, with a notice and an audit entry, and nobody can read them in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.inbox import look_at_lead
from clinic.lead_statuses import UnknownStatus
from clinic.leads import (
    LeadRequest,
    add_note,
    save_lead,
    set_status,
)
from clinic.tables import AuditEntry, Lead, Notice, Staff


def lead_request(**changes: Any) -> LeadRequest:
    values: dict[str, Any] = {
        "conversation_id": "c1",
        "name": "Ann Example",
        "phone": "+12025550143",
        "urgency": 2,
        "outcome": "R",
        "triage": {"code": "R", "reasons": []},
        "summary": [["Age", "43"]],
        "response": {"resourceType": "QuestionnaireResponse"},
    }
    return LeadRequest(**{**values, **changes})


def test_a_lead_its_notice_and_its_audit_entry_are_kept_together(session: Session) -> None:
    lead = save_lead(session, lead_request())
    session.commit()

    notice = session.scalars(select(Notice)).one()
    entry = session.scalars(select(AuditEntry)).one()
    assert (notice.kind, notice.subject) == ("new_lead", f"lead:{lead.id}")
    assert (entry.actor, entry.action, entry.subject) == ("bot", "lead.created", f"lead:{lead.id}")


def test_nothing_is_kept_when_the_transaction_fails(session: Session) -> None:
    save_lead(session, lead_request())

    session.rollback()

    counts = [
        session.scalar(select(func.count()).select_from(t)) for t in (Lead, Notice, AuditEntry)
    ]
    assert counts == [0, 0, 0]


def test_saving_the_same_conversation_twice_keeps_one_lead_and_one_notice(session: Session) -> None:
    first = save_lead(session, lead_request())
    second = save_lead(session, lead_request())

    assert second.id == first.id
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_a_callback_request_adds_to_the_screening_and_urgency_only_rises(session: Session) -> None:
    save_lead(session, lead_request(urgency=3))

    callback = LeadRequest(
        conversation_id="c1", name="Ann Example", phone="+12025550199", wants_callback=True,
        urgency=1, contact={"Best time": "mornings"},
    )  # fmt: skip
    lead = save_lead(session, callback)

    assert (lead.urgency, lead.wants_callback, lead.phone) == (3, True, "+12025550199")
    assert (lead.outcome, lead.summary) == ("R", [["Age", "43"]])
    assert lead.contact == {"Best time": "mornings"}


def test_the_database_file_shows_no_name_no_phone_and_no_answer(
    session: Session, database_url: str
) -> None:
    save_lead(session, lead_request(summary=[["Reason", "Fear of canaries"]]))
    session.commit()

    folder = Path(database_url.removeprefix("sqlite:///")).parent
    stored = b"".join(path.read_bytes() for path in folder.glob("clinic.db*"))
    for secret in (b"Ann Example", b"2025550143", b"canaries"):
        assert secret not in stored


def test_a_status_moves_with_an_audit_entry(session: Session) -> None:
    lead = save_lead(session, lead_request())

    set_status(session, lead, "contacted", staff_id=7)

    session.flush()
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (lead.status, last.actor, last.action) == ("contacted", "staff:7", "lead.contacted")


def test_a_status_that_does_not_exist_is_refused(session: Session) -> None:
    lead = save_lead(session, lead_request())

    with pytest.raises(UnknownStatus):
        set_status(session, lead, "forgotten", staff_id=7)


def test_a_note_is_kept_with_its_author(session: Session) -> None:
    lead = save_lead(session, lead_request())
    author = Staff(username="desk", password_hash="-")
    session.add(author)
    session.flush()

    add_note(session, lead, "Left a voicemail", staff_id=author.id)

    session.flush()
    session.refresh(lead)
    assert [(note.text, note.author.username) for note in lead.notes] == [
        ("Left a voicemail", "desk")
    ]


def test_a_lead_that_was_done_is_new_again_when_the_visitor_sends_more(session: Session) -> None:
    lead = save_lead(session, LeadRequest(conversation_id="c", name="Ann"))
    lead.status = "closed"

    save_lead(session, LeadRequest(conversation_id="c", name="Ann", phone="+12025550143"))

    assert lead.status == "new"


def test_whoever_gets_more_urgent_after_the_contact_is_new_again(session: Session) -> None:
    lead = save_lead(session, lead_request(urgency=2))
    set_status(session, lead, "contacted", staff_id=7)

    save_lead(session, lead_request(urgency=4, summary=[["Age", "44"]]))

    assert (lead.status, lead.urgency) == ("new", 4)


def test_a_small_addition_after_the_contact_leaves_it_with_who_is_at_it(session: Session) -> None:
    lead = save_lead(session, lead_request())
    set_status(session, lead, "contacted", staff_id=7)

    save_lead(session, lead_request(contact={"Best time": "mornings"}))

    assert lead.status == "contacted"


def test_what_came_in_again_has_not_been_opened(session: Session) -> None:
    lead = save_lead(session, lead_request())
    look_at_lead(session, lead, staff_id=7)
    session.refresh(lead)
    assert lead.opened_at is not None

    save_lead(session, lead_request(contact={"Best time": "mornings"}))

    assert lead.opened_at is None


def test_a_look_is_no_change_and_stops_the_notices(session: Session) -> None:
    lead = save_lead(session, lead_request())
    session.flush()
    before = lead.updated_at

    look_at_lead(session, lead, staff_id=7)
    first = session.scalars(select(Lead.opened_at)).one()
    look_at_lead(session, lead, staff_id=8)

    session.expire_all()
    assert session.scalars(select(Notice.settled_at)).one() is not None
    assert (lead.updated_at, lead.opened_at) == (before, first)
