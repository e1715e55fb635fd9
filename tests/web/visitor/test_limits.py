"""Nobody can flood the chat, and nobody is held back by somebody else."""

from __future__ import annotations

import threading

import pytest
from fastapi.testclient import TestClient

from clinic.settings import settings
from tests.web.visitor.conftest import FakeRasa, Visitor
from web import limits


@pytest.fixture(autouse=True)
def few(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_MESSAGES_PER_MINUTE", "2")
    monkeypatch.setenv("CLINIC_CONVERSATIONS_PER_HOUR", "2")
    settings.cache_clear()


def test_too_many_messages_are_refused_kindly_and_not_asked(
    visitor: Visitor, rasa: FakeRasa
) -> None:
    answers = [visitor.say("hello", key=f"key-000{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "wait a minute" in answers[-1].json()["error"]["message"]
    assert len(rasa.asked) == 2


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/handoff"), ("POST", "/api/typing"), ("GET", "/api/conversation.txt"),
     ("DELETE", "/api/conversation"), ("GET", "/api/answers")],
)  # fmt: skip
def test_who_is_refused_is_told_to_wait_a_minute_and_whom_to_call(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    monkeypatch.setattr(limits, "TYPING_PER_MINUTE", 2)
    answers = [visitor.http.request(method, path) for _ in range(3)]

    error = answers[-1].json()["error"]
    assert (answers[-1].status_code, error["code"]) == (429, "too_many")
    assert "wait a minute" in error["message"]
    assert "988" in error["message"]


def test_a_message_that_was_answered_before_does_not_count(visitor: Visitor) -> None:
    answers = [visitor.say("hello") for _ in range(5)]

    assert {answer.status_code for answer in answers} == {200}


def test_another_visitor_is_not_held_back(visitor: Visitor) -> None:
    for number in range(3):
        visitor.say("hello", key=f"key-000{number}")
    visitor.use(None)
    visitor.open()

    assert visitor.say("hello").status_code == 200


@pytest.mark.parametrize("key", [None, "made-up"])
def test_too_many_conversations_of_one_address_are_refused(
    http: TestClient, key: str | None
) -> None:
    statuses = []
    for _ in range(3):
        newcomer = Visitor(http)
        newcomer.use(key)
        statuses.append(newcomer.open().status_code)

    assert statuses == [200, 200, 429]


def test_the_addresses_of_one_line_are_one_visitors(http: TestClient) -> None:
    statuses = []
    for number in range(3):
        client = TestClient(http.app, base_url=http.base_url, client=(f"2001:db8::{number}", 50000))
        statuses.append(Visitor(client).open().status_code)

    assert statuses == [200, 200, 429]


def test_no_count_holds_up_the_others_while_redis_is_slow(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted_in: set[str] = set()

    def hit(*_: object) -> bool:
        counted_in.add(threading.current_thread().name.partition("_")[0])
        return True

    monkeypatch.setenv("CLINIC_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    monkeypatch.setattr(limits, "_hit", hit)

    Visitor(TestClient(visitor.http.app, base_url=visitor.http.base_url)).open()
    visitor.http.post("/api/typing")
    visitor.http.get("/api/handoff")
    visitor.http.get("/api/conversation.txt")
    visitor.http.delete("/api/conversation")

    assert counted_in == {"limits"}


def test_coming_back_to_ones_own_conversation_does_not_count(visitor: Visitor) -> None:
    assert {visitor.open().status_code for _ in range(5)} == {200}


def test_passwords_and_conversations_are_counted_apart() -> None:
    for _ in range(limits.PASSWORDS_PER_MINUTE):
        assert limits.may_try_a_password("192.0.2.1")

    assert not limits.may_try_a_password("192.0.2.1")
    assert limits.may_try_a_password("192.0.2.2")
    assert limits.may_begin("192.0.2.1")
