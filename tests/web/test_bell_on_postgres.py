"""Two web processes on one PostgreSQL: what is done at one is shown at once by the other.

Their streams would look without the bell only after ten minutes.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from clinic import bell as clinic_bell
from clinic import conversations, handoff_endings, handoffs, live_chat, presence
from clinic.database import engine, transaction
from tests.clinic.accounts import OWN_PASSWORD, member
from tests.postgres_server import used_by_the_code
from web import bell

START = """
import web.bell
web.bell.SECONDS_BETWEEN_LOOKS = web.bell.SECONDS_BETWEEN_LOOKS_WITH_A_BELL = 600.0
web.bell.FIRST_PAUSE = 1.0
from web.__main__ import main
main()
"""
AT_MOST_SECONDS, STARTING_MAY_TAKE = 60.0, 180.0

Heard = tuple[str, str]


@pytest.fixture(scope="module")
def database(postgres_url: str) -> Iterator[str]:
    """A PostgreSQL database, which is also what the code under test opens."""
    with used_by_the_code(postgres_url):
        yield postgres_url


@contextmanager
def web_process(database: str) -> Iterator[str]:
    """A web server of its own that is starting; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    own = {"CLINIC_DATABASE_URL": database, "CLINIC_WEB_PORT": str(port), "CLINIC_PUBLIC_URL": url}
    with subprocess.Popen([sys.executable, "-c", START], env={**os.environ, **own}) as process:
        try:
            yield url
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def both(database: str) -> Iterator[tuple[str, str]]:
    with web_process(database) as one, web_process(database) as other:
        until_it_answers(one)
        until_it_answers(other)
        yield one, other


@pytest.fixture
def one(both: tuple[str, str]) -> str:
    return both[0]


@pytest.fixture
def other(both: tuple[str, str]) -> str:
    return both[1]


@pytest.fixture(scope="module")
def ben(database: str) -> int:
    with transaction() as session:
        made = member(session, "ben")
        presence.come(session, made)
        return made.id


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def until_it_answers(url: str) -> None:
    give_up = time.monotonic() + STARTING_MAY_TAKE
    while not answers(url):
        assert time.monotonic() < give_up, "it does not start"
        time.sleep(0.1)


@contextmanager
def stream(client: httpx.Client, path: str) -> Iterator[Iterator[Heard]]:
    """What the stream at this address brings; a long silence is an error."""
    with client.stream("GET", path, headers={"Accept": "text/event-stream"}) as answer:
        assert answer.status_code == 200
        yield events(answer.iter_lines())


def events(lines: Iterator[str]) -> Iterator[Heard]:
    name = ""
    give_up = time.monotonic() + AT_MOST_SECONDS
    for line in lines:
        assert time.monotonic() < give_up, "nothing but pings"
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            give_up = time.monotonic() + AT_MOST_SECONDS
            yield name, line.removeprefix("data:")


@contextmanager
def browser(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=AT_MOST_SECONDS, trust_env=False) as client:
        yield client


@pytest.fixture
def visitor(other: str) -> Iterator[httpx.Client]:
    with browser(other) as client:
        key = client.post("/api/conversation", json={}).json()["key"]
        client.headers["Authorization"] = f"Bearer {key}"
        yield client


@pytest.fixture
def taken(visitor: httpx.Client, ben: int) -> int:
    """A hand-off of this visitor that Ben has taken."""
    key = visitor.headers["Authorization"].removeprefix("Bearer ")
    with transaction() as session:
        handoff = handoffs.ask(session, conversations.id_of(key))
        assert handoffs.take(session, handoff.id, ben)
        return handoff.id


@pytest.fixture
def desk(one: str, ben: int) -> Iterator[httpx.Client]:
    """Ben's browser, signed in at the one process."""
    with browser(one) as client:
        fields = {"username": "ben", "password": OWN_PASSWORD}
        fill_in(client, "/staff/login", "/staff/login", **fields)
        yield client


def fill_in(client: httpx.Client, page: str, action: str, **fields: str) -> None:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found, f"no form on {page}"
    answer = client.post(action, data={"csrf": found[1], **fields})
    assert answer.status_code == 303, answer.status_code


def next_words(heard: Iterator[Heard]) -> str:
    return next(str(json.loads(said)["text"]) for name, said in heard if name == "message")


def test_words_of_staff_at_one_process_are_shown_at_once_by_the_other(
    visitor: httpx.Client, desk: httpx.Client, taken: int
) -> None:
    with stream(visitor, "/api/events") as heard:
        assert next_words(heard)  # that a person is here
        # The first may come because the listener has just begun; the second only by the bell.
        for words in ("Hello, this is Ben.", "How are you?", "Still there?"):
            page = f"/staff/live/{taken}"
            fill_in(desk, page, f"{page}/messages", text=words)
            assert next_words(heard) == words


def test_staff_hear_at_once_that_a_visitor_types_at_the_other_process(
    visitor: httpx.Client, desk: httpx.Client, taken: int
) -> None:
    with stream(desk, f"/staff/live/{taken}/events") as heard:
        assert not next_state(heard)["typing"]

        assert visitor.post("/api/typing").status_code == 204

        assert next_state(heard)["typing"]


def next_state(heard: Iterator[Heard]) -> Any:
    return next(json.loads(state) for name, state in heard if name == "state")


def test_the_console_hears_at_once_what_another_process_wrote_down(
    desk: httpx.Client, taken: int, ben: int
) -> None:
    with stream(desk, "/staff/events") as heard:
        assert next(heard)[0] == "listening"

        with transaction() as session:
            handoff_endings.give_back(session, taken, ben)

        name, news = next(heard)
        assert (name, json.loads(news)) == ("changed", {"kinds": ["handoff"], "urgent": False})


def test_what_was_rung_while_nobody_listened_is_shown_once_somebody_does(
    visitor: httpx.Client, desk: httpx.Client, taken: int, ben: int
) -> None:
    with stream(visitor, "/api/events") as heard:
        assert next_words(heard)
        say(taken, ben, "before", key="key-0001")
        assert next_words(heard) == "before"

        assert end_listeners() >= 1
        say(taken, ben, "meanwhile", key="key-0002")

        assert next_words(heard) == "meanwhile"
        say(taken, ben, "after", key="key-0003")
        assert next_words(heard) == "after"


def say(handoff_id: int, staff_id: int, words: str, *, key: str) -> None:
    with transaction() as session:
        live_chat.say(session, handoff_id, staff_id, key=key, text=words)


def end_listeners() -> int:
    """Cut every connection that listens, as a restart of the server would."""
    ours = "FROM pg_stat_activity WHERE datname = current_database()"
    cut = text(f"SELECT pg_terminate_backend(pid) {ours} AND query LIKE 'LISTEN %'")
    with engine().connect() as connection:
        return len(connection.execute(cut).all())


def test_a_ring_that_is_undone_reaches_nobody_and_a_kept_one_everybody(database: str) -> None:
    heard: list[str] = []

    async def listen() -> None:
        listener = bell.Listener()
        listening = asyncio.create_task(listener.listen_for_ever())
        while not listener.hears_everybody:
            await asyncio.sleep(0.01)
        heard.clear()
        await asyncio.to_thread(undone)
        await asyncio.to_thread(kept)
        while "kept" not in heard:
            await asyncio.sleep(0.01)
        listening.cancel()

    def undone() -> None:
        with transaction() as session:
            clinic_bell.ring(session, "undone")
            clinic_bell.sound(session)
            session.rollback()

    def kept() -> None:
        with transaction() as session:
            clinic_bell.ring(session, "kept")

    with (
        clinic_bell.hearing("undone", lambda: heard.append("undone")),
        clinic_bell.hearing("kept", lambda: heard.append("kept")),
    ):
        asyncio.run(asyncio.wait_for(listen(), AT_MOST_SECONDS))

    assert heard == ["kept"]


def test_a_listener_that_does_not_hear_itself_says_that_it_hears_nobody(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler, where the connection that listens is not the one that is rung at."""
    monkeypatch.setattr(bell, "SECONDS_BETWEEN_PROOFS", 0.2)
    monkeypatch.setattr(bell, "_ring", lambda proof: None)
    listener = bell.Listener()

    with pytest.raises(bell.NotHeard):
        asyncio.run(asyncio.wait_for(listener._listen(), AT_MOST_SECONDS))

    assert not listener.hears_everybody
