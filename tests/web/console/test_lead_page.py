"""One lead: everything staff need for the call, and nothing a visitor could plant."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.conversations import add_message
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from clinic.tables import Lead
from tests.web.console.conftest import Browser

Deeds = Callable[[], list[tuple[str, str]]]
PLANTED = '"><script>alert(1)</script>'
SCREENED = LeadRequest(
    conversation_id="one",
    name="Zoë Example",
    phone="+12025550143",
    email="zoe@example.org",
    contact={"Best time": "Weekday mornings"},
    urgency=2,
    outcome="X",
    triage={
        "code": "X",
        "label": "Hold: clinician first",
        "text": "A clinician looks first.",
        "ruleset": "2026-11",
        "reasons": [{"rule": "bp", "text": "you mentioned high blood pressure"}],
    },
    summary=[["Blood pressure", "High, not controlled"]],
    response={"resourceType": "QuestionnaireResponse"},
)


@pytest.fixture
def lead(database_url: str) -> Lead:
    with transaction() as session:
        return save_lead(session, SCREENED)


def test_the_page_shows_what_staff_need_for_the_call(amira: Browser, lead: Lead) -> None:
    page = amira.get(f"/staff/leads/{lead.id}").text

    assert 'href="tel:+12025550143"' in page
    assert 'href="mailto:zoe@example.org"' in page
    for words in (
        "Zoë Example",
        "+1 202-555-0143",
        "Soon",
        "Hold: clinician first",
        "you mentioned high blood pressure",
        "A clinician looks first.",
        "2026-11",
        "Blood pressure",
        "High, not controlled",
        "Weekday mornings",
    ):
        assert words in page


def test_reasons_come_before_the_answers(amira: Browser, lead: Lead) -> None:
    page = amira.get(f"/staff/leads/{lead.id}").text

    assert page.index("you mentioned high blood pressure") < page.index("High, not controlled")


def test_every_look_is_in_the_audit_log(amira: Browser, lead: Lead, deeds: Deeds) -> None:
    amira.get(f"/staff/leads/{lead.id}")

    assert deeds()[-1] == ("lead.viewed", f"lead:{lead.id}")


def test_a_plain_callback_request_has_no_triage(amira: Browser) -> None:
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="two", name="Sam"))

    page = amira.get(f"/staff/leads/{lead.id}").text

    assert "only asked to be contacted" in page
    assert "Screening</h2>" not in page


def test_the_transcript_shows_who_said_what(amira: Browser, lead: Lead) -> None:
    with transaction() as session:
        for sender, text, payload in (
            ("visitor", "is it safe?", None),
            ("bot", "Please call 988.", {"type": "crisis", "category": "suicide"}),
            ("staff", "This is Amira.", None),
            ("bot", "", {"type": "something new"}),
        ):
            content = {"text": text, "payload": payload}
            add_message(session, "one", sender=sender, key="k", content=content)

    page = amira.get(f"/staff/leads/{lead.id}").text

    for words in ("Visitor", "is it safe?", "Help lines shown: Suicide", "Clinic team"):
        assert words in page


def test_a_lead_with_words_of_crisis_says_so(amira: Browser, lead: Lead) -> None:
    with transaction() as session:
        event = record_crisis(
            session, conversation_id="one", message_key="1", category="domestic_violence"
        )

    page = amira.get(f"/staff/leads/{lead.id}").text

    assert "Words of crisis were heard" in page
    assert "Domestic violence" in page
    assert f"/staff/crisis/{event.id}" in page


def test_a_lead_with_a_hint_says_check_in_and_raises_no_alarm(amira: Browser, lead: Lead) -> None:
    with transaction() as session:
        event = record_crisis(
            session, conversation_id="one", message_key="1", category="suicide", outcome="soft"
        )

    page = amira.get(f"/staff/leads/{lead.id}").text

    assert "Check-in: Suicide" in page
    assert f"/staff/crisis/{event.id}" in page
    assert "Words of crisis were heard" not in page


def test_nothing_a_visitor_typed_becomes_part_of_the_page(amira: Browser) -> None:
    request = LeadRequest(
        conversation_id="planted",
        name=PLANTED,
        phone=PLANTED,
        email=f"a?cc=b@example.org{PLANTED}",
        contact={PLANTED: PLANTED},
        triage={"text": PLANTED, "ruleset": PLANTED, "reasons": [PLANTED]},
        outcome="X",
        summary=[[PLANTED, PLANTED]],
        response={},
    )
    with transaction() as session:
        lead = save_lead(session, request)
        add_message(session, "planted", sender="visitor", key="k", content={"text": PLANTED})
        record_crisis(session, conversation_id="planted", message_key="1", category=PLANTED[:30])
    amira.fill_in(f"/staff/leads/{lead.id}", f"/staff/leads/{lead.id}/notes", text=PLANTED)

    pages = [
        amira.get(address).text
        for address in (f"/staff/leads/{lead.id}", "/staff/leads", "/staff/crisis/1")
    ]

    for page in pages:
        assert "<script>" not in page.lower()
        assert "&lt;script&gt;" in page
    assert "mailto:a?cc" not in pages[0]


def test_a_note_is_kept_with_its_author(amira: Browser, lead: Lead, deeds: Deeds) -> None:
    address = f"/staff/leads/{lead.id}"

    answer = amira.fill_in(address, f"{address}/notes", text="  Called,\nno answer.  ")

    page = amira.get(answer.headers["location"]).text
    assert '<p class="said">Called,\nno answer.</p>' in page
    assert "amira, " in page
    assert ("lead.noted", f"lead:{lead.id}") in deeds()


@pytest.mark.parametrize(("text", "problem"), [(" \n ", "write something"), ("x" * 4001, "4,001")])
def test_a_note_that_cannot_be_kept_is_not_lost(
    amira: Browser, lead: Lead, text: str, problem: str
) -> None:
    address = f"/staff/leads/{lead.id}"

    answer = amira.fill_in(address, f"{address}/notes", text=text)

    assert answer.status_code == 422
    assert problem in answer.text
    assert text in answer.text
