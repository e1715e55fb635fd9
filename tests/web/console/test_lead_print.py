"""A lead on paper: everything, in the order of reading, and nothing to click."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.clock import now
from clinic.conversations import add_message
from clinic.database import transaction
from clinic.tables import Consent, Lead
from tests.web.console.conftest import Browser
from tests.web.console.lead_pages import keep, send

Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def lead(database_url: str) -> Lead:
    lead = keep()
    with transaction() as session:
        add_message(session, "one", sender="visitor", key="k", content={"text": "is it safe?"})
        session.add(
            Consent(
                conversation_id="one", questionnaire="screening", version="2", language="en",
                text="You may keep what I answer.",
            )
        )  # fmt: skip
    return lead


def in_order(page: str, *words: str) -> bool:
    places = [page.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_everything_comes_in_the_order_of_reading(ben: Browser, lead: Lead) -> None:
    send(ben, lead, "notes", text="Called, no answer")

    page = ben.get(f"/staff/leads/{lead.id}/print").text

    assert in_order(
        page, "Zoë Example", "+1 202-555-0143", "Weekday mornings", "To be called until",
        "Safety answers", "Clinician first", "alprazolam", "Moderately severe", "Depression; PTSD",
        "You may keep what I answer.", "is it safe?", "Timeline", "by the visitor",
        "Called, no answer",
    )  # fmt: skip


def test_nothing_is_folded_and_there_is_no_form_but_the_sign_out(ben: Browser, lead: Lead) -> None:
    page = ben.get(f"/staff/leads/{lead.id}/print").text

    assert page.count("<details") == page.count("<details open") + page.count(
        '<details class="score" open'
    )
    assert page.count("<form") == 1


def test_that_it_was_printed_is_written_down(ben: Browser, lead: Lead, deeds: Deeds) -> None:
    ben.get(f"/staff/leads/{lead.id}/print")

    assert ("lead.printed", f"lead:{lead.id}") in deeds()


def test_the_page_of_the_lead_shows_the_consent_folded_and_the_due_time(
    ben: Browser, lead: Lead
) -> None:
    page = ben.get(f"/staff/leads/{lead.id}").text

    assert "version 2 (en)" in page
    assert in_order(page, "<summary>The words</summary>", "You may keep what I answer.")
    assert in_order(page, 'class="label due"', "Due in")


def test_of_who_was_erased_only_the_log_is_left(ben: Browser, lead: Lead) -> None:
    with transaction() as session:
        session.get_one(Lead, lead.id).erased_at = now()

    page = ben.get(f"/staff/leads/{lead.id}")

    assert page.status_code == 200
    assert "This person was erased" in page.text
    assert "Came in" in page.text
    assert "<form" not in page.text.split("<main")[1]
    assert ben.get(f"/staff/leads/{lead.id}/print").status_code == 404
    csrf = {"csrf": page.text.split('name="csrf" value="')[1].split('"')[0]}
    assert ben.post(f"/staff/leads/{lead.id}/notes", data=csrf).status_code == 404
