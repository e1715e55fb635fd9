"""The same code on PostgreSQL: the same tables, the same secrecy, the same one lead."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from clinic.crisis_events import HARD, SOFT, record_crisis
from clinic.database import transaction
from clinic.leads import find_by_conversation, save_lead
from clinic.tables import AuditEntry, CrisisEvent, Lead, LeadTerm, Notice, Table
from tests.clinic.test_leads import lead_request
from tests.postgres_server import begin_and_wait


@pytest.fixture(autouse=True)
def empty(postgres: Engine) -> None:
    with transaction(postgres) as session:
        # The audit log refuses to be emptied; only for this transaction it does not.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in (LeadTerm, Lead, Notice, AuditEntry, CrisisEvent):
            session.query(table).delete()


def test_the_migrated_database_has_every_table_and_column(postgres: Engine) -> None:
    with postgres.connect() as connection:
        context = MigrationContext.configure(connection)

        assert compare_metadata(context, Table.metadata) == []


def test_a_lead_comes_back_as_it_was_saved(postgres: Engine) -> None:
    with transaction(postgres) as session:
        saved = save_lead(session, lead_request())

    with transaction(postgres) as session:
        found = find_by_conversation(session, "c1")

        assert found is not None
        assert (found.name, found.summary) == ("Ann Example", [["Age", "43"]])
        assert found.created_at == saved.created_at
        assert found.created_at.tzinfo is not None


def test_the_server_holds_no_name_no_phone_and_no_answer(postgres: Engine) -> None:
    with transaction(postgres) as session:
        save_lead(session, lead_request(summary=[["Reason", "canaries"]]))

    with postgres.connect() as connection:
        stored = connection.execute(text("SELECT name, phone, summary FROM leads")).one()

    for value in stored:
        for secret in (b"Ann Example", b"2025550143", b"canaries"):
            assert secret not in bytes(value)


def test_the_same_conversation_twice_is_one_lead_and_one_notice(postgres: Engine) -> None:
    for _ in range(2):
        with transaction(postgres) as session:
            save_lead(session, lead_request())

    with transaction(postgres) as session:
        assert session.scalar(select(func.count()).select_from(Lead)) == 1
        assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_two_workers_that_save_one_conversation_at_once_make_one_lead(postgres: Engine) -> None:
    def save_callback() -> None:
        with transaction(postgres) as session:
            save_lead(session, lead_request(response=None, wants_callback=True))

    with transaction(postgres) as session:
        save_lead(session, lead_request())  # written, and not yet to be seen by others
        second = begin_and_wait(postgres, save_callback)
    second.join(timeout=10)

    with transaction(postgres) as session:
        (lead,) = session.scalars(select(Lead))
        assert (lead.outcome, lead.wants_callback) == ("R", True)


@pytest.mark.parametrize(("first", "then"), [(HARD, HARD), (SOFT, HARD), (HARD, SOFT)])
def test_web_and_actions_that_record_one_message_at_once_make_one_crisis_and_one_notice(
    postgres: Engine, first: str, then: str
) -> None:
    def record(session: Session, outcome: str) -> None:
        record_crisis(
            session, conversation_id="c1", message_key="k1", category="suicide", outcome=outcome
        )

    def record_as_well() -> None:
        with transaction(postgres) as session:
            record(session, then)

    with transaction(postgres) as session:
        record(session, first)
        second = begin_and_wait(postgres, record_as_well)
    second.join(timeout=10)

    with transaction(postgres) as session:
        (event,) = session.scalars(select(CrisisEvent))
        assert event.outcome == HARD
        assert session.scalar(select(func.count()).select_from(Notice)) == 1
