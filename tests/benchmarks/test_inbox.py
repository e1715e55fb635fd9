"""The benchmark of the inbox: its clinics are like real ones, its figures what they say."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from benchmarks.inbox import report
from benchmarks.inbox.cases import LIST, WHOLE
from benchmarks.inbox.clinic_of import COLUMNS, people, rows
from benchmarks.inbox.measures import Case, Times, measured

MANY = 2000


def case(name: str, few: float, many: float, way: str = WHOLE) -> Case:
    return Case(name, way, {10: Times([few] * 20), 1000: Times([many] * 20)})


def test_percentiles_are_of_all_tries() -> None:
    times = Times([float(number) for number in range(100, 0, -1)])

    assert (times.at(50), times.at(95), times.at(100)) == (51, 96, 100)


def test_both_clinics_are_asked_equally_often() -> None:
    asked: Counter[int] = Counter()
    deeds = {number: lambda number=number: asked.update([number]) for number in (10, 1000)}

    found = measured("a deed", WHOLE, deeds, tries=10, warm_up=3)

    assert asked == {10: 13, 1000: 13}
    assert [len(times.tries) for times in found.by_leads.values()] == [10, 10]


def test_the_verdict_names_the_worst_page_and_every_filter_that_is_worse() -> None:
    cases = [case("to do", 10, 15), case("all", 10, 12), case("filter: late", 10, 31)]

    page = report.page([*cases, case("to do", 1, 9, LIST)], server="PostgreSQL", tries=20)

    assert "Reached: 1.50 at most (to do)" in page
    assert "filter: late 3.1" in page
    assert "| to do | 1.0 | 1.0 | 9.0 | 9.0 | 9.00 | 9.00 |" in page


def test_a_page_above_the_goal_is_a_miss() -> None:
    assert "Missed: 2.50 at most (all)" in report.page(
        [case("all", 10, 25), case("all", 1, 1, LIST)], server="PostgreSQL", tries=20
    )


def test_the_same_people_come_in_every_run() -> None:
    assert list(people(5)) == list(people(5))


@pytest.mark.usefixtures("database_url")
def test_few_of_many_leads_wait_and_the_newest_of_them() -> None:
    made = [dict(zip(COLUMNS, row, strict=True)) for row in rows(MANY, random.Random(1))]
    statuses = Counter(lead["status"] for lead in made)

    assert statuses["new"] == MANY * 0.02
    assert statuses["new"] + statuses["contacted"] == MANY * 0.08
    waiting = [lead["created_at"] for lead in made if lead["status"] in ("new", "contacted")]
    done = [lead["created_at"] for lead in made if lead["status"] in ("booked", "closed")]
    assert min(waiting) > sorted(done)[-len(done) // 10]
    assert all(lead["merged_into"] != lead["id"] for lead in made)
