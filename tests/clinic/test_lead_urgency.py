"""Who came in is due by what they said; danger brings it nearer, and nothing puts it off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from clinic import crisis_events, due, lead_urgency, leads
from clinic.clock import now
from clinic.questionnaires import rules
from clinic.screening.hand_written import UnusableFileError
from tests.clinic.lead_world import lead

HOURS = {"E0": 1, "E1": 1, "E2": 8, "X": 24, "R": 25, "T": 25, "P": 25, None: 26}
SINCE = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plain_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic that is always open: every outcome is due so many hours later."""
    monkeypatch.setattr(
        due, "due_at", lambda code, since: since + timedelta(hours=HOURS.get(code, 48))
    )


def hours(outcome: str | None, *, urgency: int, wants_callback: bool = False) -> float:
    until = lead_urgency.due_for(
        outcome, wants_callback=wants_callback, urgency=urgency, since=SINCE
    )
    assert until is not None
    return (until - SINCE) / timedelta(hours=1)


def in_hours(moment: datetime | None) -> int:
    assert moment is not None
    return round((moment - now()) / timedelta(hours=1))


def test_a_screening_is_due_by_its_outcome_and_a_request_by_its_own_time() -> None:
    assert hours("X", urgency=3) == 24
    assert hours(None, urgency=2) == 26
    assert hours("G", urgency=1) == 48


def test_the_wish_for_a_call_brings_a_calm_outcome_nearer() -> None:
    assert hours("G", urgency=1, wants_callback=True) == 26


def test_who_is_more_urgent_than_the_outcome_is_due_like_others_of_that_urgency() -> None:
    assert hours(None, urgency=3) == 8
    assert hours("R", urgency=4) == 1


def test_a_new_lead_is_due(session: Session) -> None:
    found = lead(session, outcome="X", urgency=3)

    assert found.due_at == found.created_at + timedelta(hours=24)


def test_words_of_crisis_bring_a_waiting_lead_nearer(session: Session) -> None:
    found = lead(session)

    crisis_events.record_crisis(session, conversation_id="c", message_key="k", category="suicide")

    assert found.urgency == 3
    assert in_hours(found.due_at) == 8


def test_an_emergency_of_the_screening_raises_a_lead_to_its_own_urgency(session: Session) -> None:
    found = lead(session)

    crisis_events.record_crisis(
        session, conversation_id="c", message_key="k", category="emergency", urgency=4
    )

    assert found.urgency == 4
    assert in_hours(found.due_at) == 1


def test_what_was_heard_in_a_message_before_still_rises_to_what_the_screening_makes_of_it(
    session: Session,
) -> None:
    found = lead(session)

    for urgency in (3, 4):
        crisis_events.record_crisis(
            session, conversation_id="c", message_key="k", category="suicide", urgency=urgency
        )

    assert found.urgency == 4


def test_nothing_is_ever_due_later_while_it_waits(session: Session) -> None:
    found = lead(session, outcome="E2", urgency=3, response={"a": 1}, summary=[["a", "b"]])
    before = found.due_at

    lead(session, outcome="G", urgency=1, response={"a": 2}, summary=[["a", "c"]])

    assert found.outcome == "G"
    assert found.urgency == 3
    assert found.due_at == before


def test_what_came_after_the_contact_is_due_anew(session: Session) -> None:
    found = lead(session)
    leads.set_status(session, found, "contacted", staff_id=7)
    found.due_at = SINCE

    lead(session, contact={"Best time": "mornings"})

    assert in_hours(found.due_at) == 26


def test_a_broken_table_of_outcomes_costs_nobody_their_request(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise UnusableFileError("being edited")

    monkeypatch.setattr(lead_urgency, "rules", broken)

    assert lead(session).due_at is None


def test_a_plain_request_stands_among_outcomes_of_the_same_urgency() -> None:
    assert lead_urgency.CALLBACK_URGENCY in {one.urgency for one in rules().outcomes}
