"""The chat on a clinic's own website: one line, one request, no trace, and help if it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from clinic.facts import facts
from tests.browser.embedded import Embedded
from tests.browser.host_page import HostPage, host_page
from tests.receivers import free_port

PATIENCE = 6000
VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`forbidden: ${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture
def stranger(website: HostPage) -> Iterator[HostPage]:
    """A website that the clinic has not named."""
    with host_page(free_port()) as host:
        host.embed(website.desk)
        yield host


def expect_help(embedded: Embedded, within: int = PATIENCE) -> None:
    expect(embedded.cover.get_by_text("The chat did not open")).to_be_visible(timeout=within)
    expect(embedded.cover.get_by_role("link", name="Call 911")).to_be_visible()
    expect(embedded.cover.get_by_role("link", name="Call 988")).to_be_visible()
    expect(embedded.cover.get_by_role("link", name="Text 988")).to_be_visible()
    expect(embedded.cover.get_by_role("link", name=facts().phone)).to_be_visible()


def test_before_it_is_opened_nothing_is_asked_for_but_the_one_script(embedded: Embedded) -> None:
    asked: list[str] = []
    embedded.page.on("request", lambda request: asked.append(request.url))

    embedded.visit()
    embedded.page.wait_for_load_state("networkidle")

    assert asked == [f"{embedded.host.origin}/", f"{embedded.host.desk}/widget.js"]


def test_the_chat_asks_nobody_but_our_server(embedded: Embedded) -> None:
    asked: list[str] = []
    embedded.page.on("request", lambda request: asked.append(request.url))

    embedded.visit().open()

    ours = (f"{embedded.host.desk}/", f"{embedded.host.origin}/")
    assert [url for url in asked if not url.startswith(ours)] == []


def test_it_works_under_the_strictest_policy_of_the_page(embedded: Embedded) -> None:
    embedded.page.add_init_script(VIOLATIONS)

    embedded.visit().open()
    embedded.page.keyboard.press("Escape")
    expect(embedded.panel).to_be_hidden()

    assert embedded.errors == []
    assert embedded.warnings == []
    assert embedded.style("position") == "relative", "our own style is there"


def test_it_can_be_opened_and_closed_without_a_mouse(embedded: Embedded) -> None:
    embedded.visit()
    button = embedded.page.get_by_role("button", name="Ask the front desk", expanded=False)

    button.press("Enter")
    expect(embedded.field).to_be_focused()
    opened = embedded.launcher.get_attribute("aria-expanded")
    embedded.page.keyboard.press("Escape")

    expect(embedded.panel).to_be_hidden()
    expect(button).to_be_focused()
    assert opened == "true"


def test_the_button_itself_closes_it_too(embedded: Embedded) -> None:
    embedded.visit().open()

    embedded.launcher.click()

    expect(embedded.panel).to_be_hidden()
    expect(embedded.launcher).to_be_focused()


def test_an_element_of_the_page_opens_it_and_gets_the_focus_back(embedded: Embedded) -> None:
    embedded.visit()
    link = embedded.page.get_by_role("link", name="Ask us")

    link.click()
    expect(embedded.field).to_be_focused()
    embedded.page.keyboard.press("Escape")

    expect(link).to_be_focused()
    assert embedded.page.url == f"{embedded.host.origin}/"


def test_the_pages_own_scripts_can_open_and_close_it(embedded: Embedded) -> None:
    embedded.visit()

    embedded.page.evaluate("frontDesk.open()")
    expect(embedded.field).to_be_focused()
    embedded.page.evaluate("frontDesk.close()")

    expect(embedded.panel).to_be_hidden()


def test_the_line_twice_on_a_page_is_one_button(embedded: Embedded) -> None:
    embedded.host.embed(embedded.host.desk, times=2)

    embedded.visit()
    embedded.page.wait_for_load_state("networkidle")

    expect(embedded.launcher).to_have_count(1)
    assert embedded.errors == []


OTHERS_OWN_PATH = '<script src="/scripts/widget.js"></script>'
OTHERS_SAME_NAME = '<script src="https://elsewhere.example/widget.js" async></script>'
HIDDEN = "Object.defineProperty(document, 'currentScript', {get: () => null})"
"""As with tools that join scripts or put them off."""


@pytest.mark.parametrize(
    ("others", "ours"), [(OTHERS_OWN_PATH, ""), (OTHERS_SAME_NAME, "data-front-desk")]
)
def test_where_the_scripts_tag_is_hidden_another_ones_is_never_taken_for_it(
    embedded: Embedded, others: str, ours: str
) -> None:
    embedded.host.embed(embedded.host.desk, ours)
    embedded.host.head = others
    embedded.page.add_init_script(HIDDEN)

    embedded.visit().open()

    assert embedded.warnings == []


def test_where_nobody_can_tell_whose_script_it_is_nothing_is_shown_and_it_is_said(
    embedded: Embedded,
) -> None:
    embedded.host.head = OTHERS_SAME_NAME
    embedded.page.add_init_script(HIDDEN)

    with embedded.page.expect_console_message(lambda message: "Front desk" in message.text):
        embedded.page.goto(embedded.host.origin)

    expect(embedded.launcher).to_have_count(0)
    assert "data-front-desk" in embedded.warnings[0]


def test_the_line_may_stand_in_the_head_of_the_page(embedded: Embedded) -> None:
    embedded.host.head = f'<script src="{embedded.host.desk}/widget.js"></script>'
    embedded.host.script = ""

    embedded.visit().open()

    assert embedded.errors == []


def test_a_page_that_is_cut_off_from_others_can_show_it(embedded: Embedded) -> None:
    embedded.host.headers = {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
    }

    embedded.visit().open()

    assert embedded.page.evaluate("crossOriginIsolated")


def test_a_page_that_tells_nobody_where_it_is_can_show_it(embedded: Embedded) -> None:
    embedded.host.headers = {"Referrer-Policy": "no-referrer"}

    embedded.visit().open()


def test_the_pages_domain_keeps_nothing_of_ours_when_the_chat_is_closed(
    embedded: Embedded,
) -> None:
    embedded.visit().open()
    while_open = embedded.page.evaluate("({...sessionStorage})")
    embedded.page.keyboard.press("Escape")
    expect(embedded.panel).to_be_hidden()

    assert while_open == {"front-desk": "open"}
    assert embedded.page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert embedded.page.context.cookies(embedded.host.origin) == []


def test_the_next_page_opens_it_again_and_takes_no_focus(embedded: Embedded) -> None:
    embedded.visit().open()

    embedded.page.get_by_role("link", name="Next page").click()

    expect(embedded.field).to_be_visible()
    expect(embedded.launcher).to_have_attribute("aria-expanded", "true")
    assert not embedded.has_focus()


def test_where_the_browser_keeps_nothing_it_opens_all_the_same(embedded: Embedded) -> None:
    embedded.page.add_init_script(
        "if (window === top) Object.defineProperty(window, 'sessionStorage',"
        " {get() { throw new DOMException('forbidden', 'SecurityError'); }});"
    )

    embedded.visit().open()

    assert embedded.errors == []


def test_a_person_who_writes_is_heard_on_the_next_page_and_shown_on_the_button(
    embedded: Embedded,
) -> None:
    embedded.visit().open()
    embedded.tell_loader(frontDesk="person", here=True)
    embedded.page.wait_for_function("sessionStorage['front-desk'] === 'open'")
    embedded.page.keyboard.press("Escape")
    embedded.page.wait_for_function("sessionStorage['front-desk'] === 'person'")

    embedded.page.get_by_role("link", name="Next page").click()
    expect(embedded.frame).to_be_attached()
    expect(embedded.panel).to_be_hidden()
    embedded.chat.locator("html").wait_for(state="attached")
    frame = embedded.page.frames[1]
    frame.evaluate("parent.postMessage({frontDesk: 'unread', count: 2}, '*')")

    expect(
        embedded.page.get_by_role("button", name="Ask the front desk, 2 new messages")
    ).to_be_visible()


def test_what_another_window_says_is_not_heeded(embedded: Embedded) -> None:
    embedded.visit().open()

    embedded.page.evaluate("""() => new Promise((heard) => {
      addEventListener("message", heard, {once: true});
      postMessage({frontDesk: "close"}, "*");
    })""")

    expect(embedded.panel).to_be_visible()


def test_a_website_that_is_not_named_gets_the_help_lines_and_no_chat(
    page: Page, stranger: HostPage
) -> None:
    embedded = Embedded(page, stranger).visit()

    embedded.launcher.click()

    expect_help(embedded)
    expect(embedded.frame).to_be_hidden()


def test_with_our_server_gone_the_help_lines_are_there_in_time(embedded: Embedded) -> None:
    embedded.page.route("**/chat?*", lambda route: route.abort())
    embedded.visit()

    embedded.launcher.click()

    expect(embedded.cover.get_by_role("link", name="Call 988")).to_be_visible(timeout=1000)
    expect_help(embedded)


def test_a_server_that_does_not_answer_is_waited_for_no_longer_than_promised(
    embedded: Embedded,
) -> None:
    held: list[Route] = []
    embedded.page.clock.install()
    embedded.page.route("**/chat?*", lambda route: held.append(route))
    embedded.visit()
    embedded.launcher.click()
    expect(embedded.cover.get_by_text("The chat is opening")).to_be_visible()

    embedded.page.clock.fast_forward(PATIENCE)

    expect_help(embedded)
    held[0].continue_()  # late is better than never
    expect(embedded.field).to_be_focused()


def test_it_can_be_tried_again(embedded: Embedded) -> None:
    embedded.page.route("**/chat?*", lambda route: route.abort())
    embedded.visit()
    embedded.launcher.click()
    expect_help(embedded)
    embedded.page.unroute("**/chat?*")

    embedded.cover.get_by_role("button", name="Try again").click()

    expect(embedded.field).to_be_focused()
    expect(embedded.cover).to_be_hidden()


def test_whoever_went_on_to_something_else_is_not_called_away(embedded: Embedded) -> None:
    held: list[Route] = []
    embedded.page.route("**/chat?*", lambda route: held.append(route))
    embedded.visit()
    embedded.launcher.click()
    other = embedded.page.get_by_role("button", name="Something else")
    other.focus()

    held[0].continue_()
    expect(embedded.field).to_be_visible()

    expect(other).to_be_focused()


def test_words_of_help_have_no_serious_barrier(embedded: Embedded) -> None:
    embedded.page.route("**/chat?*", lambda route: route.abort())
    embedded.host.policy = ""  # for the tool that looks
    embedded.visit()
    embedded.launcher.click()
    expect_help(embedded)

    found = Axe().run(embedded.page, context="front-desk").response["violations"]

    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
