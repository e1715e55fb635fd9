"""On PostgreSQL every list of the inbox is read from an index, and pages follow each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, Select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from clinic import inbox_pages, lead_search
from clinic.database import migrate, open_engine, transaction
from clinic.encryption import cipher
from clinic.inbox_filters import conditions, read
from clinic.inbox_pages import Place
from clinic.tables import Lead
from tests.clinic.lead_world import lead
from tests.postgres_server import postgres_server

MANY = 20_000
FILLED = """
    INSERT INTO leads (id, conversation_id, created_at, updated_at, due_at, status, urgency,
                       wants_callback, name, contact, summary)
    SELECT md5(n::text), n::text, at, at, at + interval '1 day',
           (ARRAY['new', 'contacted', 'booked', 'closed', 'closed'])[1 + n % 5], n % 5,
           false, :name, :name, :name
    FROM generate_series(1, :many) AS n,
         LATERAL (SELECT now() - n * interval '1 minute' AS at) AS times
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Engine]:
    """Leads enough that reading all of them is worse than reading an index."""
    with postgres_server() as server:
        url = server.get_uri(driver="psycopg")
        migrate(url)
        engine = open_engine(url)
        with transaction(engine) as session:
            session.execute(text(FILLED), {"many": MANY, "name": cipher().encrypt(b'"Ann"')})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE leads"))
        yield engine
        engine.dispose()


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ({}, "ix_leads_inbox"),
        ({"status": "new"}, "ix_leads_by_status"),
        ({"status": "closed"}, "ix_leads_by_status"),
        ({"status": "all"}, "ix_leads_all"),
        ({"sort": "due"}, "ix_leads_due"),
        ({"late": "1", "sort": "due"}, "ix_leads_due"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_page_is_read_from_its_index_without_sorting(
    postgres: Engine, address: dict[str, str], index: str, is_first: bool
) -> None:
    filters = read(address)
    order = "d" if filters.sort == "due" else "u"
    with transaction(postgres) as session:
        some = session.query(Lead).order_by(Lead.created_at).offset(MANY // 2).first()
        assert some is not None
        after = None if is_first else Place(order, 2, some.created_at, some.id)
        stretches = inbox_pages.stretches(filters, conditions(filters, staff_id=1), after)

        plan = explained(session, next(iter(stretches)).options(inbox_pages.IN_A_LIST).limit(51))

    assert index in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


def test_pages_follow_each_other_to_the_end(postgres: Engine) -> None:
    filters, after, seen = read({"status": "new"}), None, 0
    with transaction(postgres) as session:
        while True:
            page = inbox_pages.page(session, filters, staff_id=1, after=after)
            seen += len(page.leads)
            after = page.after
            if after is None:
                break

    assert seen == MANY // 5


def test_numbers_stop_counting(postgres: Engine) -> None:
    with transaction(postgres) as session:
        numbers = inbox_pages.numbers(session)

    assert {str(number) for number in numbers.values()} == {"1,000+"}, numbers


def test_a_lead_is_found_by_the_beginning_of_its_name(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead(session, "found", name="Zoë Muster")

        found = lead_search.find(session, "must", staff_id=1).leads

        assert [each.name for each in found] == ["Zoë Muster"]
        session.rollback()


def explained(session: Session, query: Select[Lead]) -> str:
    """How PostgreSQL reads it, asked with the values beside the statement, as always."""
    compiled = query.compile(dialect=postgresql.dialect())
    plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    return "\n".join(plan.scalars())
