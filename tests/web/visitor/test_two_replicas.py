"""Several web processes behind a balancer: what reaches two of them stands once and in order."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from clinic import conversations, turns
from clinic.database import transaction
from tests.postgres_server import used_by_the_code
from tests.web.visitor.conftest import URL, FakeRasa, Visitor
from web.app import create_app
from web.visitor import calm, keeping

PATIENCE = 30
"""Seconds until a test that waits for ever is given up."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_of_both(
    request: pytest.FixtureRequest, migrated_database: Path, tmp_path: Path
) -> Iterator[None]:
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(migrated_database, tmp_path / 'clinic.db')}"
    else:
        url = request.getfixturevalue("postgres_url")
    with used_by_the_code(url):
        yield


class SlowRasa(FakeRasa):
    """Answers when a test lets it; the same message again has the same answer."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked = threading.Event()
        self.may_answer = threading.Event()

    async def answer(self, request: httpx.Request) -> httpx.Response:
        said = self(request)
        words = self.asked[-1]["message"]
        self.is_asked.set()
        assert await asyncio.to_thread(self.may_answer.wait, PATIENCE)
        assert said.is_success
        return httpx.Response(200, json=[{"recipient_id": "c", "text": f"You said {words}."}])


@pytest.fixture
def rasa() -> SlowRasa:
    return SlowRasa()


@pytest.fixture
def tabs(database_of_both: None, rasa: SlowRasa) -> Iterator[tuple[Visitor, Visitor]]:
    """The same conversation, open at two processes."""
    with _process(rasa) as one, _process(rasa) as other:
        first, second = Visitor(one), Visitor(other)
        first.open()
        second.use(first.key)
        yield first, second


def _process(rasa: SlowRasa) -> TestClient:
    class Process(TestClient):
        def __enter__(self) -> TestClient:
            opened = super().__enter__()
            transport = httpx.MockTransport(rasa.answer)
            app.state.client = httpx.AsyncClient(transport=transport)
            return opened

    app = create_app()
    return Process(app, base_url=URL)


@pytest.fixture
def turned_away(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a message has found another's turn under way."""
    is_free, is_turned_away = turns.is_free, threading.Event()

    def looking(standing: turns.Standing, key: str) -> bool:
        found = is_free(standing, key)
        if not found:
            is_turned_away.set()
        return found

    monkeypatch.setattr(turns, "is_free", looking)
    return is_turned_away


def test_the_same_message_at_two_processes_at_once_stands_once(
    tabs: tuple[Visitor, Visitor], rasa: SlowRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_wrote, before = threading.Barrier(2, rasa.may_answer.set), keeping.before

    def writing(*arguments: str, **more: object) -> object:
        found = before(*arguments, **more)  # type: ignore[arg-type]
        both_wrote.wait(PATIENCE)
        return found

    monkeypatch.setattr(keeping, "before", writing)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(tab.say, "hello").result for tab in tabs]
        first, second = (answer(PATIENCE).json() for answer in answers)

    assert first == second
    assert tabs[0].transcript() == ["hello", "You said hello."]


def test_two_messages_at_two_processes_are_answered_one_after_the_other(
    tabs: tuple[Visitor, Visitor],
    rasa: SlowRasa,
    turned_away: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calm, "SECONDS_FOR_THE_TURN_BEFORE", PATIENCE)
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(tabs[0].say, "one", "key-0001")
        assert rasa.is_asked.wait(PATIENCE)
        two = pool.submit(tabs[1].say, "two", "key-0002")
        assert turned_away.wait(PATIENCE)
        rasa.may_answer.set()
        statuses = [one.result(PATIENCE).status_code, two.result(PATIENCE).status_code]

    assert statuses == [200, 200]
    assert [asked["message"] for asked in rasa.asked] == ["one", "two"]
    assert tabs[0].transcript() == ["one", "You said one.", "two", "You said two."]


def test_a_retry_after_a_process_was_killed_brings_the_answer_once(
    tabs: tuple[Visitor, Visitor], rasa: SlowRasa
) -> None:
    rasa.may_answer.set()
    killed_in_the_middle(tabs[0], "hello", "key-0001")

    answers = [tab.say("hello", "key-0001").json()["messages"] for tab in tabs]

    assert answers[0] == answers[1]
    assert tabs[0].transcript() == ["hello", "You said hello."]


def test_after_a_process_was_killed_the_next_message_waits_for_a_moment_only(
    tabs: tuple[Visitor, Visitor],
    rasa: SlowRasa,
    turned_away: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calm, "SECONDS_FOR_THE_TURN_BEFORE", 0.01)
    rasa.may_answer.set()
    killed_in_the_middle(tabs[0], "hello", "key-0001")

    answer = tabs[1].say("are you there", "key-0002")

    assert answer.status_code == 200
    assert tabs[1].transcript() == ["hello", "are you there", "You said are you there."]


def test_words_of_danger_wait_for_no_other_process(
    tabs: tuple[Visitor, Visitor], rasa: SlowRasa, turned_away: threading.Event
) -> None:
    rasa.may_answer.set()
    killed_in_the_middle(tabs[0], "hello", "key-0001")

    answer = tabs[1].say("I want to kill myself", "key-0002")

    assert answer.status_code == 200
    assert not turned_away.is_set()


def test_a_bot_that_is_down_holds_up_no_later_message(
    tabs: tuple[Visitor, Visitor], rasa: SlowRasa, turned_away: threading.Event
) -> None:
    rasa.may_answer.set()
    rasa.breaks = httpx.ConnectError("nobody")
    assert tabs[0].say("hello", "key-0001").status_code == 503
    rasa.breaks = None

    assert tabs[1].say("are you there", "key-0002").status_code == 200
    assert not turned_away.is_set()


def killed_in_the_middle(visitor: Visitor, words: str, key: str) -> None:
    """The message was written down, and the process died before the answer was."""
    here = conversations.id_of(visitor.key)
    kept = keeping.before(here, key, words, may_write=lambda: True)
    assert kept == keeping.Words(kept=True)


def test_a_turn_waits_for_no_transaction_of_its_own_while_the_bot_thinks(
    tabs: tuple[Visitor, Visitor], rasa: SlowRasa
) -> None:
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(tabs[0].say, "hello")
        assert rasa.is_asked.wait(PATIENCE)

        with transaction() as session:  # on SQLite this needs the one lock there is
            session.execute(text("UPDATE conversations SET source = 'elsewhere'"))

        rasa.may_answer.set()
        assert turn.result(PATIENCE).status_code == 200
