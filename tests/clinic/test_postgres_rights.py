"""On PostgreSQL, with many at once: the log is one chain, and who is erased stays erased."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from clinic import audit, audit_check, conversations, erasure, forgetting, retention
from clinic.clock import now
from clinic.conversations import ConversationErased
from clinic.database import open_engine, reading, transaction
from clinic.tables import AuditEntry, Conversation, Erasure, Lead, Message
from tests.clinic.test_database import config_of
from tests.clinic.whole_person import MARKER, where_it_can_be_read, whole_person
from tests.postgres_server import Databases, begin_and_wait


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """A fresh database for each test."""
    with postgres_databases.migrated() as address:
        yield address


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    opened = open_engine(postgres_url)
    yield opened
    opened.dispose()


def record(session: Session, subject: str) -> None:
    audit.record(session, actor="bot", action="lead.viewed", subject=subject)


def test_twenty_at_once_make_one_chain_without_a_gap(postgres: Engine) -> None:
    def deeds(number: int) -> None:
        for each in range(10):
            with transaction(postgres) as session:
                record(session, f"lead:{number}")
                session.flush()
                record(session, f"lead:{number}.{each}")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(deeds, range(20)))

    with reading(postgres) as session:
        found = audit_check.check(session)
        places = list(session.scalars(select(AuditEntry.place).order_by(AuditEntry.place)))
    assert found.is_whole
    assert places == list(range(1, 401))


def test_two_that_write_the_same_rows_in_the_same_order_never_wait_for_each_other(
    postgres: Engine,
) -> None:
    with transaction(postgres) as session:
        session.add_all(Conversation(id=each) for each in ("a", "b"))

    def change_both(_: int) -> None:
        with transaction(postgres) as session:
            for each in ("a", "b"):
                record(session, f"conversation:{each}")
                session.flush()
                session.get_one(Conversation, each, with_for_update=True).source = "x"

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(change_both, range(40)))

    with reading(postgres) as session:
        assert audit_check.check(session).number == 80


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE audit SET actor = 'staff:9'",
        "UPDATE audit SET hash = NULL",
        "INSERT INTO audit (id, at, actor, action, subject) VALUES (1, now(), '', '', '') "
        "ON CONFLICT (id) DO UPDATE SET actor = 'staff:9'",
    ],
)
def test_the_server_itself_refuses_to_change_or_delete_an_entry(
    postgres: Engine, statement: str
) -> None:
    with transaction(postgres) as session:
        record(session, "lead:a")

    with pytest.raises(DBAPIError, match="append-only"), postgres.begin() as connection:
        connection.execute(text(statement))

    with reading(postgres) as session:
        assert audit_check.check(session).is_whole


def test_an_entry_that_was_changed_behind_the_triggers_is_found(postgres: Engine) -> None:
    for number in range(5):
        with transaction(postgres) as session:
            record(session, f"lead:{number}")

    with postgres.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE audit SET at = at + interval '1 second' WHERE place = 3"))

    with reading(postgres) as session:
        (fault,) = audit_check.check(session).faults
    assert (fault.kind, fault.first) == ("changed", 3)


def test_the_way_back_takes_the_triggers_away_and_keeps_the_entries(
    postgres: Engine, postgres_url: str
) -> None:
    with transaction(postgres) as session:
        record(session, "lead:a")

    command.downgrade(config_of(postgres_url), "0004")

    with postgres.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit")) == 1
        connection.execute(text("DELETE FROM audit"))


def test_who_only_reads_cannot_write(postgres: Engine) -> None:
    with reading(postgres) as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(text("DELETE FROM leads"))


def test_nothing_of_an_erased_person_can_be_read_from_any_table(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead = whole_person(session)
    with postgres.connect() as connection:
        assert len(where_it_can_be_read(connection, MARKER)) > 10

    with transaction(postgres) as session:
        erasure.erase_lead(session, session.get_one(Lead, lead.id), 1)

    with postgres.connect() as connection:
        assert where_it_can_be_read(connection, MARKER, "2025550143") == set()
    with reading(postgres) as session:
        assert audit_check.check(session).is_whole


def write(postgres: Engine) -> None:
    with transaction(postgres) as session:
        conversations.add_message(session, "c", sender="visitor", key="k", content={"text": MARKER})


def erase(postgres: Engine) -> None:
    with transaction(postgres) as session:
        erasure.erase_conversation(session, "c", 1)


def test_a_message_that_is_being_written_is_erased_with_the_rest(postgres: Engine) -> None:
    with transaction(postgres) as session:
        conversations.open_conversation(session, "c")

    with transaction(postgres) as session:
        conversations.add_message(session, "c", sender="visitor", key="k", content={"text": MARKER})
        second = begin_and_wait(postgres, lambda: erase(postgres))
    second.join(timeout=10)

    with transaction(postgres) as session:
        assert session.scalars(select(Message)).all() == []


def test_a_message_that_comes_while_somebody_is_erased_is_refused(postgres: Engine) -> None:
    with transaction(postgres) as session:
        conversations.open_conversation(session, "c")
    refused: list[bool] = []

    def write_late() -> None:
        try:
            write(postgres)
        except ConversationErased:
            refused.append(True)

    with transaction(postgres) as session:
        erasure.erase_conversation(session, "c", 1)
        session.flush()
        second = begin_and_wait(postgres, write_late)
    second.join(timeout=10)

    assert refused == [True]
    with transaction(postgres) as session:
        assert not conversations.exists(session, "c")


def test_of_many_processes_one_tells_rasa(postgres: Engine) -> None:
    with transaction(postgres) as session:
        session.add(Erasure(conversation_id="c"))

    def claim(_: int) -> bool:
        with transaction(postgres) as session:
            return forgetting.claim(session, "c")

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, range(8))) == [False] * 7 + [True]


def test_while_one_process_erases_what_is_old_another_leaves_it_alone(
    postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "kept_for", lambda: timedelta(days=30))
    with transaction(postgres) as session:
        session.add(Conversation(id="c", created_at=now() - timedelta(days=31)))

    with transaction(postgres) as one, transaction(postgres) as other:
        assert retention.is_my_turn(one)
        assert not retention.is_my_turn(other)
    with transaction(postgres) as session:
        assert retention.due(session).conversations == ("c",)
        retention.take_back_warnings(session)
        retention.warn_of(session, ["x"])
        assert retention.is_my_turn(session)
        assert retention.expire_conversation(session, "c")
