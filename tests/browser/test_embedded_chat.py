"""A whole conversation on a clinic's own website, also where foreign cookies are blocked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.answering import CALL_STAFF, AnsweringDesk, answering_desk
from tests.browser.embedded import Embedded
from tests.browser.host_page import HostPage, host_page
from tests.browser.staff import signed_in
from tests.receivers import free_port

Photograph = Callable[[Page, str], None]
BLOCKED = {"profile": {"block_third_party_cookies": True, "cookie_controls_mode": 1}}


@pytest.fixture(scope="module")
def clinic_site() -> Iterator[HostPage]:
    with host_page(free_port()) as host:
        yield host


@pytest.fixture(scope="module")
def talking(
    clinic_site: HostPage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AnsweringDesk]:
    folder = tmp_path_factory.mktemp("talking")
    with answering_desk(folder, CLINIC_ALLOWED_ORIGINS=clinic_site.origin) as desk:
        yield desk


@pytest.fixture
def site(clinic_site: HostPage, talking: AnsweringDesk) -> HostPage:
    clinic_site.embed(talking.url)
    talking.heard.texts.clear()
    return clinic_site


@pytest.fixture
def visit(page: Page, site: HostPage) -> Embedded:
    return Embedded(page, site).visit()


@pytest.fixture
def staff_page(talking: AnsweringDesk, browser: Browser) -> Iterator[Page]:
    page = signed_in(talking.desk, browser)
    page.goto(f"{talking.url}/staff/live")
    yield page
    page.context.close()


def say(visit: Embedded, text: str) -> None:
    visit.field.fill(text)
    visit.field.press("Enter")
    expect(visit.chat.get_by_role("log")).to_contain_text(f"About {text}.")


@pytest.mark.parametrize("size", [(1280, 800), (320, 640)], ids=["desktop", "phone"])
def test_a_conversation_on_another_website_and_after_its_reload(
    visit: Embedded, size: tuple[int, int], photograph: Photograph
) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.open()
    say(visit, "what is it")
    say(visit, "ask several")
    found = Axe().run(visit.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    photograph(visit.page, f"embedded-{size[0]}")

    visit.page.reload()

    log = visit.chat.get_by_role("log")
    expect(log).to_contain_text("About what is it.")
    expect(log.get_by_role("checkbox", name="Anxiety")).to_be_visible()
    assert visit.errors == []


def test_where_the_browser_blocks_foreign_cookies_a_reload_and_a_new_day_keep_it(
    playwright: Playwright,
    browser_type_launch_args: dict[str, object],
    site: HostPage,
    tmp_path: Path,
) -> None:
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(BLOCKED), "utf-8")

    def visited(words: str) -> None:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path),
            **browser_type_launch_args,  # type: ignore[arg-type]
        )
        visit = Embedded(context.new_page(), site).visit().open()
        log = visit.chat.get_by_role("log")
        if words:
            expect(log).to_contain_text(words)
        say(visit, "what is it")
        visit.page.reload()
        expect(log).to_contain_text("About what is it.")
        assert context.cookies(site.origin) == []
        [cookie] = context.cookies()
        assert cookie["partitionKey"] == "http://localhost"
        context.close()

    visited("What would you like to know")
    visited("About what is it.")  # the browser was closed in between


def test_a_clinics_two_websites_share_nothing(visit: Embedded, talking: AnsweringDesk) -> None:
    """A browser keeps the storage of a frame apart for each site around it."""
    visit.open()
    say(visit, "what is it")

    alone = visit.page.context.new_page()
    alone.goto(f"{talking.url}/chat")

    expect(alone.get_by_role("log")).to_contain_text("What would you like to know")
    expect(alone.get_by_role("log")).not_to_contain_text("About what is it.")


def test_a_person_who_writes_is_seen_live_counted_when_closed_and_marked_as_new(
    visit: Embedded, staff_page: Page, photograph: Photograph
) -> None:
    visit.open()
    say(visit, CALL_STAFF)
    staff_page.get_by_role("button", name=re.compile("^Take over")).first.click()
    expect(staff_page.get_by_text("Enter sends")).to_be_visible()
    log = visit.chat.get_by_role("log")

    staff_page.get_by_label("Your message").fill("Hello, this is us.")
    staff_page.get_by_label("Your message").press("Enter")
    expect(log).to_contain_text("Hello, this is us.")
    expect(log.get_by_text("New", exact=True)).to_have_count(0)
    photograph(visit.page, "embedded-live")

    visit.page.keyboard.press("Escape")
    expect(visit.panel).to_be_hidden()
    for words in ("Are you there?", "We wait."):
        staff_page.get_by_label("Your message").fill(words)
        staff_page.get_by_label("Your message").press("Enter")
        expect(staff_page.get_by_role("log")).to_contain_text(words)
    button = visit.page.get_by_role("button", name="Ask the front desk, 2 new messages")
    expect(button).to_be_visible()
    photograph(visit.page, "embedded-unread")

    # on the next page of the clinic's website it is heard as well
    visit.page.get_by_role("link", name="Next page").click()
    expect(visit.chat.locator(".log")).to_contain_text("We wait.")
    staff_page.get_by_label("Your message").fill("Still here.")
    staff_page.get_by_label("Your message").press("Enter")
    button = visit.page.get_by_role("button", name="Ask the front desk, 1 new message")
    button.click()
    expect(log).to_contain_text("Still here.")
    expect(log.get_by_text("New", exact=True)).to_be_visible()
    expect(visit.launcher).to_have_accessible_name("Ask the front desk")

    # what was seen once is not new the next time
    visit.page.keyboard.press("Escape")
    visit.launcher.click()
    expect(log.get_by_text("New", exact=True)).to_have_count(0)
