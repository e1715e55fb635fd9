"""The whole job in a real browser: asked, kept safe, screened, and read by staff."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.front_desk import FrontDesk

pytestmark = pytest.mark.running

PASSWORD = "four calm green boats"
TEXT_ANSWERS = {
    "How old are you": "forty three",
    "Which US state": "Oregon",
    "How many different antidepressants": "3",
    "name": "Ann Example",
    "phone number": "(202) 555-0143",
    "number": "(202) 555-0143",
    "mail": "ann@example.com",
    "time": "in the mornings",
}


class Chat:
    """What a visitor can do in the widget, by what they can see."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        page.goto(url)
        page.get_by_role("button", name="Ask the front desk").click()
        expect(page.get_by_label("Your message")).to_be_focused()

    def say(self, text: str) -> None:
        self._and_wait(lambda: self._type(text))

    def choose(self, label: str) -> None:
        button = self.log.get_by_role("button", name=label, exact=True)
        self._and_wait(lambda: button.last.click())

    def tick(self, label: str) -> None:
        self.log.get_by_role("checkbox", name=label, exact=True).last.check()
        button = self.log.get_by_role("button", name="Send", exact=True)
        self._and_wait(lambda: button.last.click())

    def _type(self, text: str) -> None:
        self.page.get_by_label("Your message").fill(text)
        self.page.get_by_label("Your message").press("Enter")

    def _and_wait(self, deed: Callable[[], None]) -> None:
        answers = self.log.locator(".message.bot")
        before = answers.count()
        with self.page.expect_response("**/api/messages"):
            deed()
        # The answer itself, not the end of “is writing”: that may be looked at before it begins.
        expect(answers.nth(before)).to_be_attached()
        expect(self.page.get_by_text("The assistant is writing")).to_be_hidden()


def answer_what_is_asked(chat: Chat) -> None:
    """Answer every question that is left, as a visitor without a yes would."""
    for _ in range(40):
        text = chat.log.inner_text()
        question = text[text.rfind("Question ") :]
        options = chat.log.get_by_role("button")
        names = [name for name in options.all_inner_texts() if name]
        if "Yes, send it" in names:
            return
        if "None of these" in question and chat.log.get_by_role("checkbox").count():
            chat.tick("None of these")
        elif "Never" in names:
            chat.choose("Never")
        elif "Normal" in names:
            chat.choose("Normal")
        elif "No" in names and "Has a clinician" not in question:
            chat.choose("No")
        elif "Yes" in names:
            chat.choose("Yes")
        elif chat.log.get_by_role("checkbox").count():
            chat.tick("No")
        else:
            chat.say(next(a for words, a in TEXT_ANSWERS.items() if words in question))
    raise AssertionError("the questions did not end")


def test_a_visitor_asks_is_kept_safe_is_screened_and_staff_read_the_lead(
    front_desk: FrontDesk,
    page: Page,
    browser: Browser,
    photograph: Callable[[Page, str], None],
) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    requested: set[str] = set()
    page.on("request", lambda request: requested.add(request.url))
    chat = Chat(page, front_desk.url)

    # a question
    expect(page.get_by_text("automated assistant").first).to_be_visible()
    chat.say("what is ketamine exactly?")
    expect(chat.log).to_contain_text("anesthetic")
    chat.log.get_by_text("Sources").last.click()
    expect(chat.log.get_by_role("link").first).to_be_visible()
    photograph(page, "widget-answer")

    # words of crisis in the middle of the screening
    chat.say("start the questions")
    chat.choose("Yes, I agree")
    chat.choose("No")
    expect(chat.log).to_contain_text("How old are you")
    chat.say("i want to kill myself")
    expect(chat.log).to_contain_text("You can reach someone right now")
    expect(chat.log.locator('a[href="tel:988"]').first).to_be_visible()
    expect(chat.log.locator('a[href="tel:911"]').first).to_be_visible()
    photograph(page, "widget-crisis")

    # goes on, on purpose
    chat.choose("I'm safe, back to my question")
    expect(chat.log).to_contain_text("How old are you")
    chat.say("43")
    chat.say("California")
    photograph(page, "widget-question")
    chat.tick("Depression")
    answer_what_is_asked(chat)
    expect(chat.log).to_contain_text("Ann Example")
    chat.choose("Yes, send it")
    expect(chat.log).to_contain_text("A clinician decides")
    photograph(page, "widget-outcome")

    # a reload keeps what was said
    page.reload()
    page.get_by_role("button", name="Ask the front desk").click()
    expect(chat.log).to_contain_text("what is ketamine exactly?")

    assert problems == []
    assert all(url.startswith((front_desk.url, "data:")) for url in requested)
    staff_read_the_lead(front_desk, browser, photograph)


def staff_read_the_lead(
    front_desk: FrontDesk, browser: Browser, photograph: Callable[[Page, str], None]
) -> None:
    first = json.loads(front_desk.clinic("staff", "first"))
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{front_desk.url}/staff")
    page.get_by_label("Username").fill(first["username"])
    page.get_by_label("Password").fill(first["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("One-time password").fill(first["password"])
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password, once more").fill(PASSWORD)
    page.get_by_role("button", name="password").click()

    page.goto(f"{front_desk.url}/staff/leads")
    text = page.inner_text("main")
    assert text.index("Suicide") < text.index("Ann Example"), "words of crisis stand on top"
    photograph(page, "console-leads")

    page.get_by_role("link", name="Ann Example").first.click()
    expect(page.locator("main")).to_contain_text("+1 202-555-0143")
    expect(page.locator("main")).to_contain_text("California")
    expect(page.locator("main")).to_contain_text("what is ketamine exactly?")
    photograph(page, "console-lead")
    page.context.close()


def test_with_every_request_failing_988_and_911_are_still_there(
    front_desk: FrontDesk, page: Page
) -> None:
    chat = Chat(page, front_desk.url)
    page.route("**/api/**", lambda route: route.abort())

    page.get_by_label("Your message").fill("is anybody there")
    page.get_by_label("Your message").press("Enter")

    expect(chat.log).to_contain_text("Not sent")
    expect(page.locator('a[href="tel:988"]').first).to_be_visible()
    expect(page.locator('a[href="tel:911"]').first).to_be_visible()
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    expect(chat.log).not_to_contain_text("Not sent")


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_has_no_serious_barrier(
    front_desk: FrontDesk, browser: Browser, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    chat = Chat(context.new_page(), front_desk.url)
    chat.say("is it safe?")
    chat.say("start the questions")

    found = Axe().run(chat.page).response["violations"]

    serious = [v["id"] for v in found if v["impact"] in ("serious", "critical")]
    assert serious == []
    wider = chat.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wider, "the page scrolls sideways"
    context.close()
