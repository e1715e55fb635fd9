"""A visitor asks for a person, a member of staff takes over and hands back: with the real bot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import Chat
from tests.browser.staff import signed_in
from tests.front_desk import FrontDesk

pytestmark = pytest.mark.running


@pytest.fixture
def staff_page(front_desk: FrontDesk, browser: Browser) -> Iterator[Page]:
    """Somebody of staff who is here for chats."""
    page = signed_in(front_desk, browser)
    page.goto(f"{front_desk.url}/staff/live")
    page.get_by_role("button", name="I'm here for chats").click()
    expect(page.get_by_text("You are here for chats").first).to_be_visible()
    yield page
    page.goto(f"{front_desk.url}/staff/live")
    page.get_by_role("button", name="I'm away").click()
    page.context.close()


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def take_over(page: Page, chat: Chat) -> None:
    page.reload()
    # Visitors of other tests may still wait here; ours came last.
    waiting = page.locator("form[action$='/take']").all()
    newest = max(waiting, key=lambda form: int(str(form.get_attribute("action")).split("/")[-2]))
    newest.get_by_role("button").click()
    expect(page.get_by_text("Enter sends")).to_be_visible()
    expect(chat.page.get_by_placeholder("Write to the clinic team")).to_be_visible()


def test_taken_over_in_the_middle_of_the_questions_and_handed_back_at_the_same_one(
    front_desk: FrontDesk, staff_page: Page, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    chat.say("start the questions")
    chat.choose("Yes, I agree")
    chat.choose("No")
    chat.choose("About me")
    expect(chat.log).to_contain_text("How old are you")

    # the bot calls staff, and says that it is still the bot
    chat.say("can I talk to a real person please")
    expect(chat.log).to_contain_text("I have called our staff to this chat")
    take_over(staff_page, chat)
    expect(staff_page.locator("main")).to_contain_text("Pre-screening: begun, not sent")

    # the bot is silent, whatever is said: no answer, no question, nothing taken for an answer
    before = chat.log.locator(".message.bot").count()
    for text in ("hello", "43", "what is ketamine exactly?"):
        write(page, text)
        expect(staff_page.get_by_role("log")).to_contain_text(text)
    write(staff_page, "Hello, this is the front desk.")
    expect(chat.log).to_contain_text("Hello, this is the front desk.")
    assert chat.log.locator(".message.bot").count() == before

    # words of crisis are heard all the same
    chat.say("i want to kill myself")
    expect(chat.log).to_contain_text("You can reach someone right now")
    expect(staff_page.get_by_role("alert")).to_contain_text("Words of crisis")

    # handed back: the questions go on where they were
    staff_page.get_by_label("Note for your team").fill("called back by phone")
    staff_page.get_by_role("button", name="Hand back").click()
    expect(chat.log).to_contain_text("I'm the automated assistant again")
    chat.choose("Continue the questions")
    expect(chat.log.locator(".message.bot").last).to_contain_text("How old are you")
    chat.say("43")
    expect(chat.log).to_contain_text("Which US state")


def test_with_nobody_there_the_hours_are_told_and_a_callback_is_taken(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)

    chat.say("can I talk to a real person please")

    expect(chat.log).to_contain_text("nobody of our staff can come")
    expect(chat.log).to_contain_text("Our hours:")
    expect(page.get_by_role("button", name="Stop waiting")).to_be_hidden()
