"""A deleted conversation is gone, and of a request only what staff need to call stays with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic import (
    audit_check,
    conversations,
    erasure,
    handoffs,
    lead_timeline,
    leads,
    notices,
    retention,
    visitor_deletion,
)
from clinic.clock import now
from clinic.conversations import ConversationErased
from clinic.crisis_events import record_crisis
from clinic.database import engine, transaction
from clinic.tables import (
    AuditEntry,
    Consent,
    Conversation,
    CrisisEvent,
    Erasure,
    Handoff,
    Lead,
    Message,
    Notice,
    VisitorMail,
)
from tests.clinic.screened import screened
from tests.clinic.whole_person import CONVERSATIONS, MARKER, where_it_can_be_read, whole_person

C = "a-conversation"
VISIT = CONVERSATIONS[0]

pytestmark = pytest.mark.usefixtures("database_url")


def say(text: str = MARKER, key: str = "k") -> None:
    with transaction() as session:
        conversations.add_message(session, C, sender="visitor", key=key, content={"text": text})


def delete(conversation_id: str = C) -> bool:
    with transaction() as session:
        return visitor_deletion.delete(session, conversation_id)


def readable(*words: str) -> set[str]:
    with engine().connect() as connection:
        return where_it_can_be_read(connection, *words)


@pytest.fixture
def lead() -> Lead:
    """With a second visit that was merged into the first."""
    with transaction() as session:
        return whole_person(session)


def test_where_staff_have_nothing_nothing_is_left_but_ids() -> None:
    say()
    with transaction() as session:
        session.add(Handoff(conversation_id=C, note=MARKER))
        session.add(VisitorMail(conversation_id=C, address=f"{MARKER}@example.org", nonce=b"n"))

    assert delete() is False

    assert readable(MARKER) == set()
    assert readable(C) == {"audit.subject", "erasures.conversation_id"}


def test_the_assistant_is_told_to_forget_and_nothing_is_written_any_more() -> None:
    say()
    delete()

    with transaction() as session:
        assert session.get(Erasure, C) is not None
    with pytest.raises(ConversationErased):
        say("late")


def test_of_a_request_the_words_go_and_what_staff_need_stays(lead: Lead) -> None:
    assert delete(VISIT) is True

    with transaction() as session:
        left = session.get_one(Lead, lead.id)
        assert left.name == f"{MARKER} Example"
        assert left.summary == [["Reason", MARKER]]
        assert [note.text for note in left.notes] == [f"{MARKER} likes mornings"]
        assert conversations.transcript(session, left.conversation_id) == []
        for table, number in ((Consent, 1), (CrisisEvent, 1), (Handoff, 2)):
            here = table.conversation_id == left.conversation_id
            assert session.scalar(select(func.count()).where(here)) == number, table
    gone = {"questionnaire_progress.progress", "unanswered_messages.text", "messages.content"}
    with transaction() as session:
        visitor_deletion.delete(session, CONVERSATIONS[1])
    assert gone & readable(MARKER) == set()


def test_no_id_leads_from_the_request_back_to_the_conversation(lead: Lead) -> None:
    delete(VISIT)

    assert readable(VISIT) == {"audit.subject", "erasures.conversation_id"}


def test_nothing_more_is_written_under_the_requests_new_id(lead: Lead) -> None:
    delete(VISIT)

    with transaction() as session:
        left = session.get_one(Lead, lead.id)
        said = conversations.add_message(
            session, left.conversation_id, sender="staff", key="s", content={"text": "hello?"}
        )
        assert said is None
        assert not handoffs.may_step_in(session, left.conversation_id)


def test_staff_see_in_the_request_that_the_chat_was_deleted(lead: Lead) -> None:
    delete(VISIT)

    with transaction() as session:
        told = lead_timeline.timeline(session, [session.get_one(Lead, lead.id)])

    assert ("visitor", "lead.chat_deleted") in {(deed.actor, deed.action) for deed in told}


def test_it_puts_off_no_end_of_the_request(lead: Lead) -> None:
    with transaction() as session:
        before = session.get_one(Lead, lead.id).updated_at

    delete(VISIT)

    with transaction() as session:
        assert session.get_one(Lead, lead.id).updated_at == before
        # It is no silent conversation of nobody's, either.
        session.get_one(Conversation, session.get_one(Lead, lead.id).conversation_id).created_at = (
            now() - timedelta(days=9999)
        )
        assert retention.due(session).conversations == ()


def test_the_other_visit_of_the_same_person_is_untouched(lead: Lead) -> None:
    delete(VISIT)

    with transaction() as session:
        assert len(conversations.transcript(session, CONVERSATIONS[1])) == 1
        assert leads.find_by_conversation(session, CONVERSATIONS[1]) is not None


@pytest.mark.parametrize("with_request", [False, True])
def test_an_open_hand_off_ends_and_nobody_is_called_to_it(with_request: bool) -> None:
    say()
    with transaction() as session:
        if with_request:
            leads.save_lead(session, screened(conversation_id=C))
        handoff = Handoff(conversation_id=C)
        session.add(handoff)
        session.flush()
        notices.queue(session, kind="handoff", subject=f"handoff:{handoff.id}")

    delete()

    with transaction() as session:
        assert session.scalar(select(Handoff.id).where(Handoff.ended_at.is_(None))) is None
        waiting = select(Notice.id).where(Notice.kind == "handoff", Notice.settled_at.is_(None))
        assert session.scalar(waiting) is None


def test_staff_still_learn_of_danger_that_nobody_has_looked_at() -> None:
    say()
    with transaction() as session:
        record_crisis(session, conversation_id=C, message_key="k", category="suicide")

    delete()

    with transaction() as session:
        event = session.scalars(select(CrisisEvent)).one()
        assert event.conversation_id != C
        assert event.seen_at is None
        assert session.scalars(select(Notice.subject)).all() == [f"crisis:{event.id}"]


def test_the_log_says_that_the_visitor_did_it_and_is_whole(lead: Lead) -> None:
    say()
    delete()
    delete(VISIT)

    with transaction() as session:
        done = session.execute(
            select(AuditEntry.actor, AuditEntry.subject, AuditEntry.detail).where(
                AuditEntry.action == "conversation.erased"
            )
        ).all()
        assert [tuple(one) for one in done] == [
            ("visitor", f"conversation:{C}", None),
            ("visitor", f"conversation:{VISIT}", visitor_deletion.REQUEST_STAYS),
        ]
        assert audit_check.check(session).is_whole


def test_twice_is_once_and_says_the_same(lead: Lead) -> None:
    say()

    assert [delete(), delete()] == [False, False]
    assert [delete(VISIT), delete(VISIT)] == [True, True]

    with transaction() as session:
        erased = select(func.count()).where(AuditEntry.action == "conversation.erased")
        assert session.scalar(erased) == 2


def test_if_a_part_fails_nothing_is_deleted(lead: Lead, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("clinic.erasure._cut_loose", fail)

    with pytest.raises(OSError, match="full"):
        delete(VISIT)

    with transaction() as session:
        assert leads.find_by_conversation(session, VISIT) is not None
        assert len(conversations.transcript(session, VISIT)) == 1


def test_a_request_whose_chat_was_deleted_can_still_be_erased(lead: Lead) -> None:
    delete(VISIT)

    with transaction() as session:
        erasure.erase_lead(session, session.get_one(Lead, lead.id), 1)

    assert readable(MARKER) == set()
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_somebody_else_is_untouched(session: Session) -> None:
    conversations.add_message(
        session, "other", sender="visitor", key="k", content={"text": "keep me"}
    )
    session.commit()
    say()

    delete()

    with transaction() as after:
        assert len(conversations.transcript(after, "other")) == 1
