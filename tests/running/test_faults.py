"""One fault at a time, at the worst moment, in the running product."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from clinic import conversations
from clinic.database import open_engine, reading
from tests.front_desk import FrontDesk, Visitor, everything, types
from tests.running.test_crisis import SENTENCES, help_in
from tests.running.test_screening import NO_YES, answer_all, leads

pytestmark = pytest.mark.running


class BesideRasa:
    """Stands between web and Rasa. What is to happen between Rasa's answer and web's next step
    happens in `meanwhile`, once."""

    def __init__(self, rasa_url: str) -> None:
        self.rasa_url = rasa_url
        self.port = 0
        self.meanwhile: Callable[[], None] | None = None
        self.heard: list[Any] = []
        """What Rasa answered to each message."""

    def pass_on(self, path: str, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        answer = httpx.post(self.rasa_url + path, content=body, headers=headers, timeout=30)
        self.heard.append(answer.json())
        deed, self.meanwhile = self.meanwhile, None
        if deed is not None:
            deed()
        return answer.content


@contextmanager
def beside_rasa(rasa_url: str) -> Iterator[BesideRasa]:
    between = BesideRasa(rasa_url)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(httpx.get(between.rasa_url + self.path, timeout=30).content)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(between.pass_on(self.path, body))

        def _answer(self, content: bytes) -> None:
            with suppress(OSError):  # who asked may be dead by now
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    between.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield between
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    """One of our own, to hurt."""
    desk = FrontDesk(tmp_path_factory.mktemp("faults"))
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()


@pytest.fixture
def between(desk: FrontDesk) -> Iterator[BesideRasa]:
    """Web talks to Rasa through this, for one test."""
    rasa_url = desk.env["CLINIC_RASA_URL"]
    with beside_rasa(rasa_url) as stand_in:
        desk.env["CLINIC_RASA_URL"] = f"http://127.0.0.1:{stand_in.port}"
        desk.kill("web")
        desk.start_again("web")
        yield stand_in
        desk.env["CLINIC_RASA_URL"] = rasa_url
        desk.kill("web")
        desk.start_again("web")


@contextmanager
def standing_still(desk: FrontDesk, name: str) -> Iterator[None]:
    """Stopped where it stands, and woken at the end."""
    pid = desk.processes[name].running.pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def post(visitor: Visitor, text: str, key: str) -> httpx.Response:
    return visitor.http.post("/api/messages", json={"text": text, "key": key})


def rows(desk: FrontDesk, visitor: Visitor, key: str) -> list[str]:
    """Who wrote what under this key, as it stands in the database."""
    with sqlite3.connect(desk.database) as database:
        found = database.execute(
            "SELECT sender FROM messages WHERE conversation_id = ? AND key = ? ORDER BY id",
            (conversations.id_of(visitor.key), key),
        )
        return [sender for (sender,) in found]


def test_web_killed_after_rasa_answered_gives_the_same_answer_to_the_second_try(
    desk: FrontDesk, between: BesideRasa
) -> None:
    visitor = Visitor(desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")
    key = str(uuid.uuid4())

    between.meanwhile = lambda: desk.kill("web")
    with pytest.raises(httpx.TransportError):
        post(visitor, "43", key)
    desk.start_again("web")
    answer = post(visitor, "43", key).json()["messages"]

    assert between.heard[-1] == between.heard[-2], "Rasa did the turn twice"
    assert [one["payload"]["field"] for one in answer] == ["state"]
    assert rows(desk, visitor, key) == ["visitor", "bot"]
    assert post(visitor, "43", key).json()["messages"] == answer


def test_words_of_crisis_are_answered_while_the_action_server_stands_still(
    desk: FrontDesk,
) -> None:
    visitor = Visitor(desk)
    visitor.say("start the questions", "Yes, I agree", "No")

    with standing_still(desk, "actions"):
        said = visitor.say(SENTENCES["suicide"])

    help_in(said)


def test_words_of_crisis_are_answered_while_rasa_stands_still(desk: FrontDesk) -> None:
    visitor = Visitor(desk)

    with standing_still(desk, "rasa"):
        said = visitor.say(SENTENCES["overdose"])

    help_in(said)


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Nobody else can write while this lasts."""
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def test_a_locked_database_brings_a_kind_answer_and_nothing_is_said_to_be_kept(
    desk: FrontDesk,
) -> None:
    visitor = Visitor(desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")
    key = str(uuid.uuid4())

    with locked(desk.database):
        answer = post(visitor, "43", key)

    words = answer.text
    assert answer.status_code in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE)
    assert "988" in words
    assert "911" in words
    assert '"state"' not in words, "the next question says that this answer was taken"


def test_words_of_crisis_do_not_wait_for_a_locked_database(desk: FrontDesk) -> None:
    visitor = Visitor(desk)

    with locked(desk.database):
        said = visitor.say(SENTENCES["suicide"])

    help_in(said)


def test_sending_at_once_twice_is_one_lead_and_one_answer(desk: FrontDesk) -> None:
    before = len(leads(desk))
    visitor = Visitor(desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until="review")
    key = str(uuid.uuid4())

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: post(visitor, "Yes, send it", key).json(), range(2)))

    assert len(leads(desk)) == before + 1
    assert answers[0]["messages"] == answers[1]["messages"]
    assert types(answers[0]["messages"]) == ["outcome"]
    assert rows(desk, visitor, key) == ["visitor", "bot"]


@pytest.mark.parametrize("name", ["actions", "web", "rasa"])
def test_what_was_answered_is_there_after_a_kill(desk: FrontDesk, name: str) -> None:
    visitor = Visitor(desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "43")
    assert visitor.field() == "state"

    desk.kill(name)
    desk.start_again(name)
    visitor.say("Oregon")

    assert visitor.field() == "main_reason"
    assert "43" in everything(visitor.open())
    assert _answers(desk, visitor)["age"] == [43]


def _answers(desk: FrontDesk, visitor: Visitor) -> dict[str, list[object]]:
    from clinic import kept_progress

    engine = open_engine(f"sqlite:///{desk.database}")
    with reading(engine) as session:
        kept = kept_progress.row(session, conversations.id_of(visitor.key), "screening")
        assert kept is not None
        found = json.loads(json.dumps(kept.progress["answers"]))
    engine.dispose()
    return {one["link_id"]: one["values"] for one in found}
