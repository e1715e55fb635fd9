"""What staff write arrives once, from the one who has the chat, and never after its end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import clock, conversations, handoff_endings, handoffs, live_chat, staff, turns
from clinic.tables import AuditEntry, Handoff, Staff

VISITOR = "c" * 40


@pytest.fixture
def ben(session: Session) -> Staff:
    staff.create_staff(session, "ben")
    return session.scalars(select(Staff)).one()


@pytest.fixture
def live(session: Session, ben: Staff) -> Handoff:
    handoff = handoffs.ask(session, VISITOR)
    handoffs.take(session, handoff.id, ben.id)
    return handoff


def test_the_same_form_sent_twice_is_one_message(
    session: Session, ben: Staff, live: Handoff
) -> None:
    first = live_chat.say(session, live.id, ben.id, key="key-0001", text="hello")
    second = live_chat.say(session, live.id, ben.id, key="key-0001", text="hello")

    assert first.id == second.id
    sent = select(AuditEntry.subject).where(AuditEntry.action == "message.sent")
    assert list(session.scalars(sent)) == [f"message:{first.id}"]


def test_a_message_that_arrived_before_the_end_is_not_refused_after_it(
    session: Session, ben: Staff, live: Handoff
) -> None:
    first = live_chat.say(session, live.id, ben.id, key="key-0001", text="hello")
    handoff_endings.leave(session, VISITOR)

    assert live_chat.say(session, live.id, ben.id, key="key-0001", text="hello").id == first.id
    with pytest.raises(live_chat.HasEnded):
        live_chat.say(session, live.id, ben.id, key="key-0002", text="bye")


def test_a_colleague_can_watch_but_not_write(session: Session, ben: Staff, live: Handoff) -> None:
    staff.create_staff(session, "ute")
    ute = session.scalars(select(Staff).where(Staff.username == "ute")).one()

    with pytest.raises(live_chat.NotYours):
        live_chat.say(session, live.id, ute.id, key="key-0001", text="me too")
    live_chat.staff_type(session, live.id, ute.id)
    session.refresh(live)
    assert not live_chat.is_staff_typing(live)


def test_a_visitors_key_never_names_a_message_of_staff(
    session: Session, ben: Staff, live: Handoff
) -> None:
    live_chat.say(session, live.id, ben.id, key="key-0001", text="hello")

    assert turns.said(session.connection(), VISITOR, "key-0001") == []


def test_the_visitor_gets_what_staff_write_and_no_echo_of_their_own(
    session: Session, ben: Staff, live: Handoff
) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})
    said = live_chat.say(session, live.id, ben.id, key="key-0001", text="hello")

    arrived = live_chat.for_the_visitor(session, VISITOR, 0)

    assert [message.content["text"][:7] for message in arrived] == ["You are", "hello"]
    assert live_chat.for_the_visitor(session, VISITOR, said.id) == []
    assert len(live_chat.for_staff(session, VISITOR, 0)) == 3


def test_typing_is_over_after_some_seconds_or_with_the_message(
    session: Session, ben: Staff, live: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_chat.visitor_types(session, VISITOR)
    live_chat.staff_type(session, live.id, ben.id)
    session.refresh(live)
    assert live_chat.is_visitor_typing(live)
    assert live_chat.is_staff_typing(live)

    live_chat.say(session, live.id, ben.id, key="key-0001", text="hello")
    assert not live_chat.is_staff_typing(live)
    monkeypatch.setattr(live_chat, "now", lambda: clock.now() + timedelta(seconds=7))
    assert not live_chat.is_visitor_typing(live)
