"""The list of leads: who comes first, and what is said when nobody waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clinic import leads
from clinic.clock import now
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import help_lines
from clinic.leads import LeadRequest, save_lead
from tests.web.console.conftest import Browser
from web.console import labels, lead_list


def waiting(
    name: str, *, urgency: int = 1, hours: float = 1, status: str = "new", outcome: str = "G"
) -> None:
    request = LeadRequest(conversation_id=name, name=name, urgency=urgency, outcome=outcome)
    with transaction() as session:
        lead = save_lead(session, request)
        lead.created_at = now() - timedelta(hours=hours)
        leads.set_status(session, lead, status, staff_id=1)


def in_order(page: str, *words: str) -> bool:
    places = [page.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def test_the_most_urgent_come_first_then_the_longest_waiting(amira: Browser) -> None:
    waiting("Normal Short", urgency=1, hours=1)
    waiting("Urgent", urgency=3, hours=0.1)
    waiting("Normal Long", urgency=1, hours=60)
    waiting("Contacted Soon", urgency=2, status="contacted")

    page = amira.get("/staff/leads").text

    assert in_order(page, "Urgent", "Contacted Soon", "Normal Long", "Normal Short")


def test_alarms_nobody_has_seen_are_above_every_lead(amira: Browser) -> None:
    waiting("Zoë Example", urgency=4)
    with transaction() as session:
        for key in ("1", "2"):
            record_crisis(session, conversation_id="one", message_key=key, category="suicide")
        record_crisis(session, conversation_id="two", message_key="1", category="overdose")

    page = amira.get("/staff/leads").text

    assert in_order(page, "/staff/crisis/3", "/staff/crisis/2", "Zoë Example")
    assert in_order(page, "Overdose", "Suicide", "2 messages")
    assert "<title>(2) " in page


def test_a_hint_is_no_alarm(amira: Browser) -> None:
    with transaction() as session:
        record_crisis(
            session, conversation_id="one", message_key="1", category="suicide", outcome="soft"
        )

    page = amira.get("/staff/leads").text

    assert "/staff/crisis/" not in page
    assert "Look at this first" not in page


def test_an_alarm_is_gone_from_the_top_once_it_was_opened(amira: Browser) -> None:
    with transaction() as session:
        for key in ("1", "2"):
            record_crisis(session, conversation_id="one", message_key=key, category="suicide")

    amira.get("/staff/crisis/2")

    assert "/staff/crisis/" not in amira.get("/staff/leads").text


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([0, 120], None),
        ([0, 121], "1 help line was not checked for 120 days"),
        ([None, 500], "2 help lines were not checked for 120 days"),
    ],
)
def test_help_lines_that_nobody_has_checked_are_told(
    amira: Browser, monkeypatch: pytest.MonkeyPatch, days: list[int | None], said: str | None
) -> None:
    today = now().astimezone(facts().zone).date()
    (line, *_) = help_lines("US")
    lines = [
        replace(line, verified_on=None if passed is None else today - timedelta(days=passed))
        for passed in days
    ]
    monkeypatch.setattr(lead_list, "help_lines", lambda country: lines)

    page = amira.get("/staff/leads").text

    assert ("python -m clinic doctor" in page) == (said is not None)
    assert said is None or said in " ".join(page.split())


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        ("", {"new", "contacted"}),
        ("todo", {"new", "contacted"}),
        ("new", {"new"}),
        ("contacted", {"contacted"}),
        ("booked", {"booked"}),
        ("closed", {"closed"}),
        ("all", {"new", "contacted", "booked", "closed"}),
        ("nonsense", {"new", "contacted"}),
    ],
)
def test_the_list_can_be_narrowed_to_a_status(amira: Browser, status: str, shown: set[str]) -> None:
    for each in leads.STATUSES:
        waiting(f"Visitor {each}", status=each)

    page = amira.get(f"/staff/leads?status={status}").text

    assert {each for each in leads.STATUSES if f"Visitor {each}" in page} == shown


def test_a_line_tells_urgency_outcome_status_waiting_and_callback_in_words(amira: Browser) -> None:
    request = LeadRequest(
        conversation_id="one", name="Zoë Example", urgency=2, outcome="X", wants_callback=True
    )
    with transaction() as session:
        save_lead(session, request).created_at = now() - timedelta(hours=5)

    page = amira.get("/staff/leads").text

    for words in ("Soon", labels.outcome("X"), "New", "5 h", "Wants a call"):
        assert words in page


def test_an_empty_list_is_kind(amira: Browser) -> None:
    assert "No one is waiting yet" in amira.get("/staff/leads").text

    waiting("Done", status="closed")

    assert "All done" in amira.get("/staff/leads").text
    assert "Nothing here" in amira.get("/staff/leads?status=booked").text


def test_a_list_that_is_cut_off_says_so(amira: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.inbox.MOST", 2)
    for number in range(3):
        waiting(f"Visitor {number}")

    assert "the 2 most urgent of 3" in amira.get("/staff/leads").text
