"""An erased person is gone from everywhere, and what is left belongs to nobody."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import (
    audit_check,
    conversations,
    erasure,
    interviews,
    kept_progress,
    lead_search,
    leads,
)
from clinic.conversations import ConversationErased
from clinic.crisis_events import record_crisis
from clinic.database import engine, transaction
from clinic.encryption import cipher
from clinic.questionnaires import SCREENING, form
from clinic.screening.progress import Progress
from clinic.tables import (
    AuditEntry,
    Conversation,
    CrisisEvent,
    Erasure,
    Handoff,
    Lead,
    LeadTerm,
    Notice,
    NoticeDelivery,
)
from tests.clinic.screened import screened
from tests.clinic.whole_person import (
    CONVERSATIONS,
    MARKER,
    encrypted_columns,
    where_it_can_be_read,
    whole_person,
)

OF_STAFF = {"notice_channels.url", "staff.totp_secret", "staff.recovery_codes"}
"""Encrypted, and not of a visitor."""


@pytest.fixture
def lead(database_url: str) -> Lead:
    with transaction() as session:
        return whole_person(session)


def erase(lead: Lead, staff_id: int | None = 1) -> None:
    with transaction() as session:
        erasure.erase_lead(session, session.get_one(Lead, lead.id), staff_id)


def test_the_marked_person_is_in_every_column_that_holds_words_of_a_visitor(lead: Lead) -> None:
    """So that the test below cannot pass by looking for too little."""
    with engine().connect() as connection:
        found = where_it_can_be_read(connection, MARKER)

    assert encrypted_columns() - found - OF_STAFF == {"leads.phone"}


def test_nothing_of_an_erased_person_can_be_read_from_any_table(lead: Lead) -> None:
    erase(lead)

    with engine().connect() as connection:
        assert where_it_can_be_read(connection, MARKER, "2025550143", "Xanax") == set()


def test_no_stored_byte_of_an_erased_person_can_be_decrypted(lead: Lead, database_url: str) -> None:
    path = Path(database_url.removeprefix("sqlite:///"))
    assert MARKER.encode() in decrypted(path)

    erase(lead)

    assert MARKER.encode() not in decrypted(path)


def decrypted(path: Path) -> bytes:
    """All that can be opened of what lies in the file, also where nothing points to any more."""
    engine().dispose()  # the last one who leaves brings everything into the one file
    opened = b""
    for token in re.findall(rb"gAAAA[A-Za-z0-9_=-]+", path.read_bytes()):
        with suppress(InvalidToken):  # cut off where a page ends
            opened += cipher().decrypt(token)
    return opened


def test_no_id_leads_from_what_is_left_to_the_conversation(lead: Lead) -> None:
    erase(lead)

    with engine().connect() as connection:
        assert where_it_can_be_read(connection, *CONVERSATIONS) == {
            "audit.subject",
            "erasures.conversation_id",
        }


def test_what_counts_stays_in_the_row_of_a_lead(lead: Lead) -> None:
    erase(lead)

    with transaction() as session:
        left = session.get_one(Lead, lead.id)
        assert (left.status, left.outcome, left.urgency) == ("new", "X", 3)
        assert (left.name, left.phone, left.state, left.source) == ("", None, None, None)
        assert left.erased_at is not None
        assert session.scalar(select(func.count()).select_from(Lead)) == 2


def test_crisis_events_stay_together_and_are_seen_and_nobodys(lead: Lead) -> None:
    with transaction() as session:
        record_crisis(
            session, conversation_id=CONVERSATIONS[0], message_key="k2", category="overdose"
        )

    erase(lead)

    with transaction() as session:
        events = list(session.scalars(select(CrisisEvent).order_by(CrisisEvent.id)))
        assert [event.category for event in events] == ["suicide", "suicide", "overdose"]
        assert events[0].conversation_id == events[2].conversation_id != events[1].conversation_id
        assert all(event.seen_by == 1 for event in events)


def test_nobody_is_told_any_more_and_nobody_finds_them(lead: Lead) -> None:
    erase(lead)

    with transaction() as session:
        for table in (Notice, NoticeDelivery, LeadTerm, Handoff):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert lead_search.find(session, MARKER, staff_id=1).leads == []


def test_that_it_was_done_and_by_whom_is_in_the_log(lead: Lead) -> None:
    erase(lead)

    with transaction() as session:
        done = session.execute(
            select(AuditEntry.actor, AuditEntry.action).where(AuditEntry.action.endswith(".erased"))
        ).all()
        assert sorted(tuple(one) for one in done) == [
            ("staff:1", "conversation.erased"),
            ("staff:1", "conversation.erased"),
            ("staff:1", "lead.erased"),
            ("staff:1", "lead.erased"),
        ]
        assert audit_check.check(session).is_whole


def test_erasing_the_merged_one_erases_the_whole_person(lead: Lead) -> None:
    with transaction() as session:
        merged = session.scalars(select(Lead).where(Lead.merged_into == lead.id)).one()

    erase(merged)

    with engine().connect() as connection:
        assert where_it_can_be_read(connection, MARKER) == set()


def test_twice_is_once(lead: Lead) -> None:
    erase(lead)
    erase(lead)

    with transaction() as session:
        erased = select(func.count()).where(AuditEntry.action == "lead.erased")
        assert session.scalar(erased) == 2
        assert len(session.scalars(select(Erasure)).all()) == 2


def test_somebody_else_is_untouched(lead: Lead) -> None:
    with transaction() as session:
        conversations.add_message(
            session, "other", sender="visitor", key="k", content={"text": "keep me"}
        )
        leads.save_lead(session, screened(conversation_id="other", name="Someone Else"))

    erase(lead)

    with transaction() as session:
        other = leads.find_by_conversation(session, "other")
        assert other is not None
        assert other.name == "Someone Else"
        assert len(conversations.transcript(session, "other")) == 1


def test_a_conversation_without_a_lead_can_be_erased(database_url: str) -> None:
    with transaction() as session:
        conversations.add_message(session, "c", sender="visitor", key="k", content={"text": MARKER})
    with transaction() as session:
        erasure.erase_conversation(session, "c", 1)

    with transaction() as session:
        assert not conversations.exists(session, "c")
        assert session.get(Erasure, "c") is not None
    with engine().connect() as connection:
        assert where_it_can_be_read(connection, MARKER) == set()


def test_a_conversation_of_a_lead_is_erased_with_it_only(lead: Lead) -> None:
    def erase_the_conversation_alone() -> None:
        with transaction() as session:
            erasure.erase_conversation(session, CONVERSATIONS[0], 1)

    with pytest.raises(erasure.HasLead):
        erase_the_conversation_alone()

    with transaction() as session:
        assert conversations.exists(session, CONVERSATIONS[0])


def write_a_message(session: Session, conversation_id: str) -> None:
    conversations.add_message(
        session, conversation_id, sender="visitor", key="late", content={"text": "late"}
    )


def write_an_answer(session: Session, conversation_id: str) -> None:
    progress = Progress.start(form(SCREENING).questionnaire)
    kept_progress.write(session, conversation_id, SCREENING, progress)


def write_a_lead(session: Session, conversation_id: str) -> None:
    leads.save_lead(session, screened(conversation_id=conversation_id))


def hear_an_answer(session: Session, conversation_id: str) -> None:
    interviews.hear(session, conversation_id, SCREENING, "yes", lenient=True)


@pytest.mark.parametrize("late", [write_a_message, write_an_answer, write_a_lead, hear_an_answer])
def test_what_was_on_its_way_is_not_written_under_the_old_id(lead: Lead, late: object) -> None:
    erase(lead)

    with transaction() as session, pytest.raises(ConversationErased):
        late(session, CONVERSATIONS[0])  # type: ignore[operator]

    with transaction() as session:
        assert session.get(Conversation, CONVERSATIONS[0]) is None
        assert leads.find_by_conversation(session, CONVERSATIONS[0]) is None


def test_words_of_crisis_that_were_on_their_way_still_call_staff(lead: Lead) -> None:
    erase(lead)

    with transaction() as session:
        event = record_crisis(
            session, conversation_id=CONVERSATIONS[0], message_key="late", category="suicide"
        )

    assert event.conversation_id not in CONVERSATIONS
    with transaction() as session:
        assert session.scalar(select(Notice.subject)) == f"crisis:{event.id}"
