"""Staff move a lead along; the slower of two sees what the other did, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from clinic.tables import Lead
from tests.clinic.screened import screened
from tests.web.console.conftest import Browser
from tests.web.console.lead_pages import drawn, keep, kept, send

Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def lead(database_url: str) -> Lead:
    return keep()


def test_a_status_is_changed_and_written_down(amira: Browser, lead: Lead, deeds: Deeds) -> None:
    answer = send(amira, lead, "status", status="contacted")

    assert answer.status_code == 303
    page = amira.get(answer.headers["location"]).text
    assert "The status has been changed" in page
    assert 'value="contacted" aria-pressed="true"' in page
    assert ("lead.contacted", f"lead:{lead.id}") in deeds()


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [("booked", "first_visit", "First visit"), ("closed", "cost", "Cost")],
)
def test_a_lead_is_booked_or_closed_with_a_reason(
    ben: Browser, lead: Lead, status: str, reason: str, words: str
) -> None:
    answer = send(ben, lead, "status", status=status, reason=reason)

    page = ben.get(answer.headers["location"]).text
    assert f'<span class="reason">{words}</span>' in page
    assert f'<option value="{reason}" selected>{words}</option>' in page


@pytest.mark.parametrize("status", ["booked", "closed"])
def test_without_a_reason_it_is_asked_for(ben: Browser, lead: Lead, status: str) -> None:
    answer = send(ben, lead, "status", status=status)

    assert answer.status_code == 422
    assert "Please choose why." in answer.text
    assert kept(lead).status == "new"


@pytest.mark.parametrize(("status", "reason"), [("deleted", ""), ("closed", "first_visit")])
def test_what_is_not_offered_changes_nothing(
    ben: Browser, lead: Lead, status: str, reason: str
) -> None:
    assert send(ben, lead, "status", status=status, reason=reason).status_code == 403
    assert kept(lead).status == "new"


def test_the_slower_of_two_sees_what_the_other_did(
    amira: Browser, ben: Browser, lead: Lead
) -> None:
    fields = drawn(ben, lead)
    send(amira, lead, "status", status="booked", reason="first_visit")

    answer = ben.post(
        f"/staff/leads/{lead.id}/status", data={**fields, "status": "closed", "reason": "cost"}
    )

    assert answer.status_code == 409
    assert "Booked: First visit" in answer.text
    assert "by amira" in answer.text
    assert "Closed, cost" in answer.text
    assert kept(lead).status == "booked"


def test_whoever_has_seen_it_can_make_the_change_all_the_same(
    amira: Browser, ben: Browser, lead: Lead
) -> None:
    before = drawn(ben, lead)
    send(amira, lead, "status", status="contacted")
    wanted = {"status": "closed", "reason": "cost"}
    asked = ben.post(f"/staff/leads/{lead.id}/status", data={**before, **wanted}).text
    seen = asked.split('name="seen" value="')[1].split('"')[0]

    answer = ben.post(f"/staff/leads/{lead.id}/status", data={**before, **wanted, "seen": seen})

    assert answer.status_code == 303
    assert kept(lead).status_reason == "cost"


def test_what_the_visitor_sent_meanwhile_is_seen_before_the_lead_is_closed(
    ben: Browser, lead: Lead
) -> None:
    fields = drawn(ben, lead)
    with transaction() as session:
        save_lead(session, screened(summary=[["Age", "44"]]))

    answer = ben.post(
        f"/staff/leads/{lead.id}/status", data={**fields, "status": "closed", "reason": "spam"}
    )

    assert answer.status_code == 409
    assert "Sent more" in answer.text
    assert kept(lead).status == "new"


def test_a_note_and_a_look_are_in_nobodys_way(amira: Browser, ben: Browser, lead: Lead) -> None:
    fields = drawn(ben, lead)
    send(amira, lead, "notes", text="Called, no answer")

    answer = ben.post(f"/staff/leads/{lead.id}/status", data={**fields, "status": "contacted"})

    assert answer.status_code == 303


def test_a_call_is_logged_with_one_click(ben: Browser, lead: Lead) -> None:
    answer = send(ben, lead, "calls", outcome="no_answer")

    page = ben.get(answer.headers["location"]).text
    assert "Your call has been written down" in page
    assert "1 call so far" in page
    assert "Called: no answer." in page
    assert kept(lead).status == "new"


def test_who_was_reached_is_contacted(ben: Browser, lead: Lead) -> None:
    send(ben, lead, "calls", outcome="reached")

    assert kept(lead).status == "contacted"


def test_a_call_that_cannot_be_is_refused(ben: Browser, lead: Lead) -> None:
    assert send(ben, lead, "calls", outcome="shouted").status_code == 403


def test_a_clinician_judges_the_triage_and_takes_it_back(amira: Browser, lead: Lead) -> None:
    answer = send(amira, lead, "verdict", verdict="too_high")
    page = amira.get(answer.headers["location"]).text
    assert 'value="" aria-pressed="true">Too high' in page

    send(amira, lead, "verdict", verdict="")

    assert kept(lead).triage_verdict is None


def test_the_front_desk_reads_the_verdict_and_gives_none(
    amira: Browser, ben: Browser, lead: Lead
) -> None:
    send(amira, lead, "verdict", verdict="right")

    assert "A clinician judged this: right." in ben.get(f"/staff/leads/{lead.id}").text
    assert send(ben, lead, "verdict", verdict="too_low").status_code == 403
    assert kept(lead).triage_verdict == "right"


def test_a_verdict_on_nothing_is_refused(amira: Browser) -> None:
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="two", name="Sam"))

    assert send(amira, lead, "verdict", verdict="right").status_code == 403


@pytest.mark.parametrize("form", ["status", "notes", "calls", "verdict", "assignee", "part"])
def test_a_form_of_another_website_changes_nothing(
    amira: Browser, lead: Lead, deeds: Deeds, form: str
) -> None:
    fields = {
        "status": "contacted", "text": "planted", "outcome": "reached", "verdict": "right",
        "to": "me", "other": "0" * 32, "csrf": "guessed",
    }  # fmt: skip
    before = deeds()

    assert amira.post(f"/staff/leads/{lead.id}/{form}", data=fields).status_code == 403
    assert deeds() == before


@pytest.mark.parametrize("form", ["status", "notes", "calls", "verdict", "assignee", "part"])
def test_a_stranger_changes_nothing(stranger: Browser, lead: Lead, form: str) -> None:
    answer = stranger.post(f"/staff/leads/{lead.id}/{form}", data={"other": "0" * 32})

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/staff/login")
