"""Rasa is told to forget whom we erased, until it says so."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
import yaml

from clinic import conversations, erasure
from clinic.clock import now
from clinic.database import transaction
from clinic.settings import HOME
from clinic.tables import Erasure
from web import forgetting

DOMAIN = yaml.safe_load((HOME / "domain.yml").read_text("utf-8"))
BEGINS_ANEW = [
    {"recipient_id": "c", "text": DOMAIN["responses"]["utter_restart"][0]["text"]},
]


@pytest.fixture(autouse=True)
def erased(database_url: str) -> None:
    with transaction() as session:
        conversations.open_conversation(session, "c")
        erasure.erase_conversation(session, "c", 1)
        session.flush()
        session.get_one(Erasure, "c").due_at = now()


def told(answer: Any) -> list[dict[str, Any]]:
    """What a round says to a Rasa that answers so."""
    asked: list[dict[str, Any]] = []

    def rasa(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content))
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    async def one_round() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(rasa)) as client:
            await forgetting.forget_due(client)

    asyncio.run(one_round())
    return asked


def is_done() -> bool:
    with transaction() as session:
        return session.get_one(Erasure, "c").done_at is not None


def test_rasa_is_told_to_begin_that_conversation_anew_and_then_it_is_done() -> None:
    assert told(BEGINS_ANEW) == [
        {"sender": "c", "message": "/restart", "metadata": {"erased": True}}
    ]

    assert is_done()
    assert told(BEGINS_ANEW) == []


@pytest.mark.parametrize(
    "answer",
    [
        [],  # its own database is down
        [{"text": "Please call 988."}],  # it took the order for a message
        [{"custom": {}}, "text", None],
        httpx.Response(500),
        httpx.Response(200, text="no JSON"),
        httpx.ConnectError("nobody there"),
        {"status": "failure"},
    ],
)
def test_while_rasa_cannot_it_is_not_done(answer: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert len(told(answer)) == 1

    assert not is_done()
    assert "nobody there" not in caplog.text


def test_a_visitor_whose_chat_is_open_is_told_that_it_has_ended(
    database_url: str,
) -> None:
    from fastapi.testclient import TestClient

    from web.app import create_app

    with TestClient(create_app(), base_url="http://clinic.example") as browser:
        key = browser.post("/api/conversation", json={}).json()["key"]
        browser.headers["Authorization"] = f"Bearer {key}"
        with transaction() as session:
            erasure.erase_conversation(session, conversations.id_of(key), 1)

        answer = browser.post("/api/messages", json={"text": "hello", "key": "key-0001"})
        again = browser.post("/api/conversation", json={})

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "no_conversation"
    assert again.json()["messages"] == []
    assert again.json()["key"] != key
