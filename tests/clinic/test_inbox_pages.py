"""The inbox in order, page after page, with nobody twice and nobody left out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from clinic import inbox_pages
from clinic.clock import now
from clinic.inbox_filters import Filters, read
from clinic.inbox_pages import Place, page, read_place
from tests.clinic.test_inbox_filters import stored

DAY = timedelta(days=1)


def all_pages(session: Session, filters: Filters) -> list[list[str]]:
    """The names on each page, as somebody sees them who goes on to the last."""
    pages = []
    after: Place | None = None
    while True:
        found = page(session, filters, staff_id=1, after=after)
        pages.append([lead.name for lead in found.leads])
        if found.after is None:
            return pages
        after = read_place(str(found.after))
        assert after is not None


@pytest.fixture
def three_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_pages, "ON_A_PAGE", 3)


def test_the_most_urgent_come_first_then_the_longest_waiting(session: Session) -> None:
    for name, urgency, days in (("c", 1, 9), ("a", 4, 1), ("b", 2, 5), ("d", 1, 2)):
        stored(session, name, urgency=urgency, created_at=now() - days * DAY)

    assert all_pages(session, Filters()) == [["a", "b", "c", "d"]]


@pytest.mark.usefixtures("three_on_a_page")
@pytest.mark.parametrize("address", [{}, {"status": "all"}, {"status": "new"}, {"sort": "due"}])
def test_every_lead_is_on_one_page(session: Session, address: dict[str, str]) -> None:
    same_moment = now()
    for number in range(20):
        stored(
            session,
            f"{number:02}",
            urgency=number % 5,
            created_at=same_moment if number % 2 else same_moment - number * DAY,
            due_at=same_moment + (number % 3) * DAY if number % 4 else None,
        )

    pages = all_pages(session, read(address))

    assert [len(names) for names in pages] == [3] * 6 + [2]
    assert sorted(name for names in pages for name in names) == [f"{n:02}" for n in range(20)]


@pytest.mark.usefixtures("three_on_a_page")
def test_the_pages_are_the_whole_list_in_order(session: Session) -> None:
    for number in range(11):
        stored(session, f"{number:02}", urgency=4 - number // 4, created_at=now() + number * DAY)

    names = [name for names in all_pages(session, Filters()) for name in names]

    assert names == [f"{number:02}" for number in range(11)]


@pytest.mark.usefixtures("three_on_a_page")
def test_a_lead_that_comes_in_meanwhile_moves_nobody_out_of_sight(session: Session) -> None:
    for number in range(6):
        stored(session, str(number), created_at=now() + number * DAY)
    first = page(session, Filters(), staff_id=1)

    stored(session, "urgent", urgency=4)

    second = page(session, Filters(), staff_id=1, after=first.after)
    assert [lead.name for lead in second.leads] == ["3", "4", "5"]


def test_by_due_time_comes_whom_to_call_next_then_the_others_by_urgency(session: Session) -> None:
    stored(session, "due tomorrow", urgency=1, due_at=now() + DAY)
    stored(session, "late", urgency=1, due_at=now() - DAY)
    stored(session, "contacted", urgency=2, status="contacted", due_at=now() - 9 * DAY)
    stored(session, "no time", urgency=4)

    names = ["late", "due tomorrow", "no time", "contacted"]
    assert all_pages(session, read({"sort": "due"})) == [names]


def test_the_last_page_has_no_next_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_pages, "ON_A_PAGE", 2)
    for number in range(2):
        stored(session, str(number))

    assert [len(names) for names in all_pages(session, Filters())] == [2]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "u",
        "u-3-5",
        "x-3-5-" + "a" * 32,
        "u-3-5-" + "g" * 32,
        "u-3-" + "9" * 40 + "-" + "a" * 32,
    ],
)
def test_a_place_that_was_made_up_is_the_beginning(written: str) -> None:
    assert read_place(written) is None


def test_a_place_far_away_in_time_is_no_error(session: Session) -> None:
    place = read_place("u-3-" + "9" * 16 + "-" + "a" * 32)

    assert place is not None
    assert page(session, Filters(), staff_id=1, after=place).leads == []


def test_numbers_are_counted_up_to_a_limit(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_pages, "COUNTED", 3)
    for number in range(5):
        stored(session, str(number), status="new" if number else "closed")

    numbers = inbox_pages.numbers(session)

    assert {tab: str(number) for tab, number in numbers.items()} == {
        "todo": "3+",
        "new": "3+",
        "contacted": "0",
        "booked": "0",
        "closed": "1",
        "all": "3+",
        "late": "0",
    }


def test_a_list_opens_no_answers(session: Session) -> None:
    stored(session, "somebody", summary=[["Age", "43"]])
    session.commit()
    session.expunge_all()

    (lead,) = page(session, Filters(), staff_id=1).leads

    assert "summary" not in lead.__dict__
    assert "response" not in lead.__dict__
    assert lead.name == "somebody"


def test_sources_are_those_of_leads_to_do(session: Session) -> None:
    stored(session, "a", source="spring")
    stored(session, "b", source="spring")
    stored(session, "c", source="autumn", status="closed")
    stored(session, "d")

    assert inbox_pages.sources(session) == ["spring"]
