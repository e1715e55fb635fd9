"""A hand-off and a question without an answer are counted once, where they happen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock, counts, handoff_endings, handoffs, staff, unanswered
from clinic.conversations import add_message, open_conversation
from clinic.database import transaction
from clinic.roles import Role
from clinic.tables import DailyCount, Staff

C = "a-conversation"


@pytest.fixture(autouse=True)
def conversation(database_url: str) -> None:
    with transaction() as session:
        open_conversation(session, C)
        staff.create_staff(session, "ben", Role.STAFF)


def counted() -> dict[tuple[str, str], int]:
    with transaction() as session:
        return {(row.kind, row.detail): row.number for row in session.query(DailyCount)}


def test_asking_twice_and_being_taken_by_two_is_one_of_each() -> None:
    for _ in range(2):
        with transaction() as session:
            handoff_id = handoffs.ask(session, C).id
    for _ in range(2):
        with transaction() as session:
            handoffs.take(session, handoff_id, session.query(Staff).one().id)

    assert counted() == {(counts.HANDOFF_ASKED, ""): 1, (counts.HANDOFF_TAKEN, ""): 1}


def test_who_steps_in_is_not_counted_as_taking_somebody_who_waited() -> None:
    with transaction() as session:
        add_message(session, C, sender="visitor", key="k", content={"text": "hi"})
    for _ in range(2):
        with transaction() as session:
            handoffs.step_in(session, C, session.query(Staff).one().id)

    assert counted() == {(counts.HANDOFF_STEPPED_IN, ""): 1}


def test_stepping_in_where_somebody_waits_is_taking_them() -> None:
    with transaction() as session:
        handoffs.ask(session, C)
        handoffs.step_in(session, C, session.query(Staff).one().id)

    assert counted() == {(counts.HANDOFF_ASKED, ""): 1, (counts.HANDOFF_TAKEN, ""): 1}


def test_that_nobody_came_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        handoffs.ask(session, C)
    monkeypatch.setattr(handoff_endings, "now", lambda: clock.now() + timedelta(days=1))
    for _ in range(2):
        with transaction() as session:
            handoff_endings.end_overdue(session)

    assert counted() == {(counts.HANDOFF_ASKED, ""): 1, (counts.HANDOFF_NOBODY_CAME, ""): 1}


def test_a_question_without_an_answer_is_counted_once_with_its_reason() -> None:
    for _ in range(2):
        with transaction() as session:
            unanswered.keep(
                session,
                conversation_id=C,
                message_key="key",
                text="what is the moon made of",
                reason="not_understood",
                nearest=[],
            )

    assert counted() == {(counts.UNANSWERED, "not_understood"): 1}
