"""Where a browser denies our frame storage, a cookie brings the key back and does nothing else."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from tests.web.visitor.conftest import Visitor
from web.visitor.key_cookie import NAME

SECRET = "my umbrella is green"


def begin(http: TestClient, *, cookie: bool, kept: str = "", **headers: str) -> Response:
    sent = {**headers, **({"Cookie": f"{NAME}={kept}"} if kept else {})}
    answer: Response = http.post("/api/conversation", json={"cookie": cookie}, headers=sent)
    return answer


def test_it_is_set_only_where_the_widget_asks_for_it(http: TestClient) -> None:
    assert "set-cookie" not in begin(http, cookie=False).headers
    assert NAME in begin(http, cookie=True).headers["set-cookie"]


def test_it_is_parted_by_website_encrypted_on_its_way_and_hidden_from_scripts(
    http: TestClient,
) -> None:
    made = begin(http, cookie=True).headers["set-cookie"]

    assert made.endswith(
        "; Max-Age=2592000; Path=/api/conversation; Secure; HttpOnly; SameSite=None; Partitioned"
    )


def test_it_brings_the_conversation_back(visitor: Visitor) -> None:
    visitor.say(SECRET)
    key = visitor.key
    visitor.use(None)

    again = begin(visitor.http, cookie=True, kept=key).json()

    assert again["key"] == key
    assert again["messages"][0]["text"] == SECRET


def test_a_key_that_is_sent_counts_more(visitor: Visitor) -> None:
    first = visitor.key
    visitor.use(None)
    visitor.open()

    assert begin(visitor.http, cookie=True, kept=first).json()["key"] == visitor.key


def test_a_made_up_one_begins_anew(http: TestClient) -> None:
    opened = begin(http, cookie=True, kept="made-up")

    assert opened.json()["messages"] == []
    assert "made-up" not in opened.headers["set-cookie"]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_no_other_site_begins_with_it(visitor: Visitor, origin: str) -> None:
    key = visitor.key
    visitor.use(None)

    answer = begin(visitor.http, cookie=True, kept=key, Origin=origin)

    assert answer.status_code == 403
    assert key not in answer.text


def test_deleting_the_conversation_deletes_it(visitor: Visitor) -> None:
    visitor.say(SECRET)
    answer = visitor.http.delete("/api/conversation", headers={"Cookie": f"{NAME}={visitor.key}"})

    cookie: SimpleCookie = SimpleCookie(answer.headers["set-cookie"].replace("; Partitioned", ""))
    assert cookie[NAME]["max-age"] == "0"
    assert cookie[NAME].value == ""
