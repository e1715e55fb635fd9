"""Only admins erase, only on purpose, and what they erased is gone from every page."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest

from clinic import conversations, lead_export, retention
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import save_lead
from clinic.tables import CrisisEvent, Erasure, Lead
from tests.clinic.screened import SCORE_CODES, screened
from tests.web.console.conftest import Browser

Deeds = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def lead(database_url: str) -> Lead:
    with transaction() as session:
        conversations.add_message(
            session, "one", sender="visitor", key="k", content={"text": "<b>I am Zoë</b>"}
        )
        return save_lead(session, screened(name="Zoë <script>alert(1)</script>"))


@pytest.fixture
def event_id(database_url: str) -> int:
    """Words of crisis of somebody who left no request."""
    with transaction() as session:
        conversations.add_message(
            session, "nobody", sender="visitor", key="k", content={"text": "dark words"}
        )
        return record_crisis(
            session, conversation_id="nobody", message_key="k", category="suicide"
        ).id


def erase(browser: Browser, address: str, typed: str = "ERASE") -> int:
    return browser.fill_in(address, address, typed=typed).status_code


@pytest.mark.parametrize("who", ["amira", "ben"])
def test_others_find_no_way_to_erase_and_none_to_take_everything(
    request: pytest.FixtureRequest, lead: Lead, event_id: int, who: str
) -> None:
    browser: Browser = request.getfixturevalue(who)

    assert "/erase" not in browser.get(f"/staff/leads/{lead.id}").text
    assert "/erase" not in browser.get(f"/staff/crisis/{event_id}").text
    for page in (
        f"/staff/leads/{lead.id}/erase",
        f"/staff/leads/{lead.id}/everything.zip",
        f"/staff/crisis/{event_id}/erase",
    ):
        assert browser.get(page).status_code == 403
        assert browser.post(page, data={"typed": "ERASE"}).status_code in (403, 405)


def test_the_page_says_what_goes_and_what_stays_and_runs_no_script_of_a_visitor(
    chris: Browser, lead: Lead
) -> None:
    page = chris.get(f"/staff/leads/{lead.id}/erase").text

    assert "1 request:" in page
    assert "1 message of" in page
    assert "What stays" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("typed", ["", "yes", "ERAS", "x" * 101])
def test_without_the_word_nothing_is_erased(chris: Browser, lead: Lead, typed: str) -> None:
    assert erase(chris, f"/staff/leads/{lead.id}/erase", typed) in (404, 422)

    assert "Zoë" in chris.get(f"/staff/leads/{lead.id}").text


def test_with_the_word_the_person_is_gone(chris: Browser, lead: Lead, deeds: Deeds) -> None:
    assert f'href="/staff/leads/{lead.id}/erase"' in chris.get(f"/staff/leads/{lead.id}").text

    assert erase(chris, f"/staff/leads/{lead.id}/erase", " erase ") == 303

    page = chris.get(f"/staff/leads/{lead.id}?done=erased").text
    assert "has been erased" in page
    assert "Zoë" not in page
    assert "Zoë" not in chris.get("/staff/leads").text
    assert ("lead.erased", f"lead:{lead.id}") in deeds()
    assert chris.get(f"/staff/leads/{lead.id}/erase").status_code == 404
    assert chris.get(f"/staff/leads/{lead.id}/everything.zip").status_code == 404


def test_two_admins_at_once_erase_once(chris: Browser, lead: Lead, deeds: Deeds) -> None:
    address = f"/staff/leads/{lead.id}/erase"
    token = chris.get(address).text.partition('name="csrf" value="')[2].partition('"')[0]

    answers = [
        chris.post(address, data={"csrf": token, "typed": "ERASE"}).status_code for _ in range(2)
    ]

    assert answers == [303, 404]
    assert deeds().count(("lead.erased", f"lead:{lead.id}")) == 1


def test_a_conversation_without_a_request_can_be_erased_from_its_alarm(
    chris: Browser, event_id: int
) -> None:
    assert f"/staff/crisis/{event_id}/erase" in chris.get(f"/staff/crisis/{event_id}").text

    assert erase(chris, f"/staff/crisis/{event_id}/erase") == 303

    page = chris.get(f"/staff/crisis/{event_id}").text
    assert "dark words" not in page
    with transaction() as session:
        assert session.get(Erasure, "nobody") is not None
        assert session.get_one(CrisisEvent, event_id).category == "suicide"


def test_an_alarm_of_somebody_with_a_request_leads_to_that(chris: Browser, lead: Lead) -> None:
    with transaction() as session:
        event = record_crisis(session, conversation_id="one", message_key="k", category="suicide")

    answer = chris.get(f"/staff/crisis/{event.id}/erase")

    assert answer.headers["location"] == f"/staff/leads/{lead.id}/erase"


def test_everything_is_a_file_that_names_nobody_and_its_leaving_is_written_down(
    chris: Browser, lead: Lead, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_export, "score_codes", lambda: SCORE_CODES)

    answer = chris.get(f"/staff/leads/{lead.id}/everything.zip")

    assert answer.headers["content-disposition"] == (
        f'attachment; filename="everything-{lead.id[:8]}.zip"'
    )
    assert answer.headers["cache-control"] == "no-store"
    file = zipfile.ZipFile(io.BytesIO(answer.content))
    held = json.loads(file.read("everything.json"))
    assert held["conversations"][0]["said"][0]["text"] == "<b>I am Zoë</b>"
    assert deeds()[-1] == ("lead.exported", f"lead:{lead.id}")


def test_staff_see_which_open_requests_will_go(
    ben: Browser, lead: Lead, deeds: Deeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "kept_for", lambda: timedelta(days=30))
    assert "Nothing will be erased soon" in ben.get("/staff/expiring").text
    with transaction() as session:
        retention.warn_of(session, [lead.id])

    assert "1 open request</a> will be erased soon" in ben.get("/staff/leads").text
    page = ben.get("/staff/expiring").text

    assert "Zoë &lt;script" in page
    assert "almost 30 days" in page
    assert deeds()[-1] == ("leads.listed", "leads:expiring")
