"""A visitor with two tabs has one conversation, and sees all of it in both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.answering import AnsweringDesk
from tests.browser.chat import FRAME, Chat


@pytest.fixture
def first(answering: AnsweringDesk, page: Page) -> Chat:
    answering.heard.texts.clear()
    return Chat(page, answering.url)


@pytest.fixture
def second(first: Chat, answering: AnsweringDesk) -> Chat:
    return Chat(first.page.context.new_page(), answering.url)


def said(chat: Chat) -> list[str]:
    """What was said since the welcome."""
    texts = [text.strip() for text in chat.log.locator(".bubble > p").all_inner_texts()]
    return [text for text in texts if "would you like to know" not in text]


def test_what_is_said_in_one_is_seen_in_the_other(
    first: Chat, second: Chat, photograph: Callable[[Page, str], None]
) -> None:
    for chat in (first, second):
        chat.page.set_viewport_size(FRAME)
    first.say("from the first")
    expect(second.log).to_contain_text("About from the first.")
    second.say("from the second")
    expect(first.log).to_contain_text("About from the second.")

    assert said(first) == said(second)
    assert said(first)[::2] == ["from the first", "from the second"]
    photograph(first.page, "chat-tab-one")
    photograph(second.page, "chat-tab-two")


def test_only_the_newest_buttons_can_be_pressed_in_both(first: Chat, second: Chat) -> None:
    first.say("ask for a choice")
    expect(second.log.get_by_role("button", name="Yes")).to_be_visible()

    second.choose("Yes")

    expect(first.log).to_contain_text("About Yes.")
    expect(first.log.get_by_role("button", name="Yes")).to_have_count(0)


def test_two_that_are_opened_at_once_are_one_conversation(
    page: Page, answering: AnsweringDesk
) -> None:
    other = page.context.new_page()
    held: list[Route] = []
    page.route("**/api/conversation", lambda route: held.append(route), times=1)
    with page.expect_request("**/api/conversation"):
        page.goto(f"{answering.url}/chat")
    other.goto(f"{answering.url}/chat")
    expect(other.get_by_role("log")).to_contain_text("What would you like to know")
    held[0].continue_()

    other.get_by_label("Your message").fill("hello from here")
    other.get_by_label("Your message").press("Enter")

    expect(other.get_by_role("log")).to_contain_text("About hello from here.")
    expect(page.get_by_role("log")).to_contain_text("About hello from here.")


def test_deleted_in_one_it_is_gone_in_the_other(first: Chat, second: Chat) -> None:
    first.say("a private thing")
    expect(second.log).to_contain_text("About a private thing.")

    first.page.get_by_role("button", name="Your conversation").click()
    first.page.get_by_role("button", name="Delete this conversation").click()
    first.page.get_by_role("button", name="Delete it").click()

    expect(first.log).to_contain_text("This conversation was deleted.")
    expect(second.log).not_to_contain_text("a private thing")
    second.say("something new")
    expect(first.log).not_to_contain_text("a private thing")
