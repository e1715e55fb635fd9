"""Words of danger that could not be written down are, as soon as it can be done, and staff are
called: the visitor may have closed the page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from clinic import clock, conversations, erasure
from clinic.database import engine, transaction
from clinic.settings import settings
from clinic.tables import CrisisEvent, Message, Notice
from tests.web.visitor.conftest import CRISIS, URL, FakeRasa, Visitor
from web.app import create_app
from web.visitor import keeping, unwritten
from web.visitor.keeping import Answer
from web.visitor.rasa import Reply

HEARD_AT_ONCE = "I want to kill myself"
HEARD_BY_THE_BOT = "they would all be happier at my funeral"
SHOWN = "Please call 988 or 911."
Break = Callable[[str], None]


@pytest.fixture
def mended(break_database: Break, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Breaks the database now; what is given puts it right."""
    url = settings().database
    break_database("no such place")

    def mend() -> None:
        monkeypatch.setenv("CLINIC_DATABASE_URL", url)
        settings.cache_clear()
        engine.cache_clear()

    return mend


@pytest.fixture
def opened(visitor: Visitor) -> Visitor:
    """With a conversation that was begun while all was well."""
    return visitor


@pytest.mark.parametrize("words", [HEARD_AT_ONCE, HEARD_BY_THE_BOT])
def test_with_the_page_closed_it_is_written_once_and_staff_are_called(
    opened: Visitor, rasa: FakeRasa, mended: Callable[[], None], words: str
) -> None:
    rasa.says = CRISIS
    answer = opened.say(words)
    assert answer.json()["kept"] is False
    assert unwritten.write_waiting() == 0

    mended()

    assert unwritten.write_waiting() == 1
    assert unwritten.write_waiting() == 0
    assert opened.transcript() == [words, SHOWN]
    with transaction() as session:
        assert session.scalars(select(CrisisEvent)).one().outcome == "hard"
        assert session.scalars(select(Notice.kind)).all() == ["crisis"]


@pytest.mark.parametrize("words", [HEARD_AT_ONCE, HEARD_BY_THE_BOT])
def test_staff_read_when_it_was_said_first_not_when_it_was_written(
    opened: Visitor,
    rasa: FakeRasa,
    mended: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    words: str,
) -> None:
    said_at = clock.now() - timedelta(hours=3)
    rasa.says = CRISIS
    monkeypatch.setattr(unwritten, "now", lambda: said_at)
    opened.say(words)
    monkeypatch.setattr(unwritten, "now", clock.now)
    opened.say(words)
    mended()

    unwritten.write_waiting()

    with transaction() as session:
        moments = [*session.scalars(select(Message.at)), *session.scalars(select(CrisisEvent.at))]
    assert moments == [said_at] * 3


def test_where_the_page_sent_it_again_first_nothing_is_doubled(
    opened: Visitor, rasa: FakeRasa, mended: Callable[[], None]
) -> None:
    rasa.says = CRISIS
    opened.say(HEARD_AT_ONCE)
    mended()

    again = opened.say(HEARD_AT_ONCE).json()
    unwritten.write_waiting()

    assert "kept" not in again
    assert opened.transcript() == [HEARD_AT_ONCE, SHOWN]
    with transaction() as session:
        assert len(session.scalars(select(CrisisEvent)).all()) == 1


def test_where_we_wrote_it_first_the_page_gets_what_it_has_shown(
    opened: Visitor, rasa: FakeRasa, mended: Callable[[], None]
) -> None:
    rasa.says = CRISIS
    shown = opened.say(HEARD_AT_ONCE).json()["messages"]
    mended()
    unwritten.write_waiting()
    asked = len(rasa.asked)

    again = opened.say(HEARD_AT_ONCE).json()["messages"]

    words = [[(one["text"], one["payload"]) for one in bubbles] for bubbles in (shown, again)]
    assert words[0] == words[1]
    assert len(rasa.asked) == asked


def test_a_page_that_sends_it_again_and_again_takes_one_place_and_its_last_answer_is_written(
    opened: Visitor, rasa: FakeRasa, mended: Callable[[], None]
) -> None:
    rasa.status = 500
    opened.say(HEARD_AT_ONCE)
    rasa.status, rasa.says = 200, CRISIS
    for _ in range(3):
        opened.say(HEARD_AT_ONCE)
    assert len(unwritten._waiting) == 1

    mended()
    unwritten.write_waiting()

    assert opened.transcript() == [HEARD_AT_ONCE, SHOWN]


def test_other_words_are_left_to_the_page_which_says_that_they_are_not_kept(
    opened: Visitor, mended: Callable[[], None]
) -> None:
    opened.say("what does it cost?")
    mended()

    assert unwritten.write_waiting() == 0
    assert opened.transcript() == []


def test_who_was_erased_meanwhile_stays_erased(
    opened: Visitor, rasa: FakeRasa, mended: Callable[[], None]
) -> None:
    rasa.says = CRISIS
    opened.say(HEARD_AT_ONCE)
    mended()
    with transaction() as erasing:
        erasure.erase_conversation(erasing, conversations.id_of(opened.key), by_visitor=True)

    assert unwritten.write_waiting() == 1
    assert opened.transcript() == []


def test_what_cannot_be_written_keeps_nobody_else_waiting() -> None:
    def fails(*, at: datetime) -> Answer:
        raise ValueError("nobody had foreseen it")

    unwritten.write_later("c", "key-0001", fails)
    unwritten.write_later("c", "key-0002", lambda *, at: Answer([]))

    assert unwritten.write_waiting() == 0
    assert unwritten.write_waiting() == 1


def test_after_hours_it_is_given_up_and_that_is_logged_without_a_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unwritten, "WORTH_TRYING", timedelta())
    said = partial(print, "my secret words")
    unwritten.write_later("c", "key-0001", lambda *, at: said())

    unwritten.write_waiting()

    assert not unwritten._waiting
    assert "not kept" in caplog.text
    assert "secret" not in caplog.text


def test_there_is_an_end_to_what_waits(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unwritten, "MOST", 2)
    for number in range(3):
        unwritten.write_later("c", f"key-{number}", lambda *, at: None)

    assert len(unwritten._waiting) == 2
    assert [line.levelno for line in caplog.records] == [logging.ERROR]


def test_what_waits_is_written_when_the_web_is_stopped(database_url: str, rasa: FakeRasa) -> None:
    app = create_app()
    with TestClient(app, base_url=URL) as http:
        app.state.client = httpx.AsyncClient(transport=httpx.MockTransport(rasa))
        visitor = Visitor(http)
        visitor.open()
        conversation_id = conversations.id_of(visitor.key)
        help_ = Reply("Please call 988.", {"type": "crisis", "category": "suicide"})
        write = partial(keeping.after, conversation_id, "key-0001", [help_], HEARD_AT_ONCE)
        unwritten.write_later(conversation_id, "key-0001", write)

    with transaction() as session:
        assert session.scalars(select(CrisisEvent)).one().message_key == "key-0001"
