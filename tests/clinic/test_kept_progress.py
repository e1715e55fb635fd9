"""What is kept between messages is read once for each, and never later than it is true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from clinic import interviews, kept_progress
from clinic.database import engine, transaction
from clinic.questionnaires import SCREENING, form

VISITOR = "a-conversation"


@pytest.fixture
def begun(database_url: str) -> None:
    """A visitor who has agreed and answered a question."""
    for words in ("Yes, I agree", "No"):
        with transaction() as session:
            assert interviews.hear(session, VISITOR, SCREENING, words, lenient=True).taken


@contextmanager
def looks_into(table: str) -> Iterator[list[str]]:
    """Every SELECT from this table."""
    looks: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and f"FROM {table}" in " ".join(statement.split()):
            looks.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    yield looks
    event.remove(engine(), "before_cursor_execute", note)


def open_question(session: Session) -> str | None:
    question = interviews.next_question(session, VISITOR, SCREENING)
    return question.link_id if question else None


def test_one_message_reads_the_answers_once(begun: None) -> None:
    with looks_into("questionnaire_progress") as looks, transaction() as session:
        interviews.was_heard(session, VISITOR, SCREENING, "key-0001")
        open_question(session)
        interviews.hear(session, VISITOR, SCREENING, "no such answer", lenient=False)
        interviews.hear(session, VISITOR, SCREENING, "About me", lenient=True)
        interviews.remember(session, VISITOR, SCREENING, "key-0001")

    assert len(looks) == 1


def test_what_was_written_is_read_in_the_same_transaction(begun: None) -> None:
    with transaction() as session:
        before = open_question(session)
        interviews.hear(session, VISITOR, SCREENING, "About me", lenient=True)

        assert open_question(session) not in (before, None)


def test_what_was_erased_is_gone_in_the_same_transaction(begun: None) -> None:
    with transaction() as session:
        assert interviews.has_answers(session, VISITOR)

        interviews.erase(session, VISITOR)

        assert not interviews.has_answers(session, VISITOR)
        assert open_question(session) == form(SCREENING).questionnaire.questions[0].item.link_id


def test_who_starts_anew_after_erasing_agrees_anew(begun: None) -> None:
    with transaction() as session:
        open_question(session)
        interviews.erase(session, VISITOR)
        interviews.hear(session, VISITOR, SCREENING, "Yes, I agree", lenient=True)

    with transaction() as session:
        kept = kept_progress.row(session, VISITOR, SCREENING)
        assert kept is not None
        assert len(kept_progress.read(session, VISITOR, SCREENING).answers) == 1


def test_the_next_transaction_of_a_session_looks_again(begun: None) -> None:
    with Session(engine()) as session:
        assert interviews.has_answers(session, VISITOR)
        session.rollback()
        with transaction() as another:
            interviews.erase(another, VISITOR)

        assert not interviews.has_answers(session, VISITOR)
