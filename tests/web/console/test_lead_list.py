"""The list of leads: who comes first, and what is said when nobody waits."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import conversations, inbox, lead_statuses, leads
from clinic.clock import now
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.facts import facts
from clinic.help_lines import help_lines
from clinic.leads import LeadRequest, save_lead
from clinic.tables import Handoff, Lead, Staff
from tests.web.console.conftest import Browser
from web.console import labels, lead_list


def waiting(
    name: str,
    *,
    urgency: int = 1,
    hours: float = 1,
    status: str = "new",
    outcome: str = "G",
    due_in: float | None = None,
) -> None:
    request = LeadRequest(conversation_id=name, name=name, urgency=urgency, outcome=outcome)
    with transaction() as session:
        lead = save_lead(session, request)
        lead.created_at = now() - timedelta(hours=hours)
        # A minute more: a moment passes until the page is made.
        lead.due_at = now() + timedelta(hours=due_in, minutes=1) if due_in else None
        leads.set_status(session, lead, status, staff_id=1)


def link(page: str, beside: str) -> str:
    """The address of the first link that has these words in it or right behind it."""
    found = next(tag for tag in re.findall(r"<a [^>]*>(?:[^<]*</a>)?", page) if beside in tag)
    return html.unescape(re.findall(r'href="([^"]+)"', found)[0])


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


def test_of_very_many_alarms_the_newest_are_shown_and_the_others_counted(
    amira: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_ALARMS", 2)
    with transaction() as session:
        for number in range(5):
            record_crisis(
                session, conversation_id=f"c{number}", message_key="1", category="suicide"
            )

    page = " ".join(amira.get("/staff/leads").text.split())

    assert re.findall(r"/staff/crisis/(\d)", page) == ["5", "4"]
    assert "in 5 conversations" in page
    assert "and 3 more" in page
    assert "<title>(5) " in page


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
    for each in lead_statuses.STATUSES:
        waiting(f"Visitor {each}", status=each)

    page = amira.get(f"/staff/leads?status={status}").text

    assert {each for each in lead_statuses.STATUSES if f"Visitor {each}" in page} == shown


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


def test_a_page_leads_to_the_next_and_back(amira: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.inbox_pages.ON_A_PAGE", 2)
    for number in range(3):
        waiting(f"Visitor {number}", hours=9 - number)

    first = amira.get("/staff/leads").text
    second = amira.get(link(first, 'rel="next"')).text

    assert "Visitor 1" in first
    assert "Visitor 2" not in first
    assert "Visitor 2" in second
    assert "Visitor 1" not in second
    assert "Back to the first" in second


def test_a_made_up_place_shows_the_beginning(amira: Browser) -> None:
    waiting("Visitor")

    assert "Visitor" in amira.get("/staff/leads?after=u-9-nonsense").text


def test_who_should_have_been_called_is_late_in_words_and_counted_on_top(amira: Browser) -> None:
    waiting("Late Visitor", due_in=-3.1)
    waiting("Visitor in Time", due_in=2.5)
    waiting("Called Visitor", due_in=-3, status="contacted")

    page = amira.get("/staff/leads").text
    late = amira.get("/staff/leads?late=1").text

    assert page.count("late by 3 h") == 1
    assert "due in 2 h" in page
    assert 'Late <span class="number">1</span>' in page
    assert "Late Visitor" in late
    assert "Visitor in Time" not in late


def test_nobody_late_is_no_tab(amira: Browser) -> None:
    waiting("Visitor in Time", due_in=2)

    assert "all-late" not in amira.get("/staff/leads").text


def test_each_filter_that_is_on_can_be_taken_away_alone(amira: Browser) -> None:
    waiting("Wanted", urgency=3, outcome="X")
    waiting("Calm", urgency=1, outcome="X")
    waiting("Other", urgency=3, outcome="G")

    page = amira.get("/staff/leads?urgency=3&reason=X").text
    chips = page[page.index('class="chips"') :]
    without_urgency = amira.get(link(chips, "chip-urgency")).text

    assert "Wanted" in page
    assert "Calm" not in page
    assert "Calm" in without_urgency
    assert "Other" not in without_urgency


def test_the_form_shows_what_is_chosen_and_the_tabs_keep_it(amira: Browser) -> None:
    page = amira.get("/staff/leads?state=OR&sort=due&late=1&since=2026-01-02").text

    assert '<option value="OR" selected>' in page
    assert 'value="2026-01-02"' in page
    assert "checked" in page
    assert "status=closed&amp;late=1&amp;state=OR&amp;since=2026-01-02&amp;sort=due" in page


def test_mine_are_those_assigned_to_me(amira: Browser, ben: Browser) -> None:
    waiting("For Amira")
    waiting("For nobody")
    with transaction() as session:
        lead = session.scalars(select(Lead).where(Lead.conversation_id == "For Amira")).one()
        lead.assignee_id = session.scalars(select(Staff.id).where(Staff.username == "amira")).one()

    mine, his = (each.get("/staff/leads?assignee=me").text for each in (amira, ben))

    assert "For Amira" in mine
    assert "For nobody" not in mine
    assert "For Amira" not in his
    assert '<td class="with">amira</td>' in amira.get("/staff/leads").text


def test_a_visitor_who_waits_in_the_chat_is_marked(amira: Browser) -> None:
    waiting("Chatting")
    with transaction() as session:
        conversations.open_conversation(session, "Chatting")
        session.add(Handoff(conversation_id="Chatting"))

    assert "Waits in the chat" in amira.get("/staff/leads").text


def test_whom_nobody_has_opened_is_marked_until_somebody_does(amira: Browser) -> None:
    waiting("Fresh")
    page = amira.get("/staff/leads").text
    assert "Not opened" in page

    amira.get(link(page, ">Fresh</a>"))

    assert "Not opened" not in amira.get("/staff/leads").text


def test_whatever_visitors_and_links_say_stays_text(amira: Browser) -> None:
    waiting("<script>alert(1)</script>")
    with transaction() as session:
        session.scalars(select(Lead)).one().source = "<img src=x>"

    for address in ("", "?source=%3Cimg+src%3Dx%3E", "?state=%22%3E%3Cb%3E", "?after=%3Cb%3E"):
        page = amira.get(f"/staff/leads{address}").text
        assert "<script>alert" not in page
        assert "<img src=x>" not in page
        assert "<b>" not in page


def test_a_page_that_looks_by_itself_keeps_nobody_signed_in(
    amira: Browser, later: Callable[[timedelta], None]
) -> None:
    by_itself = {lead_list.ASKED_BY_THE_PAGE: "1"}
    later(timedelta(minutes=50))
    assert amira.get("/staff/leads", headers=by_itself).status_code == 200

    later(timedelta(minutes=70))

    assert amira.get("/staff/leads", headers=by_itself).status_code == 303


def test_strangers_are_sent_to_sign_in(stranger: Browser) -> None:
    assert stranger.get("/staff/leads").headers["location"].startswith("/staff/login")
