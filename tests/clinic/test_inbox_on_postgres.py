"""On PostgreSQL every list of the inbox is read from an index, and pages follow each other."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from clinic import inbox_pages, lead_search
from clinic.database import transaction
from clinic.encryption import cipher
from clinic.inbox_filters import Filters, conditions, read
from clinic.inbox_pages import Place
from clinic.tables import Lead
from tests.clinic.lead_world import lead

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
def postgres(postgres: Engine) -> Engine:
    """Leads enough that reading all of them is worse than reading an index."""
    with transaction(postgres) as session:
        session.execute(text(FILLED), {"many": MANY, "name": cipher().encrypt(b'"Ann"')})
    with postgres.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE leads"))
    return postgres


LISTS = [
    ({}, "ix_leads_inbox"),
    ({"status": "new"}, "ix_leads_by_status"),
    ({"status": "closed"}, "ix_leads_by_status"),
    ({"status": "all"}, "ix_leads_all"),
    ({"sort": "due"}, "ix_leads_due"),
    ({"late": "1", "sort": "due"}, "ix_leads_due"),
]


@pytest.mark.parametrize(("address", "index"), LISTS)
def test_the_first_page_is_read_from_its_index_without_sorting(
    postgres: Engine, address: dict[str, str], index: str
) -> None:
    with transaction(postgres) as session:
        plan = explained(session, read(address), after=None)

    assert index in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(("address", "index"), LISTS)
def test_a_page_in_the_middle_reads_nothing_before_it(
    postgres: Engine, address: dict[str, str], index: str
) -> None:
    order = "d" if "sort" in address else "u"
    with transaction(postgres) as session:
        middle = select(Lead).order_by(Lead.created_at).offset(MANY // 2).limit(1)
        lead = session.scalars(middle.options(inbox_pages.IN_A_LIST)).one()
        place = Place(order, 2, lead.created_at, lead.id)

        plan = explained(session, read(address), after=place)

    assert "Seq Scan" not in plan
    assert "Sort" not in plan.replace("Incremental Sort", "")
    assert "Index Cond" in plan


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


def explained(session: Session, filters: Filters, *, after: Place | None) -> str:
    """How PostgreSQL reads a page, asked with the values beside the statement, as always."""
    stretches = inbox_pages.stretches(filters, conditions(filters, staff_id=1), after)
    query = next(iter(stretches)).options(inbox_pages.IN_A_LIST).limit(51)
    compiled = query.compile(session.get_bind())
    plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    return "\n".join(plan.scalars())
