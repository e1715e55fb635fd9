"""“Stop”, “never mind”: who waits for a person waits no longer, and is told so."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.stop_waiting import NO_LONGER, NOT_STOPPED, StopWaiting
from clinic import handoff_endings, handoffs
from clinic.database import transaction
from clinic.handoff_words import taken_back
from clinic.tables import Handoff, Message, Staff
from tests.actions.builders import VISITOR, Ran, tracker


@pytest.fixture
def waiting(database_url: str) -> int:
    with transaction() as session:
        return handoffs.ask(session, VISITOR).id


def stop() -> Ran:
    return Ran(StopWaiting(), tracker("never mind", intent="stop"))


def test_who_waits_for_a_person_waits_no_longer(session: Session, waiting: int) -> None:
    ran = stop()

    handoff = session.get_one(Handoff, waiting)
    assert handoff.ended_by == handoff_endings.VISITOR
    assert ran.words == NO_LONGER
    assert [m.content["text"] for m in session.scalars(select(Message))] == [taken_back()]


def test_a_person_who_has_just_come_is_not_sent_away(session: Session, waiting: int) -> None:
    with transaction() as before:
        ben = Staff(username="ben", password_hash="-")
        before.add(ben)
        before.flush()
        assert handoffs.take(before, waiting, ben.id)

    stop()

    assert session.get_one(Handoff, waiting).ended_at is None


@pytest.mark.usefixtures("database_url")
def test_where_nobody_waits_there_is_nothing_to_stop() -> None:
    assert stop().replies == ["utter_no_questions_open"]


@pytest.mark.usefixtures("broken_database")
def test_trouble_is_said_with_help_and_promises_nothing() -> None:
    text = stop().words

    assert text.startswith(NOT_STOPPED)
    assert "988" in text
