"""The action server runs our actions for whoever has the token, and for nobody else."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from actions import __main__ as server
from actions.base import ClinicAction
from clinic.facts import FactsError

TOKEN = {"token": "test-action-token"}
BROKEN_CALL = b'{"next_action": "action_answer", "domain": {}, "tracker": 5}'


@pytest.fixture(scope="module")
def rasa() -> Iterator[httpx.Client]:
    """Speaks to the real server, which listens on a free port of this machine."""
    door, loop = socket.create_server(("127.0.0.1", 0)), asyncio.new_event_loop()
    running = loop.run_until_complete(_start(door))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{door.getsockname()[1]}") as client:
            yield client
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        running.close()
        loop.run_until_complete(running.wait_closed())
        loop.close()


async def _start(door: socket.socket) -> Any:
    running = await server.action_server().create_server(sock=door, return_asyncio_server=True)
    assert running is not None
    await running.startup()
    await running.start_serving()
    return running


def call(action: str, text: str = "hello") -> dict[str, Any]:
    """What Rasa sends."""
    return {
        "next_action": action,
        "sender_id": "c",
        "tracker": {"sender_id": "c", "slots": {}, "latest_message": {"text": text}},
        "domain": {},
        "version": "3.6.21",
    }


@pytest.mark.parametrize("given", [{}, {"token": ""}, {"token": "wrong"}, {"token": "é"}])
def test_without_the_token_nothing_is_done(rasa: httpx.Client, given: dict[str, str]) -> None:
    answer = rasa.post("/webhook", params=given, json=call("action_start_screening"))

    assert answer.status_code == 401
    assert answer.json() == {"error": "a valid token is needed"}


def test_not_even_the_list_of_actions_is_open(rasa: httpx.Client) -> None:
    assert rasa.get("/actions").status_code == 401


def test_whether_it_is_well_may_be_asked_by_anybody(rasa: httpx.Client) -> None:
    answer = rasa.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_while_it_has_a_database_that_fits(
    rasa: httpx.Client, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = rasa.get("/readyz")
    monkeypatch.setattr("clinic.readiness.database", lambda: "not migrated")
    not_ready = rasa.get("/readyz")

    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "database": "up"})
    assert (not_ready.status_code, not_ready.json()["database"]) == (503, "not migrated")


def test_the_figures_name_actions_and_nobody(rasa: httpx.Client, database_url: str) -> None:
    rasa.post("/webhook", params=TOKEN, json=call("action_start_screening", "my secret"))

    figures = rasa.get("/metrics").text

    assert 'front_desk_action_seconds_count{action="action_start_screening"}' in figures
    assert "my secret" not in figures


@pytest.mark.parametrize("body", [b"{", b"\xff", b'["my secret"]', BROKEN_CALL])
def test_what_cannot_be_read_is_not_repeated(
    rasa: httpx.Client, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    answer = rasa.post("/webhook", params=TOKEN, content=b"my secret" + body)
    other = rasa.post("/webhook", params=TOKEN, content=body)

    for one in (answer, other):
        assert one.status_code >= 400
        assert one.json() == {"error": "that request was not understood"}
    assert "my secret" not in caplog.text


def test_with_the_token_an_action_runs(rasa: httpx.Client, database_url: str) -> None:
    answer = rasa.post("/webhook", params=TOKEN, json=call("action_start_screening"))

    assert answer.status_code == 200
    assert [event["name"] for event in answer.json()["events"]] == ["questionnaire"]


def test_an_unknown_action_is_not_found_and_nothing_is_repeated(rasa: httpx.Client) -> None:
    answer = rasa.post("/webhook", params=TOKEN, json=call("action_gossip", "my secret"))

    assert answer.status_code == 404
    assert "my secret" not in answer.text


def test_an_action_that_breaks_answers_without_the_visitors_words(
    rasa: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("my secret")

    monkeypatch.setattr("actions.start_questionnaire.transaction", broken)

    answer = rasa.post("/webhook", params=TOKEN, json=call("action_start_screening", "my secret"))

    assert answer.status_code == 200
    assert "988" in answer.json()["responses"][0]["text"]
    assert "my secret" not in answer.text
    assert 'action="action_start_screening",error="RuntimeError"' in rasa.get("/metrics").text


def test_every_action_of_ours_is_served(rasa: httpx.Client) -> None:
    served = {entry["name"] for entry in rasa.get("/actions", params=TOKEN).json()}

    assert served == {action().name() for action in server.ACTIONS}
    assert {action.__name__ for action in server.ACTIONS} == {
        cls.__name__ for cls in _all_below(ClinicAction) if cls.__module__.startswith("actions.")
    }


def test_a_wrong_file_stops_the_start_with_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> None:
        raise FactsError("clinic.yml: `phone` is not a phone number")

    monkeypatch.setattr(server, "facts", wrong)
    monkeypatch.setattr("clinic.logs.configure", lambda process: None)

    with pytest.raises(SystemExit, match="`phone` is not a phone number"):
        server.main()


def _all_below(kind: type[Any]) -> list[type[Any]]:
    return [found for below in kind.__subclasses__() for found in (below, *_all_below(below))]
