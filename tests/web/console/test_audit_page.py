"""The audit log on its page: for admins only, filtered, and loud when it does not fit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from clinic import audit
from clinic.database import engine, transaction
from clinic.leads import LeadRequest, save_lead
from tests.web.console.conftest import Browser

Deeds = Callable[[], list[tuple[str, str]]]


def record(*subjects: str, action: str = "lead.noted", actor: str = "bot") -> None:
    with transaction() as session:
        for subject in subjects:
            audit.record(session, actor=actor, action=action, subject=subject)


def places(page: str) -> list[int]:
    return [int(place) for place in re.findall(r'<td class="place">(\d+)', page)]


def table(page: str) -> str:
    return page.partition('<table class="leads log">')[2]


@pytest.mark.parametrize("who", ["amira", "ben"])
@pytest.mark.parametrize("address", ["/staff/audit", "/staff/audit/export.csv"])
def test_only_admins_read_the_log(
    request: pytest.FixtureRequest, who: str, address: str, deeds: Deeds
) -> None:
    browser: Browser = request.getfixturevalue(who)

    assert browser.get(address).status_code == 403
    assert not [deed for deed, _ in deeds() if deed.startswith("audit.")]


def test_names_of_staff_stand_beside_the_numbers_that_the_log_holds(
    amira: Browser, chris: Browser
) -> None:
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="c", name="Zoë Example"))
    amira.get(f"/staff/leads/{lead.id}")

    page = table(chris.get("/staff/audit?action=lead.viewed").text)

    assert re.search(r"amira <span[^>]*>staff:1</span>", page)
    assert f'href="/staff/leads/{lead.id}"' in page
    assert "testclient" in page  # the address it was done from
    assert "Zoë" not in page


def test_looking_at_the_log_is_in_the_log(chris: Browser, deeds: Deeds) -> None:
    chris.get("/staff/audit")

    assert deeds()[-1] == ("audit.viewed", "audit")


def test_pages_go_back_to_the_first_entry_without_a_gap(chris: Browser) -> None:
    record(*(f"lead:{number}" for number in range(120)))

    found, address = [], "/staff/audit?action=lead.noted"
    for _ in range(3):
        page = chris.get(address).text
        found += places(page)
        older = re.search(r'href="([^"]+before=[^"]+)"', page)
        address = older[1].replace("&amp;", "&") if older else ""

    assert address == ""
    assert found == sorted(found, reverse=True)
    assert len(found) == len(set(found)) == 120


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("actor=visitor", 1),
        ("actor=staff:*&action=x.*", 1),
        ("action=x.one", 1),
        ("action=x.*", 3),
        ("action=x.%25", 0),
        ("subject=lead:7", 1),
        ("subject=lead:*&action=x.*", 2),
        ("subject=" + "a" * 32, 1),
        ("address=192.0.2.1", 0),
        ("since=2026-01-01&action=x.*", 3),
        ("until=2026-01-01", 0),
        ("since=&until=&actor=&action=x.*", 3),
    ],
)
def test_filters_leave_out_the_rest(chris: Browser, query: str, number: int) -> None:
    record("lead:7", action="x.one", actor="visitor")
    record("lead:8", action="x.two", actor="staff:77")
    record("note:8", action="x.three")
    record("lead:" + "a" * 32)

    assert len(places(chris.get(f"/staff/audit?{query}").text)) == number


def test_a_day_that_is_none_is_told_and_nothing_breaks(chris: Browser) -> None:
    answer = chris.get("/staff/audit?since=yesterday")

    assert answer.status_code == 422
    assert "write it like" in answer.text


def test_the_file_holds_what_the_filters_leave_and_no_name(chris: Browser, deeds: Deeds) -> None:
    record("lead:7", action="x.one", actor="staff:1")
    record("lead:8")

    answer = chris.get("/staff/audit/export.csv?action=x.*")

    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["actor"], row["subject"], len(row["hash"])) == ("staff:1", "lead:7", 64)
    assert "chris" not in answer.text
    assert deeds()[-1] == ("audit.exported", "audit")


def test_an_entry_that_was_changed_is_shown_in_red(chris: Browser) -> None:
    record("lead:7")
    _tamper("UPDATE audit SET subject = 'lead:8' WHERE subject = 'lead:7'")

    page = chris.get("/staff/audit").text

    assert "The log was tampered with" in page
    assert page.count("Does not fit") == 1


def test_the_whole_log_can_be_looked_through(chris: Browser) -> None:
    answer = chris.fill_in("/staff/audit", "/staff/audit/check")

    assert answer.headers["location"] == "/staff/audit?done=audit_whole"
    assert "by chris:\n      whole." in chris.get("/staff/audit").text

    record("lead:7", "lead:8")
    _tamper("DELETE FROM audit WHERE subject = 'lead:7'")
    answer = chris.fill_in("/staff/audit", "/staff/audit/check")

    assert "missing. it was deleted." in answer.text.lower()
    assert "not whole" in chris.get("/staff/audit").text


def _tamper(statement: str) -> None:
    with engine().begin() as connection:
        for trigger in ("every_entry", "every_word", "every_seal"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS audit_keeps_{trigger}"))
        connection.execute(text(statement))
