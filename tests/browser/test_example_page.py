"""The example clinic's page: it uses the chat as any website does, and shows owners how."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.console_desk import ConsoleDesk


def opened(page: Page, desk: ConsoleDesk) -> Page:
    page.goto(desk.url)
    expect(page.locator("front-desk .launcher")).to_be_visible()
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_has_no_serious_barrier_no_error_and_fits(
    page: Page, desk: ConsoleDesk, width: int, scheme: str
) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None
    )
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    opened(page, desk)
    found = Axe().run(page).response["violations"]

    assert problems == []
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_an_owner_sees_the_button_and_the_line_change_at_once(
    page: Page, desk: ConsoleDesk
) -> None:
    opened(page, desk)

    page.get_by_label("Colour").fill("#ffd400")
    page.get_by_label("Left").check()
    page.get_by_label("Greeting").fill('Hello from "us" & <all>')

    expect(page.locator("front-desk .launcher")).to_have_css("background-color", "rgb(255, 212, 0)")
    expect(page.locator("#line")).to_have_text(
        f'<script src="{desk.url}/widget.js" data-colour="#ffd400" data-position="left" '
        'data-greeting="Hello from &quot;us&quot; &amp; &lt;all>" async></script>'
    )
    place = page.locator("front-desk .launcher").bounding_box()
    assert place is not None
    assert place["x"] == 20


def test_without_a_choice_the_line_is_as_short_as_can_be(page: Page, desk: ConsoleDesk) -> None:
    opened(page, desk)

    expect(page.locator("#line")).to_have_text(
        f'<script src="{desk.url}/widget.js" async></script>'
    )


def test_the_line_can_be_copied(browser: Browser, desk: ConsoleDesk) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = opened(context.new_page(), desk)

    page.get_by_role("button", name="Copy the line").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    context.close()
    assert copied == f'<script src="{desk.url}/widget.js" async></script>'


def test_a_new_greeting_takes_nobody_away_from_where_they_write(
    page: Page, desk: ConsoleDesk
) -> None:
    opened(page, desk)
    page.get_by_role("link", name="Ask a question").click()
    field = page.locator("front-desk").frame_locator("iframe").get_by_label("Your message")
    expect(field).to_be_focused()

    page.get_by_label("Greeting").fill("Hello")

    expect(page.get_by_label("Greeting")).to_be_focused()


def test_without_scripts_visitors_are_told_to_call(browser: Browser, desk: ConsoleDesk) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(desk.url)

    expect(page.locator(".no-script")).to_contain_text("Please call us")
    expect(page.get_by_role("link", name="Call 988")).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "name", ["What staff see", "What the chat does in a crisis", "The chat on its own"]
)
def test_owners_can_click_on_to_the_rest(page: Page, desk: ConsoleDesk, name: str) -> None:
    opened(page, desk)

    with page.expect_navigation() as gone:
        page.get_by_role("link", name=name).first.click()

    assert gone.value.status == 200
