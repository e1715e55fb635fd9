"""A visitor is always answered, once, in their own conversation."""

from __future__ import annotations

import httpx
import pytest

from clinic import conversations
from clinic.database import transaction
from tests.web.visitor.conftest import FakeRasa, Visitor

NO_HELP = [httpx.ReadTimeout("late"), httpx.ConnectError("nobody"), None]


def test_a_message_is_answered_and_both_are_shown_again(visitor: Visitor) -> None:
    answer = visitor.say("hello there")

    (bubble,) = answer.json()["messages"]
    assert (bubble["from"], bubble["text"], bubble["payload"]) == ("bot", "Hello.", None)
    assert visitor.transcript() == ["hello there", "Hello."]


def test_rasas_silence_is_answered_honestly_with_988_and_911(
    visitor: Visitor, rasa: FakeRasa
) -> None:
    rasa.says = []

    (bubble,) = visitor.say("start the questions").json()["messages"]

    assert bubble["payload"]["type"] == "fallback"
    assert "cannot tell whether" in bubble["text"]
    assert "988" in bubble["text"]
    assert "911" in bubble["text"]


@pytest.mark.parametrize("error", NO_HELP, ids=["late", "nobody", "500"])
def test_without_rasa_the_refusal_says_988_and_911(
    visitor: Visitor, rasa: FakeRasa, error: Exception | None
) -> None:
    rasa.breaks, rasa.status = error, 500

    answer = visitor.say("my secret")

    message = answer.json()["error"]["message"]
    assert answer.status_code == 503
    assert "988" in message
    assert "911" in message
    assert "my secret" not in answer.text


def test_after_that_the_same_message_can_be_sent_again_and_stands_once(
    visitor: Visitor, rasa: FakeRasa
) -> None:
    rasa.status = 500
    visitor.say("hello there")
    rasa.status = 200

    assert visitor.say("hello there").status_code == 200
    assert visitor.transcript() == ["hello there", "Hello."]


def test_the_same_key_twice_asks_rasa_once_and_answers_the_same(
    visitor: Visitor, rasa: FakeRasa
) -> None:
    first, second = visitor.say("hello"), visitor.say("hello")

    assert first.json() == second.json()
    assert len(rasa.asked) == 1


def test_rasa_never_sees_the_key(visitor: Visitor, rasa: FakeRasa) -> None:
    visitor.say("hello")

    assert rasa.asked[0]["sender"] == conversations.id_of(visitor.key)
    assert visitor.key not in str(rasa.asked)


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "http://clinic.example:81", "null"]
)
def test_another_sites_page_is_refused(visitor: Visitor, rasa: FakeRasa, origin: str) -> None:
    assert visitor.say("hello", headers={"Origin": origin}).status_code == 403
    assert visitor.open(headers={"Origin": origin}).status_code == 403
    assert rasa.asked == []


def test_our_own_page_is_not_refused(visitor: Visitor) -> None:
    assert visitor.say("hello", headers={"Origin": "http://clinic.example"}).status_code == 200


@pytest.mark.parametrize("key", [None, "made-up"])
def test_a_conversation_that_nobody_began_is_refused(
    visitor: Visitor, rasa: FakeRasa, key: str | None
) -> None:
    visitor.use(key)

    assert visitor.say("hello").status_code == 409
    assert rasa.asked == []


def test_what_was_forgotten_is_not_shown_and_not_written_down(visitor: Visitor) -> None:
    visitor.say("I am 16", key="key-0001")
    with transaction() as session:
        conversations.forget(session, conversations.id_of(visitor.key))

    answer = visitor.say("what now", key="key-0002")

    assert answer.json()["messages"][0]["text"] == "Hello."
    assert visitor.transcript() == []


@pytest.mark.parametrize(
    "body",
    [
        {"text": "my secret"},
        {"text": "my secret", "key": "short"},
        {"text": "my secret", "key": "no/slashes/here"},
        {"text": "my secret", "key": "key-0001", "sender": "somebody-else"},
        {"text": ["my secret"], "key": "key-0001"},
        {"text": "my secret" * 300, "key": "key-0001"},
        {"text": " / ", "key": "key-0001"},
    ],
)
def test_what_cannot_be_taken_is_refused_without_repeating_it(
    visitor: Visitor, rasa: FakeRasa, body: dict[str, object]
) -> None:
    answer = visitor.http.post("/api/messages", json=body)

    assert answer.status_code == 422
    assert "my secret" not in answer.text
    assert rasa.asked == []


def test_half_a_character_is_refused_and_breaks_nothing(visitor: Visitor) -> None:
    body = b'{"text": "\\ud83d", "key": "key-0001"}'

    answer = visitor.http.post("/api/messages", content=body)

    assert answer.status_code in (422, 503)
    assert answer.json()["error"]["message"]
