"""Words of danger are answered with help in time, however much of what stands behind is broken."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import first_help
from clinic.facts import facts
from clinic.settings import settings
from clinic.tables import CrisisEvent
from tests.web.visitor.conftest import CRISIS, FakeRasa, Visitor
from web.visitor import danger, keeping
from web.visitor import rasa as rasa_channel
from web.visitor.chat import first_help_of
from web.visitor.rasa import Reply

WORDS = "I want to kill myself"
CALM = "what does it cost"


def only_bubble(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200
    (bubble,) = answer.json()["messages"]
    assert isinstance(bubble, dict)
    return bubble


def assert_is_help(bubble: dict[str, Any]) -> None:
    assert bubble["payload"]["type"] == "crisis"
    assert rasa_channel.follows_schema(bubble["payload"])
    calls = [line["call"] for line in bubble["payload"]["resources"]]
    assert calls[:1] == ["911"]
    assert "988" in calls
    assert "call 911" in bubble["text"]
    assert "call or text 988" in bubble["text"]


@pytest.mark.parametrize("error", [httpx.ReadTimeout("late"), httpx.ConnectError("nobody"), None])
def test_without_rasa_web_itself_helps_and_calls_staff(
    session: Session, visitor: Visitor, rasa: FakeRasa, error: Exception | None
) -> None:
    rasa.breaks, rasa.status = error, 500

    bubble = only_bubble(visitor.say(WORDS))

    assert_is_help(bubble)
    assert "has not answered in time" in bubble["text"]
    assert visitor.transcript() == [WORDS, bubble["text"]]
    (event,) = session.scalars(select(CrisisEvent))
    assert (event.category, event.outcome) == ("suicide", "hard")


@pytest.mark.parametrize(
    "says", [[], {"status": "failure"}, ["hi"], [{"text": 5}], [{"custom": "x"}], [{"text": ""}]]
)
def test_when_rasa_answers_with_nothing_or_nonsense_web_itself_helps(
    visitor: Visitor, rasa: FakeRasa, says: Any
) -> None:
    rasa.says = says

    assert_is_help(only_bubble(visitor.say(WORDS)))


def test_when_rasa_answers_that_is_the_answer(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.says = CRISIS

    assert only_bubble(visitor.say(WORDS))["text"] == "Please call 988 or 911."


def test_a_rasa_that_hangs_is_not_waited_for(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(danger, "SECONDS_IN_ALL", danger.SECONDS_FOR_THE_DATABASE + 0.05)
    transport = httpx.MockTransport(hang)
    visitor.http.app.state.client = httpx.AsyncClient(transport=transport)  # type: ignore[attr-defined]

    assert_is_help(only_bubble(visitor.say(WORDS)))


def test_help_comes_in_less_than_two_seconds_at_the_worst() -> None:
    assert danger.SECONDS_IN_ALL < 2
    before_the_bot = danger.SECONDS_FOR_THE_TURN_BEFORE + 2 * danger.SECONDS_FOR_THE_DATABASE
    assert before_the_bot + danger.SECONDS_FOR_THE_DATABASE < danger.SECONDS_IN_ALL, "nor for none"


def test_one_patience_is_enough_for_all_that_hangs(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database before the bot, the bot, the database after it: each takes all it may."""
    now = 0.0

    def passes(seconds: float) -> None:
        nonlocal now
        now += seconds

    async def hang(deed: object, seconds: float, otherwise: object) -> object:
        passes(seconds)
        return otherwise

    async def count_in_vain(may: object, seconds: float) -> bool:
        passes(seconds)
        return True

    async def ask_in_vain(*asked: Any) -> list[Reply]:
        alarm, seconds = asked[4:6]
        passes(seconds)
        return [first_help_of(first_help.without_the_bot(alarm))]

    monkeypatch.setattr("web.visitor.in_time.monotonic", lambda: now)
    monkeypatch.setattr(danger, "in_time", hang)
    monkeypatch.setattr(danger, "limits", SimpleNamespace(counted=count_in_vain))
    monkeypatch.setattr(danger, "_ask", ask_in_vain)

    assert_is_help(only_bubble(visitor.say(WORDS)))
    assert 1.0 < now <= danger.SECONDS_IN_ALL


@pytest.mark.parametrize("how", ["not a database", "no such place"])
def test_without_rasa_and_without_a_database_help_still_comes(
    visitor: Visitor,
    rasa: FakeRasa,
    break_database: Callable[[str], None],
    how: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rasa.status = 500
    break_database(how)

    with caplog.at_level(logging.DEBUG):
        answer = visitor.say(WORDS)

    assert_is_help(only_bubble(answer))
    assert WORDS not in caplog.text


def test_a_database_that_hangs_is_not_waited_for(
    visitor: Visitor, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa.says = CRISIS
    monkeypatch.setattr(danger, "SECONDS_FOR_THE_DATABASE", 0.01)
    for deed in ("before", "after"):
        monkeypatch.setattr(keeping, deed, lambda *_, **__: time.sleep(0.1))

    assert only_bubble(visitor.say(WORDS))["payload"]["type"] == "crisis"


def test_other_words_get_the_refusal_with_the_numbers(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.status = 500

    assert visitor.say(CALM).status_code == 503


def test_words_of_danger_are_never_refused_for_being_too_many(
    database_url: str, visitor: Visitor, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_MESSAGES_PER_MINUTE", "2")
    settings.cache_clear()
    rasa.says = CRISIS
    for number in range(2):
        visitor.say(CALM, key=f"key-000{number}")

    assert visitor.say(CALM, key="key-calm").status_code == 429
    answers = [visitor.say(WORDS, key=f"key-100{number}") for number in range(5)]

    assert [only_bubble(answer)["payload"]["type"] for answer in answers] == ["crisis"] * 5
    assert len(rasa.asked) == 4, "a flood does not reach the bot"
    last = only_bubble(answers[-1])
    assert_is_help(last)
    assert last["id"] != "key-1004", "under the message's own key the widget would not draw it"


LETTER = "I have been thinking about how all this began. " * 60


@pytest.mark.parametrize("text", [f"{WORDS}. {LETTER}", LETTER + WORDS])
def test_a_long_letter_is_kept_whole_and_the_bot_reads_the_part_with_the_danger(
    visitor: Visitor, rasa: FakeRasa, text: str
) -> None:
    rasa.says = CRISIS

    bubble = only_bubble(visitor.say(text))

    assert WORDS in rasa.asked[0]["message"]
    assert len(rasa.asked[0]["message"]) <= danger.LONGEST_FOR_THE_BOT
    assert "Please call 988 or 911." in bubble["text"]
    assert "only a part" in bubble["text"]
    assert visitor.transcript()[0] == text


def test_if_the_bot_hears_nothing_in_its_part_help_comes_all_the_same(
    visitor: Visitor, rasa: FakeRasa
) -> None:
    messages = visitor.say(f"{LETTER}{WORDS}. {LETTER}").json()["messages"]

    assert messages[0]["text"] == "Hello."
    assert_is_help(messages[1])
    assert "only a part" in messages[1]["text"]


def test_help_speaks_spanish_to_who_writes_spanish(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.status = 500

    bubble = only_bubble(visitor.say("me tomé todas las pastillas"))

    assert bubble["payload"]["language"] == "es"
    assert bubble["payload"]["category"] == "overdose"
    assert "llama al 911" in bubble["text"]
    assert any(line["call"] == "1-800-222-1222" for line in bubble["payload"]["resources"])


@pytest.mark.parametrize(
    ("country", "numbers"), [("GB", ["999", "116 123"]), ("NZ", ["111", "1737"])]
)
def test_every_text_names_the_numbers_of_the_clinics_country(
    visitor: Visitor,
    rasa: FakeRasa,
    monkeypatch: pytest.MonkeyPatch,
    country: str,
    numbers: list[str],
) -> None:
    there = facts().model_copy(update={"country": country})
    monkeypatch.setattr("clinic.help_lines.facts", lambda: there)
    rasa.status = 500

    apology = visitor.say(CALM).json()["error"]["message"]
    help_text = only_bubble(visitor.say(WORDS, key="key-0002"))["text"]

    for text in (apology, help_text):
        assert all(number in text for number in numbers), text
        assert "988" not in text


@pytest.mark.parametrize(
    ("country", "sentence", "links"),
    [
        ("US", "Call or text 988", ["tel:911", "tel:988", "sms:988"]),
        ("NZ", "Call or text 1737", ["tel:111", "tel:1737", "sms:1737"]),
        ("GB", "Call 116 123", ["tel:999", "tel:116123"]),
        ("IE", "Call 116 123", ["tel:112", "tel:116123"]),
        ("DE", "Call 116 123", ["tel:112", "tel:116123"]),
        ("AU", "Call 13 11 14 or text 0477 13 11 14", ["tel:000", "tel:131114", "sms:0477131114"]),
    ],
)
def test_the_bar_of_the_page_offers_only_ways_that_the_line_has(
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    country: str,
    sentence: str,
    links: list[str],
) -> None:
    there = facts().model_copy(update={"country": country})
    monkeypatch.setattr("clinic.help_lines.facts", lambda: there)

    bar = visitor.http.get("/chat").text.split('class="help-sentence">')[1].split("</p>")[0]

    words = " ".join(re.sub("<[^>]*>", " ", bar).split())
    assert words.endswith(f"In crisis? {sentence}")
    assert re.findall('href="([^"]*)"', bar) == links


def test_the_page_carries_the_first_look_and_its_own_help(visitor: Visitor) -> None:
    page = visitor.http.get("/chat")

    assert '"firstLine":' in page.text
    assert "I may have lost contact" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
