"""What was deleted is sent nowhere, shown nowhere and kept nowhere, whatever was under way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answering import AnsweringDesk
from tests.browser.chat import Chat

SENDING = "**/api/messages"
BEGINNING = "**/api/conversation"
DELETED = "This conversation was deleted."
SECRET = {"id": "key-0001", "from": "visitor", "at": "2026-11-22T10:00:00Z", "text": "my secret"}


@pytest.fixture
def chat(answering: AnsweringDesk, page: Page) -> Chat:
    answering.heard.texts.clear()
    page.clock.install()
    return Chat(page, answering.url)


def delete(chat: Chat) -> None:
    chat.page.get_by_role("button", name="Your conversation").click()
    chat.page.get_by_role("button", name="Delete this conversation").click()
    chat.page.get_by_role("button", name="Delete it").click()


def hold(page: Page, address: str) -> list[Route]:
    """The next request to this address waits until the test lets it go on."""
    held: list[Route] = []
    page.route(address, lambda route: held.append(route), times=1)
    return held


def type_in(chat: Chat, text: str) -> None:
    chat.page.get_by_label("Your message").fill(text)
    chat.page.get_by_label("Your message").press("Enter")


@pytest.mark.parametrize("end", ["comes to nothing", "arrives late"])
def test_a_message_under_way_is_not_sent_into_a_new_conversation(
    chat: Chat, answering: AnsweringDesk, end: str
) -> None:
    chat.say("hello there")
    held = hold(chat.page, SENDING)
    with chat.page.expect_request(SENDING):
        type_in(chat, "my secret")
    type_in(chat, "a second secret behind it")

    delete(chat)
    expect(chat.log).to_contain_text(DELETED)
    if end == "arrives late":
        with chat.page.expect_response(SENDING):
            held[0].continue_()
    else:
        held[0].abort()
    chat.page.clock.fast_forward(60_000)
    chat.say("a new beginning")

    assert answering.heard.texts == ["hello there", "a new beginning"]
    expect(chat.log).not_to_contain_text("secret")


def test_deleted_in_another_tab_it_is_not_sent_either(chat: Chat, answering: AnsweringDesk) -> None:
    chat.say("hello there")
    other = Chat(chat.page.context.new_page(), answering.url)
    held = hold(chat.page, SENDING)
    with chat.page.expect_request(SENDING):
        type_in(chat, "my secret")

    delete(other)
    expect(chat.log).not_to_contain_text("my secret")
    held[0].abort()
    chat.page.clock.fast_forward(60_000)
    chat.say("a new beginning")

    assert answering.heard.texts == ["hello there", "a new beginning"]


def test_a_history_that_is_still_on_its_way_is_not_shown(
    chat: Chat, answering: AnsweringDesk
) -> None:
    """Without locks, as in a frame, nothing keeps the two apart but the chat itself."""
    chat.say("my secret")
    tab = chat.page.context.new_page()
    tab.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined});")
    held = hold(tab, BEGINNING)
    with tab.expect_request(BEGINNING):
        tab.goto(f"{answering.url}/chat")

    delete(chat)
    expect(chat.log).to_contain_text(DELETED)
    answer = held[0].fetch(headers={**held[0].request.headers, "authorization": ""})
    old = {**answer.json(), "messages": [SECRET], "key": "an-old-key"}
    held[0].fulfill(json=old)

    expect(tab.get_by_role("log")).to_contain_text("What would you like to know")
    expect(tab.get_by_role("log")).not_to_contain_text("my secret")
    assert "an-old-key" not in str(tab.evaluate("({...localStorage})"))


def test_a_draft_goes_with_it(chat: Chat) -> None:
    chat.say("hello there")
    chat.page.get_by_label("Your message").fill("half a secr")

    delete(chat)

    expect(chat.log).to_contain_text(DELETED)
    expect(chat.page.get_by_label("Your message")).to_have_value("")


def test_nothing_is_said_to_be_deleted_while_nobody_can_know(
    page: Page, answering: AnsweringDesk
) -> None:
    """Without storage only a cookie may know the conversation, and only the server reads it."""
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('forbidden', 'SecurityError'); }});"
    )
    page.route(BEGINNING, lambda route: route.abort())
    page.goto(f"{answering.url}/chat")
    chat_log = page.get_by_role("log")
    expect(chat_log.get_by_role("alert")).to_contain_text("I could not reach our system.")

    page.get_by_role("button", name="Your conversation").click()
    page.get_by_role("button", name="Delete this conversation").click()
    page.get_by_role("button", name="Delete it").click()

    expect(page.get_by_role("dialog")).to_contain_text("That did not work.")
    expect(chat_log).not_to_contain_text(DELETED)
