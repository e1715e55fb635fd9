"""The clinical summary: one page with what matters first, and the same parts on the lead's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from clinic.tables import Lead
from tests.clinic.screened import CLINICAL, LOINC, coded, medicine, response, score, screened
from tests.web.console.conftest import Browser

Deeds = Callable[[], list[tuple[str, str]]]
PLANTED = '"><script>alert(1)</script>'


def keep(**changes: Any) -> Lead:
    with transaction() as session:
        return save_lead(session, screened(**changes))


@pytest.fixture
def lead(database_url: str) -> Lead:
    return keep()


def in_order(page: str, *words: str) -> bool:
    places = [page.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_the_summary_tells_what_matters_first(amira: Browser, lead: Lead) -> None:
    page = amira.get(f"/staff/leads/{lead.id}/summary").text

    assert in_order(
        page,
        "Zoë Example",
        "Urgent",
        "43 years",
        "Maryland",
        "+1 202-555-0143",
        "Best time: Weekday mornings",
        "Agreed to version 2 of the consent (en)",
        "Safety answers",
        "Several days",
        "Clinician first",
        "you gave a blood pressure of 150/95",
        "x_numbers",
        "alprazolam",
        "May weaken the effect.",
        "the blue heart pill",
        "fluoxetine",
        "You said normal, and 150 over 95.",
        "Liver; Pregnancy and breastfeeding",
        "Moderately severe",
        "Nearly every day",
        "Depression; PTSD",
        "Not a diagnosis. Sorted by fixed rules (ruleset 2, questionnaire 2, medicines 1). "
        "A clinician decides.",
    )


def test_a_score_with_a_gap_says_so_and_has_no_total(amira: Browser, lead: Lead) -> None:
    page = amira.get(f"/staff/leads/{lead.id}/summary").text

    assert "no total: 1 of 2 answered" in page
    assert "None" not in page


def test_the_page_of_the_lead_shows_the_same_and_leads_to_the_files(
    amira: Browser, lead: Lead
) -> None:
    page = amira.get(f"/staff/leads/{lead.id}").text

    for words in (
        "Safety answers",
        "Clinician first",
        "Moderately severe",
        "alprazolam",
        "Review</span>",
        "the blue heart pill",
        "Skipped, or not sure: Liver",
        "You said normal, and 150 over 95.",
    ):
        assert words in page
    for ending in ("summary", "export.fhir.json", "export.csv", "export.jsonl"):
        assert f'href="/staff/leads/{lead.id}/{ending}"' in page


def test_a_medicine_is_shown_as_understood_and_as_typed(amira: Browser, lead: Lead) -> None:
    page = amira.get(f"/staff/leads/{lead.id}/summary").text

    assert "typed “zolft”, spelling mended" in page
    assert in_order(page, "<strong>lithium</strong>", "Not taken now")


def test_every_look_at_the_summary_is_in_the_audit_log(
    amira: Browser, lead: Lead, deeds: Deeds
) -> None:
    amira.get(f"/staff/leads/{lead.id}/summary")

    assert deeds()[-1] == ("lead.viewed", f"lead:{lead.id}")


def test_words_of_crisis_are_on_the_summary_too(amira: Browser, lead: Lead) -> None:
    with transaction() as session:
        record_crisis(session, conversation_id="one", message_key="1", category="suicide")

    page = amira.get(f"/staff/leads/{lead.id}/summary").text

    assert in_order(page, "Words of crisis were heard", "Suicide", "Clinician first")


def test_without_thoughts_of_death_nothing_is_said_about_safety(
    amira: Browser, database_url: str
) -> None:
    calm = coded("phq9_9", "Better off dead", ("LA6568-5", "Not at all"), system=LOINC)
    lead = keep(response=response(calm))

    for address in (f"/staff/leads/{lead.id}", f"/staff/leads/{lead.id}/summary"):
        assert "Safety answers" not in amira.get(address).text


@pytest.mark.parametrize("old", [{"clinical": None}, {"clinical": None, "response": None}])
def test_a_lead_of_the_first_release_is_still_a_page(
    amira: Browser, database_url: str, old: dict[str, Any]
) -> None:
    lead = keep(**old)

    for address in (f"/staff/leads/{lead.id}", f"/staff/leads/{lead.id}/summary"):
        answer = amira.get(address)
        assert answer.status_code == 200
        assert "Clinician first" in answer.text
        assert "Medicines" not in answer.text


def test_a_callback_request_has_a_summary_without_a_screening(amira: Browser) -> None:
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="two", name="Sam"))

    page = amira.get(f"/staff/leads/{lead.id}/summary").text

    assert "only asked to be contacted" in page
    assert "Sam" in page


def test_nothing_a_visitor_typed_becomes_part_of_the_page(
    amira: Browser, database_url: str
) -> None:
    reason = {"rule": PLANTED, "code": PLANTED, "text": PLANTED}
    lead = keep(
        name=PLANTED,
        phone=PLANTED,
        email=f"a@example.org{PLANTED}",
        contact={PLANTED: PLANTED},
        triage={"code": "X", "label": PLANTED, "text": PLANTED, "reasons": [reason]},
        summary=[[PLANTED, PLANTED]],
        response=response(
            coded("age", PLANTED, (PLANTED, PLANTED)),
            coded("state", PLANTED, (PLANTED, PLANTED)),
            coded("phq9_9", PLANTED, (PLANTED, PLANTED)),
        ),
        clinical={
            **CLINICAL,
            "scores": [score(PLANTED, PLANTED, 3, PLANTED)],
            "medicines": [medicine(PLANTED, PLANTED, note=PLANTED), medicine(PLANTED, None)],
            "tried": [medicine(PLANTED, None)],
            "kept_contradictions": [{"id": PLANTED, "text": PLANTED}],
            "missing": [PLANTED],
            "consent": {"version": PLANTED, "language": PLANTED, "at": None},
            "ruleset": PLANTED,
        },
    )

    for address in (f"/staff/leads/{lead.id}", f"/staff/leads/{lead.id}/summary"):
        page = amira.get(address).text
        assert "<script>" not in page.lower()
        assert page.count("&lt;script&gt;") > 10


def test_the_title_names_nobody(amira: Browser, lead: Lead) -> None:
    page = amira.get(f"/staff/leads/{lead.id}/summary").text

    assert "<title>Clinical summary · Front desk</title>" in page
