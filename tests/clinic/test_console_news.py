"""What an open page of the console should look at anew, and when somebody is called to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from clinic import audit, console_news, handoffs
from clinic.console_news import News
from clinic.conversations import add_message
from clinic.crisis_events import mark_seen, record_crisis
from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from tests.clinic.lead_world import member

pytestmark = pytest.mark.usefixtures("database_url")


def news_of(deed: Callable[[Session], object]) -> News | None:
    """What is told of one transaction."""
    with transaction() as session:
        place = console_news.newest(session)
        deed(session)
    with transaction() as session:
        return console_news.since(session, place)[0]


def recorded(*actions: str) -> Callable[[Session], None]:
    def record(session: Session) -> None:
        for action in actions:
            audit.record(session, actor="bot", action=action, subject="lead:x")

    return record


def crisis(outcome: str) -> Callable[[Session], object]:
    return lambda session: record_crisis(
        session, conversation_id="c", message_key="1", category="suicide", outcome=outcome
    )


def test_nothing_happened_is_no_news() -> None:
    with transaction() as session:
        assert console_news.since(session, 0) == (None, 0)


def test_news_are_told_once() -> None:
    with transaction() as session:
        recorded("lead.assigned")(session)

    with transaction() as session:
        news, place = console_news.since(session, 0)
        assert news == News(("lead",), urgent=False)
        assert console_news.since(session, place) == (None, place)
        assert place == console_news.newest(session)


@pytest.mark.parametrize(
    ("actions", "kinds"),
    [
        (["lead.booked"], ("lead",)),
        (["crisis.seen"], ("crisis",)),
        (["handoff.taken"], ("handoff",)),
        (["handoff.ended", "lead.updated", "lead.closed"], ("lead", "handoff")),
    ],
)
def test_the_kinds_are_told(actions: list[str], kinds: tuple[str, ...]) -> None:
    assert news_of(recorded(*actions)) == News(kinds, urgent="handoff.asked" in actions)


@pytest.mark.parametrize(
    "action", ["lead.viewed", "lead.exported", "crisis.viewed", "staff.signed_in", "leads.searched"]
)
def test_who_only_looks_makes_no_news(action: str) -> None:
    assert news_of(recorded(action)) is None


@pytest.mark.parametrize(("urgency", "is_urgent"), [(4, True), (3, True), (2, False)])
def test_an_urgent_lead_calls_somebody(urgency: int, is_urgent: bool) -> None:
    request = LeadRequest(conversation_id="c", name="Ann Example", urgency=urgency)

    assert news_of(lambda session: save_lead(session, request)) == News(("lead",), is_urgent)


@pytest.mark.parametrize(("outcome", "is_urgent"), [("hard", True), ("soft", False)])
def test_words_of_crisis_call_somebody_and_a_hint_does_not(outcome: str, is_urgent: bool) -> None:
    assert news_of(crisis(outcome)) == News(("crisis",), is_urgent)


def test_nobody_is_called_for_what_a_colleague_has_seen_already() -> None:
    def heard_and_seen(session: Session) -> None:
        crisis("hard")(session)
        event = record_crisis(
            session, conversation_id="c", message_key="1", category="suicide", outcome="hard"
        )
        mark_seen(session, event, staff_id=member(session))

    assert news_of(heard_and_seen) == News(("crisis",), urgent=False)


def test_a_visitor_who_asks_for_a_person_calls_somebody() -> None:
    assert news_of(recorded("handoff.asked")) == News(("handoff",), urgent=True)


def test_nobody_is_called_where_a_colleague_steps_in_by_themselves() -> None:
    with transaction() as session:
        add_message(session, "c", sender="visitor", key="k", content={"text": "hi"})
        colleague = member(session)

    assert news_of(lambda session: handoffs.step_in(session, "c", colleague)) == News(
        ("handoff",), urgent=False
    )


def test_after_a_long_sleep_only_the_end_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console_news, "MOST", 2)

    with transaction() as session:
        recorded("crisis.seen", "lead.booked", "lead.closed")(session)

    with transaction() as session:
        assert console_news.since(session, 0) == (News(("lead",), False), 3)
