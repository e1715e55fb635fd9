"""“Was this helpful?” is asked once, and never of somebody in danger."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from clinic import conversations, counts
from clinic.database import transaction
from clinic.tables import Conversation, DailyCount, Feedback
from tests.web.visitor.conftest import CRISIS, FakeRasa, Visitor

HINT = [
    {
        "recipient_id": "c",
        "custom": {
            "type": "check_in",
            "category": "suicide",
            "language": "en",
            "resources": [{"name": "988 Lifeline"}],
        },
    }
]


def ask(http: TestClient) -> bool:
    asked: bool = http.post("/api/feedback/question").json()["ask"]
    return asked


def tell(http: TestClient, *, helpful: bool) -> bool:
    kept: bool = http.post("/api/feedback", json={"helpful": helpful}).json()["kept"]
    return kept


def counted() -> dict[tuple[str, str], int]:
    counts.flush()
    with transaction() as session:
        rows = session.query(DailyCount).where(DailyCount.kind.startswith("feedback"))
        return {(row.kind, row.detail): row.number for row in rows}


def kept() -> list[bool | None]:
    with transaction() as session:
        return [row.helpful for row in session.query(Feedback)]


def test_a_visitor_is_asked_once(visitor: Visitor) -> None:
    assert ask(visitor.http)
    assert not ask(visitor.http)

    assert counted() == {("feedback_asked", ""): 1}


@pytest.mark.parametrize(("helpful", "word"), [(True, "helpful"), (False, "not_helpful")])
def test_the_first_answer_counts_and_no_other(visitor: Visitor, helpful: bool, word: str) -> None:
    ask(visitor.http)

    assert tell(visitor.http, helpful=helpful)
    assert not tell(visitor.http, helpful=not helpful)

    assert kept() == [helpful]
    assert counted() == {("feedback_asked", ""): 1, ("feedback", word): 1}


def test_who_was_not_asked_cannot_answer(visitor: Visitor) -> None:
    assert not tell(visitor.http, helpful=True)

    assert kept() == []


@pytest.mark.parametrize("replies", [CRISIS, HINT], ids=["crisis", "hint"])
def test_after_words_of_danger_nobody_is_asked(
    visitor: Visitor, rasa: FakeRasa, replies: list[dict[str, object]]
) -> None:
    rasa.says = replies
    visitor.say("some words")

    assert not ask(visitor.http)
    assert kept() == []


def test_of_whom_nothing_may_be_kept_is_not_asked(visitor: Visitor) -> None:
    with transaction() as session:
        conversations.forget(session, session.query(Conversation).one().id)

    assert not ask(visitor.http)
    assert kept() == []


def test_without_a_conversation_nothing_is_asked_and_nothing_kept(http: TestClient) -> None:
    assert not ask(http)
    assert not tell(http, helpful=True)
    assert kept() == []


@pytest.mark.parametrize(
    "sent", [{}, {"helpful": "perhaps"}, {"helpful": True, "words": "thank you"}]
)
def test_only_yes_or_no_is_taken(visitor: Visitor, sent: dict[str, object]) -> None:
    assert visitor.http.post("/api/feedback", json=sent).status_code == 422


def test_another_site_cannot_answer_for_the_visitor(visitor: Visitor) -> None:
    ask(visitor.http)

    answer = visitor.http.post(
        "/api/feedback", json={"helpful": True}, headers={"origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403
    assert kept() == [None]
