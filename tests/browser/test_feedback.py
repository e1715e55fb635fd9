"""“Was this helpful?” comes once, can be answered by keyboard, and stays away from danger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from clinic.tables import Conversation, Feedback
from tests.browser.bot_stand_in import bot_stand_in
from tests.browser.chat import Chat
from tests.console_desk import ConsoleDesk

ASKED = "Was this helpful?"
TOPIC: dict[str, Any] = {
    "type": "answer",
    "topic": "cost",
    "title": "Cost",
    "sources": [],
    "reviewed": None,
}
HELP: dict[str, Any] = {
    "type": "crisis",
    "category": "overdose",
    "resources": [{"name": "Line", "call": "988"}],
}
OUTCOME: dict[str, Any] = {"type": "outcome", "code": "R", "reasons": []}
QUESTION: dict[str, Any] = {
    "type": "question",
    "field": "how",
    "kind": "choice",
    "options": ["By phone"],
}


def say(conversation_id: str, text: str) -> list[dict[str, Any]]:
    payloads = {"screen me": [OUTCOME], "danger": [HELP], "ask me": [TOPIC, QUESTION]}
    said: list[dict[str, Any]] = []
    for payload in payloads.get(text, [TOPIC]):
        said += [{"text": f"About {text}."}, {"custom": payload}]
    return said


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleDesk]:
    with bot_stand_in(say) as url:
        desk = ConsoleDesk(tmp_path_factory.mktemp("feedback"), CLINIC_RASA_URL=url)
        try:
            desk.start()
            yield desk
        finally:
            desk.stop()


@pytest.fixture
def chat(desk: ConsoleDesk, page: Page) -> Chat:
    with desk.writing() as session:
        session.query(Feedback).delete()
    return Chat(page, desk.url, "?utm_source=Newsletter")


def opinions(desk: ConsoleDesk) -> list[bool | None]:
    with desk.writing() as session:
        return [row.helpful for row in session.query(Feedback)]


def test_after_the_third_answer_it_is_asked_once_and_answered_by_keyboard(
    chat: Chat, desk: ConsoleDesk
) -> None:
    bar = chat.page.get_by_role("group", name=ASKED)
    for place in range(3):
        expect(bar).to_be_hidden()
        chat.say(f"question {place}")

    expect(bar).to_be_visible()
    assert not Axe().run(chat.page).response["violations"]
    chat.page.get_by_label("Your message").press("Shift+Tab")
    expect(bar.get_by_label("Do not answer")).to_be_focused()
    chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press("Shift+Tab")
    expect(bar.get_by_role("button", name="Yes")).to_be_focused()
    with chat.page.expect_response("**/api/feedback"):
        chat.page.keyboard.press("Enter")

    expect(bar).to_be_hidden()
    expect(chat.page.get_by_label("Your message")).to_be_focused()
    assert opinions(desk) == [True]
    chat.say("screen me")
    expect(bar).to_be_hidden()


def test_after_an_outcome_it_can_be_left_alone_and_never_comes_again(
    chat: Chat, desk: ConsoleDesk
) -> None:
    chat.say("screen me")
    bar = chat.page.get_by_role("group", name=ASKED)
    bar.get_by_label("Do not answer").click()

    chat.page.goto(f"{desk.url}/chat")
    chat.say("screen me")

    expect(bar).to_be_hidden()
    assert opinions(desk) == [None]


def test_while_a_question_is_open_nothing_else_is_asked(chat: Chat) -> None:
    for _ in range(3):
        chat.say("ask me")

    expect(chat.page.get_by_role("group", name=ASKED)).to_be_hidden()


@pytest.mark.parametrize("words", ["danger", "I want to kill myself"])
def test_in_and_after_a_crisis_it_is_never_asked(chat: Chat, desk: ConsoleDesk, words: str) -> None:
    bar = chat.page.get_by_role("group", name=ASKED)
    chat.say("screen me")
    expect(bar).to_be_visible()

    chat.say(words)
    expect(bar).to_be_hidden()
    chat.say("screen me")

    expect(bar).to_be_hidden()


def test_of_the_next_conversation_it_may_be_asked_again(chat: Chat) -> None:
    bar = chat.page.get_by_role("group", name=ASKED)
    chat.say("danger")
    chat.page.get_by_role("button", name="Your conversation").click()
    chat.page.get_by_role("button", name="Delete this conversation").click()
    chat.page.get_by_role("button", name="Delete it").click()
    expect(chat.log).to_contain_text("This conversation was deleted.")

    chat.say("question")
    expect(bar).to_be_hidden()
    chat.say("screen me")

    expect(bar).to_be_visible()


def test_the_campaign_that_a_visitor_came_by_is_kept(chat: Chat, desk: ConsoleDesk) -> None:
    chat.say("hello")

    with desk.writing() as session:
        assert "newsletter" in {row.source for row in session.query(Conversation)}
