"""Maybe the same person: shown, compared, merged, parted; and nothing is lost on the way."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from clinic.conversations import add_message
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.tables import Lead
from tests.web.console.conftest import Browser
from tests.web.console.lead_pages import PLANTED, keep, kept, send

Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def one(database_url: str) -> Lead:
    lead = keep("one", name="Zoë Example", email=None)
    with transaction() as session:
        add_message(session, "one", sender="visitor", key="k", content={"text": "first words"})
    return lead


@pytest.fixture
def other(database_url: str) -> Lead:
    lead = keep("other", name="Zoe E.", urgency=4, contact={"Best time": "Sundays"})
    with transaction() as session:
        add_message(session, "other", sender="visitor", key="k", content={"text": "later words"})
    return lead


def merge(browser: Browser, one: Lead, other: Lead, stays: Lead) -> None:
    answer = browser.fill_in(
        f"/staff/leads/{one.id}/merge/{other.id}",
        f"/staff/leads/{one.id}/merge",
        other=other.id,
        stays=stays.id,
    )
    assert answer.status_code == 303, answer.text


def test_a_lead_with_the_same_number_is_shown_with_what_agrees(
    ben: Browser, one: Lead, other: Lead
) -> None:
    page = ben.get(f"/staff/leads/{one.id}").text

    assert "Maybe the same person" in page
    assert "same phone number" in page
    assert f'href="/staff/leads/{one.id}/merge/{other.id}"' in page


def test_nobody_else_is_no_card(ben: Browser, one: Lead) -> None:
    assert "Maybe the same person" not in ben.get(f"/staff/leads/{one.id}").text


def test_both_stand_side_by_side_before_they_are_merged(
    ben: Browser, one: Lead, other: Lead, deeds: Deeds
) -> None:
    page = ben.get(f"/staff/leads/{one.id}/merge/{other.id}").text

    for words in ("Zoë Example", "Zoe E.", "the same</span>", "Which one stays"):
        assert words in page
    assert ("lead.viewed", f"lead:{other.id}") in deeds()


def test_the_one_that_stays_shows_everything_of_both(ben: Browser, one: Lead, other: Lead) -> None:
    send(ben, other, "notes", text="A note on the other")

    merge(ben, one, other, stays=one)

    page = ben.get(f"/staff/leads/{one.id}").text
    for words in (
        "first words", "later words", "A note on the other", "zoe@example.org", "Also this person",
        "At once", "Merged with another request",
    ):  # fmt: skip
        assert words in page, words


def test_the_merged_one_opens_the_one_that_stayed(ben: Browser, one: Lead, other: Lead) -> None:
    merge(ben, one, other, stays=one)

    answer = ben.get(f"/staff/leads/{other.id}")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/leads/{one.id}?done=is_merged"


def test_a_note_for_the_merged_one_is_not_lost(ben: Browser, one: Lead, other: Lead) -> None:
    merge(ben, one, other, stays=one)

    ben.fill_in(f"/staff/leads/{one.id}", f"/staff/leads/{other.id}/notes", text="Came too late")

    assert "Came too late" in ben.get(f"/staff/leads/{one.id}").text


def test_a_status_for_the_merged_one_shows_first_that_it_was_merged(
    ben: Browser, one: Lead, other: Lead
) -> None:
    merge(ben, one, other, stays=one)

    answer = ben.fill_in(
        f"/staff/leads/{one.id}", f"/staff/leads/{other.id}/status", status="contacted", seen="0"
    )

    assert answer.status_code == 409
    assert "Merged with another request" in answer.text


def test_parting_brings_both_back(ben: Browser, one: Lead, other: Lead) -> None:
    merge(ben, one, other, stays=one)

    answer = send(ben, one, "part", other=other.id)

    assert "They are two leads again" in ben.get(answer.headers["location"]).text
    assert ben.get(f"/staff/leads/{other.id}").status_code == 200
    assert "later words" not in ben.get(f"/staff/leads/{one.id}").text


def test_parting_twice_is_told_kindly(ben: Browser, one: Lead, other: Lead) -> None:
    merge(ben, one, other, stays=one)
    send(ben, one, "part", other=other.id)

    answer = send(ben, one, "part", other=other.id)

    assert "They were parted already" in ben.get(answer.headers["location"]).text


def test_the_one_that_is_done_with_cannot_stay(ben: Browser, one: Lead, other: Lead) -> None:
    send(ben, one, "status", status="closed", reason="cost")
    page = ben.get(f"/staff/leads/{one.id}/merge/{other.id}").text
    assert "The other one is done with" in page

    answer = ben.fill_in(
        f"/staff/leads/{one.id}/merge/{other.id}",
        f"/staff/leads/{one.id}/merge",
        other=other.id,
        stays=one.id,
    )

    assert answer.status_code == 409
    assert "could not be merged" in answer.text
    assert kept(other).merged_into is None


def test_merging_what_was_merged_already_leads_to_it(ben: Browser, one: Lead, other: Lead) -> None:
    merge(ben, one, other, stays=one)

    answer = ben.get(f"/staff/leads/{one.id}/merge/{other.id}")

    assert answer.headers["location"] == f"/staff/leads/{one.id}?done=is_merged"


def test_a_form_of_another_website_merges_nothing(ben: Browser, one: Lead, other: Lead) -> None:
    fields = {"csrf": "guessed", "other": other.id, "stays": one.id}

    assert ben.post(f"/staff/leads/{one.id}/merge", data=fields).status_code == 403
    assert kept(other).merged_into is None


def test_a_lead_is_not_merged_with_itself_or_with_nobody(ben: Browser, one: Lead) -> None:
    page = f"/staff/leads/{one.id}"

    itself = ben.fill_in(page, f"{page}/merge", other=one.id, stays=one.id)
    nobody = ben.fill_in(page, f"{page}/merge", other="0" * 32, stays=one.id)

    assert (itself.status_code, nobody.status_code) == (403, 404)


def test_nothing_a_visitor_typed_becomes_part_of_the_pages(ben: Browser) -> None:
    said = {"name": PLANTED, "email": f"a@example.org{PLANTED}", "contact": {PLANTED: PLANTED}}
    one, other = keep("one", **said), keep("other", **said)

    pages = [ben.get(f"/staff/leads/{one.id}/merge/{other.id}").text]
    merge(ben, one, other, stays=one)
    pages += [ben.get(f"/staff/leads/{one.id}{rest}").text for rest in ("", "/print")]

    for page in pages:
        assert "<script>" not in page
        assert "&lt;script&gt;" in page


def test_words_of_crisis_in_any_conversation_are_on_the_summary(
    ben: Browser, one: Lead, other: Lead
) -> None:
    with transaction() as session:
        record_crisis(session, conversation_id="other", message_key="1", category="suicide")
    merge(ben, one, other, stays=one)

    for lead in (one, other):
        page = ben.get(f"/staff/leads/{lead.id}/summary").text
        assert "Words of crisis were heard in one of this person’s conversations" in page


def test_the_summary_of_a_merged_request_shows_that_request_and_where_it_went(
    ben: Browser, one: Lead, other: Lead, deeds: Deeds
) -> None:
    merge(ben, one, other, stays=one)

    page = ben.get(f"/staff/leads/{other.id}/summary").text

    assert "<h1>Zoe E.</h1>" in page
    assert "Sundays" in page
    assert "Merged into" in page
    assert f'href="/staff/leads/{one.id}"' in page
    assert f'href="/staff/leads/{one.id}/summary"' in page
    assert deeds()[-1] == ("lead.viewed", f"lead:{other.id}")


def test_the_lead_that_stays_and_its_summary_lead_to_each_request(
    amira: Browser, ben: Browser, one: Lead, other: Lead
) -> None:
    merge(ben, one, other, stays=one)

    summary = amira.get(f"/staff/leads/{one.id}/summary").text
    page = amira.get(f"/staff/leads/{one.id}").text

    assert f'href="/staff/leads/{other.id}/summary"' in summary
    assert "Merged into" not in summary
    for ending in ("summary", "export.fhir.json", "export.csv", "export.jsonl"):
        assert f'href="/staff/leads/{one.id}/{ending}"' in page
        assert f'href="/staff/leads/{other.id}/{ending}"' in page
    assert f'href="/staff/leads/{other.id}/export' not in ben.get(f"/staff/leads/{one.id}").text


@pytest.mark.parametrize("ending", ["fhir.json", "csv", "jsonl"])
def test_the_file_of_a_merged_request_holds_that_request(
    amira: Browser, one: Lead, other: Lead, deeds: Deeds, ending: str
) -> None:
    merge(amira, one, other, stays=one)

    answer = amira.get(f"/staff/leads/{other.id}/export.{ending}")

    assert "Zoe E." in answer.text
    assert "Zoë" not in answer.text
    assert deeds()[-1] == ("lead.exported", f"lead:{other.id}")


def test_the_spreadsheet_says_into_which_lead_a_request_was_merged(
    amira: Browser, one: Lead, other: Lead
) -> None:
    merge(amira, one, other, stays=one)

    answer = amira.get(f"/staff/leads/{other.id}/export.csv")

    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["merged_into"] == one.id
