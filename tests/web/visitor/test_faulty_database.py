"""A full disk, a locked file, a database that was started again: an answer comes all the same, and
what could not be written down is said."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from clinic import conversations, database, handoffs, staff, turns, writers
from clinic.database import engine, transaction
from clinic.settings import settings
from clinic.tables import Staff
from tests.postgres_server import used_by_the_code
from tests.web.visitor.conftest import CRISIS, URL, FakeRasa, Visitor
from web.app import create_app
from web.visitor import calm, chat, keeping
from web.visitor.rasa import Reply

LONG = f"my secret words {'🙂' * 1900}"
"""Longer than a page or two that may be free in a full file."""
DANGER = "I want to kill myself"

Fault = Callable[[], Any]


@contextmanager
def full_disk() -> Iterator[None]:
    """The file may grow no more; this is SQLite's own error, as on a disk without space."""
    opened = engine()
    with opened.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))

    def set_bound(connection: Any, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(opened, "connect", set_bound)
    opened.dispose()
    try:
        with pytest.raises(OperationalError, match="full"):
            _fill_what_is_free()
        yield
    finally:
        event.remove(opened, "connect", set_bound)
        opened.dispose()


def _fill_what_is_free() -> None:
    """Pages that are there already take a few more rows."""
    for number in range(10_000):
        with transaction() as session:
            conversations.open_conversation(session, f"{number:040}")


@contextmanager
def locked_file() -> Iterator[None]:
    path = settings().database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


FAULTS = {"full disk": full_disk, "locked file": locked_file}


@pytest.fixture(params=FAULTS)
def fault(
    request: pytest.FixtureRequest, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Fault:
    if request.param == "locked file":
        monkeypatch.setattr(writers, "SECONDS_FOR_A_LOCKED_FILE", 0.02)
    engine.cache_clear()
    return FAULTS[request.param]


def test_the_bot_answers_and_says_that_nothing_was_written_down(
    fault: Fault, visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with fault(), caplog.at_level(logging.DEBUG):
        answer = visitor.say(LONG).json()

    said = [message["text"] for message in answer["messages"]]
    assert said == ["Hello.", chat.NOT_WRITTEN_DOWN]
    assert answer["kept"] is False
    assert "my secret" not in caplog.text


def test_sent_again_when_there_is_room_it_is_kept_once_and_nothing_more_is_said(
    fault: Fault, visitor: Visitor
) -> None:
    with fault():
        visitor.say(LONG)

    answer = visitor.say(LONG).json()

    assert [message["text"] for message in answer["messages"]] == ["Hello."]
    assert "kept" not in answer
    assert visitor.transcript() == [LONG, "Hello."]


def test_help_is_shown_and_stands_alone_and_our_page_keeps_the_words(
    fault: Fault, visitor: Visitor, rasa: FakeRasa
) -> None:
    rasa.says = CRISIS
    with fault():
        answer = visitor.say(f"{DANGER}. {LONG}").json()

    assert answer["messages"][0]["payload"]["type"] == "crisis"
    assert chat.NOT_WRITTEN_DOWN not in str(answer)
    assert answer["kept"] is False


def test_help_that_only_the_bot_found_stands_alone_too(
    fault: Fault, visitor: Visitor, rasa: FakeRasa
) -> None:
    rasa.says = CRISIS
    with fault():
        answer = visitor.say(LONG).json()

    (bubble,) = answer["messages"]
    assert bubble["payload"]["type"] == "crisis"
    assert answer["kept"] is False


def test_where_nothing_is_meant_to_be_kept_nothing_is_said_about_it(visitor: Visitor) -> None:
    with transaction() as session:
        conversations.forget(session, conversations.id_of(visitor.key))

    answer = visitor.say("what now").json()

    assert [message["text"] for message in answer["messages"]] == ["Hello."]
    assert "kept" not in answer


@pytest.fixture
def on_postgres(
    postgres_url: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visitor]:
    monkeypatch.setitem(database.WAITS, "lock_timeout", "50ms")
    with used_by_the_code(postgres_url):
        app = create_app()
        with TestClient(app, base_url=URL) as http:
            app.state.client = httpx.AsyncClient(transport=httpx.MockTransport(rasa))
            visitor = Visitor(http)
            visitor.open()
            yield visitor


def test_a_row_that_somebody_holds_is_not_waited_for_for_ever(on_postgres: Visitor) -> None:
    with transaction() as other:
        turns.take(other.connection(), conversations.id_of(on_postgres.key), "key-other")

        answer = on_postgres.say("hello").json()

    assert answer["kept"] is False
    assert answer["messages"][-1]["text"] == chat.NOT_WRITTEN_DOWN


DISK_IS_FULL = """
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER disk_is_full BEFORE INSERT ON messages EXECUTE FUNCTION disk_is_full()
"""


def test_postgresqls_full_disk_is_said_and_then_the_message_is_kept_once(
    on_postgres: Visitor,
) -> None:
    with transaction() as session:
        session.execute(text(DISK_IS_FULL))

    answer = on_postgres.say("hello").json()
    with transaction() as session:
        session.execute(text("DROP FUNCTION disk_is_full CASCADE"))
    again = on_postgres.say("hello").json()

    assert answer["kept"] is False
    assert "kept" not in again
    assert on_postgres.transcript() == ["hello", "Hello."]


def test_a_database_that_was_started_again_is_used_at_once(on_postgres: Visitor) -> None:
    on_postgres.say("before", "key-0001")
    with engine().connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
        connection.execute(text(f"{others} pg_backend_pid() AND datname = current_database()"))

    answer = on_postgres.say("after", "key-0002").json()

    assert "kept" not in answer
    assert on_postgres.transcript() == ["before", "Hello.", "after", "Hello."]


@pytest.mark.parametrize("name", database.WAITS)
def test_every_wait_of_a_session_has_an_end(on_postgres: Visitor, name: str) -> None:
    with transaction() as session:
        assert session.scalar(text(f"SHOW {name}")) not in (None, "0")


def test_long_work_on_the_whole_database_is_not_cut_off(postgres_url: str) -> None:
    patient = database.open_engine(postgres_url, patient=True)
    with patient.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
    patient.dispose()


def test_what_the_address_says_goes_before_our_own(postgres_url: str) -> None:
    opened = database.open_engine(f"{postgres_url}&options=-c%20lock_timeout%3D77ms")
    with opened.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "77ms"
    opened.dispose()


def test_staff_who_step_in_while_a_turn_ends_read_what_could_not_be_kept_before(
    on_postgres: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hand-off is held before its conversation, or two turns would wait for each other."""
    conversation_id = conversations.id_of(on_postgres.key)
    on_postgres.say("hello", "key-0000")
    with transaction() as session:
        staff.create_staff(session, "ben")
        ben = session.scalars(select(Staff.id)).one()
    leave, look, held = turns.leave, handoffs.is_live_for_this_turn, list[str]()

    def leave_after_a_step_in(connection: Connection, *turn: str) -> bool | None:
        if not held:
            with transaction() as meanwhile:
                handoffs.step_in(meanwhile, conversation_id, ben)
        held.append("conversation")
        return leave(connection, *turn)

    def look_first(session: Session, conversation_id: str) -> bool:
        held.append("hand-off")
        return look(session, conversation_id)

    monkeypatch.setattr(turns, "leave", leave_after_a_step_in)
    monkeypatch.setattr(handoffs, "is_live_for_this_turn", look_first)

    answer = keeping.after(conversation_id, "key-0001", [Reply("Hello.")], "is it painful?")

    assert answer == keeping.Answer([], handoffs.LIVE)
    assert on_postgres.transcript()[-1] == "is it painful?"
    assert held == ["conversation", "hand-off", "conversation"]


def test_a_bot_that_hangs_is_given_up_while_our_page_still_listens(
    visitor: Visitor, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(calm, "SECONDS_IN_ALL", calm.SECONDS_FOR_THE_END + 0.05)
    transport = httpx.MockTransport(hang)
    visitor.http.app.state.client = httpx.AsyncClient(transport=transport)  # type: ignore[attr-defined]

    answer = visitor.say("hello")

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "unavailable"
    assert "988" in answer.json()["error"]["message"]


def test_a_server_that_is_not_there_is_not_waited_for() -> None:
    """The visitor's page gives up after twelve seconds."""
    assert calm.SECONDS_IN_ALL < 12
    assert calm.SECONDS_FOR_THE_DATABASE + calm.SECONDS_FOR_THE_END < calm.SECONDS_IN_ALL
    assert database.SECONDS_TO_CONNECT + database.SECONDS_FOR_A_FREE_ONE < 8
    assert writers.SECONDS_FOR_A_LOCKED_FILE < calm.SECONDS_FOR_THE_DATABASE
