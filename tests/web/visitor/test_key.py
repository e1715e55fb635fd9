"""The key is all that opens a conversation: a browser sends it by itself nowhere, and it stands
nowhere but in the answer that begins the chat.
"""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from clinic import conversations
from tests.web.security.routes import WHO_MAY
from tests.web.visitor.conftest import FakeRasa, Visitor
from tests.web.visitor.test_answers import give_answers

OF_VISITORS = [route for route in WHO_MAY if " /staff" not in route]
WITH_THE_KEY = [
    route for route in OF_VISITORS if " /api/" in route and route != "POST /api/conversation"
]
SECRET = "my umbrella is green"
CLOSED = ("no_conversation", "nothing_kept")
NAMES = ("conversation", "key", "token", "access_token", "authorization")


def ask(http: TestClient, route: str, **request: Any) -> Any:
    """The answer to a request as the widget would make it, but for what `request` says."""
    method, path = route.split(" ", 1)
    bodies = {
        "POST /api/messages": {"text": "hello", "key": "key-0001"},
        "POST /api/feedback": {"helpful": True},
        "POST /api/conversation/email": {"address": "ann@example.org"},
        "POST /api/conversation/email/code": {"code": "123456"},
    }
    json = bodies.get(route, {}) if method == "POST" else None
    return http.request(method, path, json=json, **request)


@pytest.fixture(params=WITH_THE_KEY)
def door(visitor: Visitor, request: pytest.FixtureRequest) -> str:
    """A route with something behind it for whoever has this visitor's key."""
    visitor.say(SECRET, key="key-first")
    give_answers(visitor)
    if request.param == "POST /api/feedback":
        ask(visitor.http, "POST /api/feedback/question")
    return str(request.param)


def is_open(http: TestClient, door: str, **request: Any) -> bool:
    answer = ask(http, door, **request)
    if door.startswith("POST /api/feedback"):  # an opinion is never worth an error
        return answer.json() in ({"ask": True}, {"kept": True})
    if answer.is_success:
        return True
    code = answer.json()["error"]["code"]
    assert code in (*CLOSED, "mail_off"), "something else is wrong with the request"
    return code not in CLOSED


def test_every_visitor_gets_another_that_nobody_guesses(visitor: Visitor) -> None:
    first = visitor.key
    visitor.use(None)
    visitor.open()

    assert visitor.key != first
    assert len(first) >= 43
    assert len(visitor.key) >= 43


def test_coming_back_keeps_it(visitor: Visitor) -> None:
    visitor.say(SECRET)
    first = visitor.key

    again = visitor.open().json()

    assert again["key"] == first
    assert again["messages"][0]["text"] == SECRET


@pytest.mark.parametrize("route", OF_VISITORS)
def test_no_visitor_is_given_a_cookie(visitor: Visitor, route: str) -> None:
    assert "set-cookie" not in ask(visitor.http, route).headers
    assert not visitor.http.cookies


def test_it_opens_every_door_of_its_visitor(visitor: Visitor, door: str) -> None:
    assert is_open(visitor.http, door)


def test_without_it_every_door_is_closed(visitor: Visitor, door: str) -> None:
    visitor.use(None)

    assert not is_open(visitor.http, door)


def test_in_a_cookie_it_opens_nothing(visitor: Visitor, door: str) -> None:
    cookies = "; ".join(f"{name}={visitor.key}" for name in NAMES)
    visitor.use(None)

    assert not is_open(visitor.http, door, headers={"Cookie": cookies})


def test_in_an_address_it_opens_nothing(visitor: Visitor, door: str) -> None:
    asked = dict.fromkeys(NAMES, visitor.key)
    visitor.use(None)

    assert not is_open(visitor.http, door, params=asked)


@pytest.mark.parametrize("place", ["cookie", "address"])
def test_who_begins_with_it_in_a_cookie_or_an_address_begins_anew(
    visitor: Visitor, place: str
) -> None:
    visitor.say(SECRET)
    key = visitor.key
    visitor.use(None)
    sent: dict[str, dict[str, str]] = (
        {"headers": {"Cookie": f"conversation={key}"}}
        if place == "cookie"
        else {"params": {"key": key}}
    )

    opened = visitor.open(**sent)

    assert opened.json()["key"] != key
    assert SECRET not in opened.text


@pytest.mark.parametrize("route", [*OF_VISITORS, "GET /api/no/such/place"])
def test_no_answer_but_the_one_that_begins_the_chat_has_it(visitor: Visitor, route: str) -> None:
    answer = ask(visitor.http, route)

    assert (visitor.key in answer.text) is (route == "POST /api/conversation")
    assert visitor.key not in str(answer.headers)


def test_the_answer_that_has_it_is_kept_by_nobody(visitor: Visitor) -> None:
    assert visitor.open().headers["cache-control"] == "no-store"


def test_no_text_and_no_refusal_repeats_it(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.status = 500
    refused = [
        visitor.say("hello"),
        visitor.say("x" * 3000),
        visitor.say(" / "),
        visitor.say("hello", key=f"{visitor.key}!"),
        visitor.say("hello", headers={"Origin": "https://elsewhere.example"}),
    ]

    assert [answer.status_code for answer in refused] == [503, 422, 422, 422, 403]
    assert not [answer for answer in refused if visitor.key in answer.text]


def test_the_conversations_id_is_no_key(visitor: Visitor, door: str) -> None:
    visitor.use(conversations.id_of(visitor.key))

    assert not is_open(visitor.http, door)


def test_who_begins_with_a_conversations_id_begins_anew(visitor: Visitor) -> None:
    visitor.say(SECRET)
    known = conversations.id_of(visitor.key)
    visitor.use(known)

    opened = visitor.open()

    assert SECRET not in opened.text
    assert known not in opened.text


@pytest.mark.parametrize("made_up", ["made-up", "x" * 43, "x" * 5000, "two words", "é"])
def test_a_made_up_key_is_never_taken_over(visitor: Visitor, made_up: str) -> None:
    made = f"Bearer {made_up}".encode()

    opened = visitor.open(headers={"Authorization": made})

    assert opened.json()["messages"] == []
    assert len(opened.json()["key"]) >= 43
    assert made_up not in opened.text


def test_a_made_up_key_opens_nothing(visitor: Visitor, door: str) -> None:
    visitor.use("made-up")

    assert not is_open(visitor.http, door)


@pytest.mark.parametrize("header", ["", "Bearer ", "Basic {key}", "{key}", "{key} Bearer"])
def test_only_as_a_bearer_it_opens_anything(visitor: Visitor, door: str, header: str) -> None:
    sent = {"Authorization": header.format(key=visitor.key)}

    assert not is_open(visitor.http, door, headers=sent)


@pytest.mark.parametrize("route", [*WITH_THE_KEY, "POST /api/conversation"])
def test_no_other_websites_page_may_send_one(visitor: Visitor, route: str) -> None:
    method, path = route.split(" ", 1)
    asks = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization",
    }

    allowed = visitor.http.options(path, headers=asks)

    assert not [name for name in allowed.headers if name.startswith("access-control-")]
    assert ask(visitor.http, route, headers={"Origin": asks["Origin"]}).status_code == 403
