"""The whole job in a real browser: asked, kept safe, screened, and read by staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat import FRAME, Chat
from tests.browser.staff import signed_in
from tests.front_desk import FrontDesk

pytestmark = pytest.mark.running


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
    page.set_viewport_size(FRAME)
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
    chat.choose("About me")
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
    chat.answer_what_is_asked()
    expect(chat.log).to_contain_text("Ann Example")
    chat.choose("Yes, send it")
    expect(chat.log).to_contain_text("Thank you.")
    photograph(page, "widget-outcome")

    # a reload keeps what was said
    page.reload()
    expect(chat.log).to_contain_text("what is ketamine exactly?")

    assert problems == []
    assert all(url.startswith((front_desk.url, "data:")) for url in requested)
    staff_read_the_lead(front_desk, browser, photograph)


def staff_read_the_lead(
    front_desk: FrontDesk, browser: Browser, photograph: Callable[[Page, str], None]
) -> None:
    page = signed_in(front_desk, browser)
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

    expect(chat.log).to_contain_text("No answer")
    expect(chat.log.locator('a[href="tel:988"]').first).to_be_visible()
    expect(chat.log.locator('a[href="tel:911"]').first).to_be_visible()
    page.unroute("**/api/**")
    page.get_by_role("button", name="Try again").click()
    expect(chat.log).not_to_contain_text("No answer")


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chat_has_no_serious_barrier(
    front_desk: FrontDesk, browser: Browser, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",  # half faded in, words have too little contrast
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
