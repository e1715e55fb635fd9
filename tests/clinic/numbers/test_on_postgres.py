"""The same numbers on PostgreSQL, and counts of several workers that are all there."""

from __future__ import annotations

import threading

from sqlalchemy import Engine

from clinic import counts
from clinic.database import open_engine, transaction
from clinic.tables import DailyCount, Lead
from tests.clinic.numbers.builders import (
    NOON,
    NOW,
    add_crisis,
    add_handoff,
    add_lead,
    count,
    june,
)


def test_every_figure_is_the_same_as_on_sqlite(postgres: Engine, database_url: str) -> None:
    reports = []
    for bind in (postgres, open_engine(database_url)):
        with transaction(bind) as session:
            session.query(Lead).delete()
            add_lead(session, at=NOON.replace(day=8, hour=3), source="newsletter")
            add_lead(session, due_at=NOW, contacted_after=30, status="booked", outcome=None)
            add_lead(session, opened_at=NOON, contacted_after=90, triage_verdict="right")
            add_crisis(session, seen_after=3)
            add_handoff(session, taken_after=40)
            count(session, counts.CONVERSATION, "newsletter", 5)
            count(session, counts.QUESTION_SHOWN, "age", 2)
            reports.append(june(session))

    on_postgres, on_sqlite = reports
    assert on_postgres.figures == on_sqlite.figures
    assert on_postgres.measures == on_sqlite.measures
    assert not on_postgres.is_empty


def test_workers_that_count_the_same_in_another_order_lose_nothing(postgres: Engine) -> None:
    def work(kinds: tuple[str, ...]) -> None:
        for _ in range(25):
            with transaction(postgres) as session:
                for kind in kinds:
                    counts.add(session, kind)

    kinds = ("first", "second")
    workers = [threading.Thread(target=work, args=(order,)) for order in (kinds, kinds[::-1]) * 2]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with transaction(postgres) as session:
        rows = session.query(DailyCount).where(DailyCount.kind.in_(kinds))
        assert {row.kind: row.number for row in rows} == {"first": 100, "second": 100}


def test_a_count_whose_row_is_held_waits_in_memory_and_the_deed_stands(postgres: Engine) -> None:
    with transaction(postgres) as session:
        counts.add(session, "held")
    with transaction(postgres) as holder:
        holder.query(DailyCount).where(DailyCount.kind == "held").with_for_update().one()

        with transaction(postgres) as session:
            add_lead(session, source="while-held")
            counts.add(session, "held")

        assert counts.unwritten() == 1

    counts.flush()

    with transaction(postgres) as session:
        assert session.query(Lead).where(Lead.source == "while-held").count() == 1
        assert session.query(DailyCount).where(DailyCount.kind == "held").one().number == 2
