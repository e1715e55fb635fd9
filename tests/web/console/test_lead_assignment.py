"""Whose lead it is, on the page: taken, given, put back, and who was faster."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic.clock import now
from clinic.database import transaction
from clinic.tables import Lead, Staff
from tests.web.console.conftest import Browser
from tests.web.console.lead_pages import drawn, keep, kept, send


@pytest.fixture
def lead(database_url: str) -> Lead:
    return keep()


def number_of(username: str) -> int:
    with transaction() as session:
        return session.scalars(select(Staff.id).where(Staff.username == username)).one()


def test_a_lead_is_taken_and_put_back(ben: Browser, lead: Lead) -> None:
    answer = send(ben, lead, "assignee", to="me")
    page = ben.get(answer.headers["location"]).text
    assert "<strong>ben (you)</strong>" in page

    answer = send(ben, lead, "assignee", to="")

    assert "nobody has it now" in ben.get(answer.headers["location"]).text
    assert kept(lead).assignee_id is None


def test_a_lead_is_given_to_a_colleague(amira: Browser, ben: Browser, lead: Lead) -> None:
    answer = send(ben, lead, "assignee", to=str(number_of("amira")))

    page = ben.get(answer.headers["location"]).text
    assert "<strong>amira</strong>" in page
    assert "Given to amira" in page


def test_of_two_who_take_it_one_is_told_who_has_it(
    amira: Browser, ben: Browser, lead: Lead
) -> None:
    fields = drawn(ben, lead)
    send(amira, lead, "assignee", to="me")

    answer = ben.post(f"/staff/leads/{lead.id}/assignee", data={**fields, "to": "me"})

    assert answer.status_code == 409
    assert "<strong>amira</strong> has this lead now" in answer.text
    assert kept(lead).assignee_id == number_of("amira")


def test_whoever_knows_who_has_it_may_take_it_over(
    amira: Browser, ben: Browser, lead: Lead
) -> None:
    send(amira, lead, "assignee", to="me")

    send(ben, lead, "assignee", to="me")

    assert kept(lead).assignee_id == number_of("ben")


def test_a_colleague_who_left_is_named_so_and_gets_nothing(
    amira: Browser, ben: Browser, lead: Lead
) -> None:
    gone = number_of("amira")
    send(amira, lead, "assignee", to="me")
    with transaction() as session:
        session.get_one(Staff, gone).deactivated_at = now()

    assert "amira (former colleague)" in ben.get(f"/staff/leads/{lead.id}").text
    send(ben, lead, "assignee", to="")
    assert send(ben, lead, "assignee", to=str(gone)).status_code == 403


@pytest.mark.parametrize("to", ["-1", "you", "9" * 12, "4711"])
def test_nobody_who_cannot_be_is_given_a_lead(ben: Browser, lead: Lead, to: str) -> None:
    assert send(ben, lead, "assignee", to=to).status_code in (403, 404)
    assert kept(lead).assignee_id is None
