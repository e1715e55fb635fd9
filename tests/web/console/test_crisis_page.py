"""An alarm: what kind, what was said, whom to call, and that somebody has looked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from clinic.conversations import add_message
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from clinic.tables import CrisisEvent, Handoff
from tests.web.console.conftest import Browser


@pytest.fixture
def alarm(database_url: str) -> CrisisEvent:
    with transaction() as session:
        add_message(session, "one", sender="visitor", key="1", content={"text": "what was said"})
        return record_crisis(session, conversation_id="one", message_key="1", category="suicide")


def test_the_page_shows_kind_and_conversation(amira: Browser, alarm: CrisisEvent) -> None:
    page = amira.get(f"/staff/crisis/{alarm.id}").text

    for words in ("Words of crisis: Suicide", "what was said", "911", "988", "by you"):
        assert words in page
    assert "has not left a name" in page


def test_the_list_never_shows_what_was_said(amira: Browser, alarm: CrisisEvent) -> None:
    assert "what was said" not in amira.get("/staff/leads").text


def test_the_page_leads_to_the_visitors_phone_number(amira: Browser, alarm: CrisisEvent) -> None:
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="one", name="Zoë Example"))

    page = amira.get(f"/staff/crisis/{alarm.id}").text

    assert f'href="/staff/leads/{lead.id}"' in page
    assert "Zoë Example" in page


@pytest.fixture
def hint(database_url: str) -> CrisisEvent:
    with transaction() as session:
        add_message(session, "two", sender="visitor", key="1", content={"text": "what was hinted"})
        return record_crisis(
            session, conversation_id="two", message_key="1", category="suicide", outcome="soft"
        )


@pytest.mark.parametrize("is_live", [True, False])
def test_a_hint_without_a_check_in_is_not_said_to_have_been_asked_about(
    amira: Browser, hint: CrisisEvent, is_live: bool
) -> None:
    if is_live:
        with transaction() as session:
            ago = hint.at - timedelta(minutes=1)
            session.add(Handoff(conversation_id="two", staff_id=1, asked_at=ago, taken_at=ago))

    page = " ".join(amira.get(f"/staff/crisis/{hint.id}").text.split())

    assert "Hint: Suicide" in page
    assert "did not ask whether the visitor is safe" in page
    assert "so the chat answered" not in page
    assert ("a person of the clinic wrote" in page) is is_live


def test_a_hint_is_shown_as_a_check_in_and_each_look_at_it_is_audited(
    amira: Browser, hint: CrisisEvent, deeds: Callable[[], list[tuple[str, str]]]
) -> None:
    with transaction() as session:
        asked = {"text": "Are you safe?", "payload": {"type": "check_in"}}
        add_message(session, "two", sender="bot", key="1", content=asked)
    for _ in range(2):
        page = amira.get(f"/staff/crisis/{hint.id}").text

    assert "Check-in: Suicide" in page
    assert "what was hinted" in page
    assert "Words of crisis:" not in page
    assert deeds().count(("crisis.viewed", f"crisis:{hint.id}")) == 2


def test_hints_stand_among_the_events_of_an_alarm(amira: Browser, alarm: CrisisEvent) -> None:
    with transaction() as session:
        record_crisis(
            session, conversation_id="one", message_key="2", category="self_harm", outcome="soft"
        )

    page = amira.get(f"/staff/crisis/{alarm.id}").text

    assert "Words of crisis: Suicide" in page
    assert "<li>Check-in: Self-harm, " in page
    assert "<li>Suicide, " in page


def test_opening_it_marks_the_whole_conversation_as_seen(
    amira: Browser, alarm: CrisisEvent, deeds: Callable[[], list[tuple[str, str]]]
) -> None:
    with transaction() as session:
        second = record_crisis(
            session, conversation_id="one", message_key="2", category="psychosis"
        )
        other = record_crisis(session, conversation_id="two", message_key="1", category="psychosis")

    amira.get(f"/staff/crisis/{alarm.id}")
    amira.get(f"/staff/crisis/{alarm.id}")

    with transaction() as session:
        seen = [session.get_one(CrisisEvent, each.id).seen_by for each in (alarm, second, other)]
    assert seen == [1, 1, None]
    assert deeds().count(("crisis.seen", f"crisis:{alarm.id}")) == 1
    assert deeds().count(("crisis.viewed", f"crisis:{alarm.id}")) == 2
