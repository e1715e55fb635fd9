"""Whose turn it is in a conversation, and that a turn costs the same however much was said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Select, UpdateBase, text
from sqlalchemy.orm import Session

from clinic import clock, conversations, turns
from clinic.settings import settings
from clinic.tables import Handoff, Message

HERE, ELSEWHERE = "here", "elsewhere"


@pytest.fixture
def connection(session: Session) -> Connection:
    for conversation_id in (HERE, ELSEWHERE):
        conversations.open_conversation(session, conversation_id)
    return session.connection()


def write(connection: Connection, sender: str, key: str, words: str = "") -> turns.Said:
    return turns.write(connection, HERE, sender=sender, key=key, content={"text": words})


def test_a_conversation_that_is_none_has_no_standing(connection: Connection) -> None:
    assert turns.look(connection, "nowhere") is None
    assert turns.leave(connection, "nowhere", "key-1") is None
    assert not turns.take(connection, "nowhere", "key-1")


def has_handoff(connection: Connection) -> bool:
    standing = turns.look(connection, HERE)
    assert standing is not None
    assert standing.keeps_transcript
    return standing.has_handoff


def test_an_open_handoff_is_seen_and_one_that_has_ended_is_not(
    session: Session, connection: Connection
) -> None:
    handoff = Handoff(conversation_id=HERE)
    session.add(handoff)
    session.flush()
    assert has_handoff(connection)

    handoff.ended_at = clock.now()
    session.flush()

    assert not has_handoff(connection)


def test_another_message_waits_until_the_turn_is_over(connection: Connection) -> None:
    assert turns.take(connection, HERE, "key-1")
    assert not turns.take(connection, HERE, "key-2")
    assert turns.take(connection, ELSEWHERE, "key-2")

    turns.leave(connection, HERE, "key-1")

    assert turns.take(connection, HERE, "key-2")


def test_the_same_message_goes_on_with_its_own_turn(connection: Connection) -> None:
    turns.take(connection, HERE, "key-1")

    assert turns.take(connection, HERE, "key-1")


def test_who_looks_sees_whether_it_is_worth_trying_to_take_the_turn(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_free(key: str) -> bool:
        standing = turns.look(connection, HERE)
        assert standing is not None
        return turns.is_free(standing, key)

    assert is_free("key-2")
    turns.take(connection, HERE, "key-1")
    assert is_free("key-1")
    assert not is_free("key-2")

    longest = timedelta(seconds=settings().rasa_timeout_seconds) + turns.FOR_THE_DATABASE
    monkeypatch.setattr(turns, "now", lambda: clock.now() + longest)
    assert is_free("key-2")


def test_nobody_ends_the_turn_of_another_message(connection: Connection) -> None:
    turns.take(connection, HERE, "key-1")

    turns.leave(connection, HERE, "key-2")

    assert not turns.take(connection, HERE, "key-2")


def test_words_of_danger_take_the_turn_of_another_message(connection: Connection) -> None:
    turns.take(connection, HERE, "key-1")

    assert turns.take(connection, HERE, "key-2", urgent=True)


def test_a_turn_whose_process_was_killed_ends_by_itself(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns.take(connection, HERE, "key-1")
    longest = timedelta(seconds=settings().rasa_timeout_seconds) + turns.FOR_THE_DATABASE

    monkeypatch.setattr(turns, "now", lambda: clock.now() + longest)

    assert turns.take(connection, HERE, "key-2")


def test_what_was_said_under_a_key_comes_in_its_order_and_opened(connection: Connection) -> None:
    write(connection, "visitor", "key-1", "what does it cost")
    write(connection, "visitor", "key-2", "and the rest")
    write(connection, "bot", "key-1", "About $400.")

    said = turns.said(connection, HERE, "key-1")

    assert [(one.sender, one.content["text"]) for one in said] == [
        ("visitor", "what does it cost"),
        ("bot", "About $400."),
    ]
    assert turns.said(connection, ELSEWHERE, "key-1") == []


def test_what_is_written_reads_back_as_it_was_given(connection: Connection) -> None:
    written = write(connection, "bot", "key-1", "¿Qué? 🙂")

    assert turns.said(connection, HERE, "key-1") == [written]


def test_what_is_written_cannot_be_read_in_the_file(connection: Connection) -> None:
    write(connection, "visitor", "key-1", "my secret")

    stored = connection.execute(text("SELECT content FROM messages")).scalar_one()

    assert b"my secret" not in bytes(stored)


def test_that_a_person_came_is_nothing_the_visitor_answers(connection: Connection) -> None:
    assert turns.spoke_last(connection, HERE) is None
    write(connection, "bot", "key-1")
    write(connection, "staff", "staff:1")
    write(connection, "visitor", "key-2")
    write(connection, "bot", "handoff:1:ended")

    assert turns.spoke_last(connection, HERE) == "staff"


STATEMENTS = {
    name: getattr(turns, name)
    for name in ("_LOOK", "_TAKE", "_TAKE_ANYWAY", "_LEAVE", "_SAID", "_SPOKE_LAST")
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_of_a_turn_finds_its_rows_by_an_index(
    connection: Connection, name: str
) -> None:
    plan = plan_of(connection, STATEMENTS[name])

    assert plan
    assert not [step for step in plan if "SCAN" in step or "TEMP B-TREE" in step], plan


def test_who_spoke_last_is_looked_for_from_the_end(connection: Connection) -> None:
    plan = plan_of(connection, turns._SPOKE_LAST)

    assert any("ix_messages_in_order" in step for step in plan), plan


def plan_of(
    connection: Connection, statement: Select[*tuple[object, ...]] | UpdateBase
) -> list[str]:
    compiled = statement.compile(dialect=connection.dialect)
    values = [compiled.params.get(name) for name in compiled.positiontup or ()]
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(values))
    return [row[3] for row in rows]


def test_messages_are_found_by_these_indices_only(session: Session) -> None:
    found = session.execute(
        text("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = :table"),
        {"table": Message.__tablename__},
    )

    assert set(found.scalars()) == {"ix_messages_in_order", "ix_messages_by_key"}
