"""The inbox in a browser: what is new appears by itself, and keys do what a hand would do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from clinic.crisis_events import record_crisis
from clinic.leads import save_lead
from tests import console_world
from tests.browser.staff import signed_in
from tests.clinic.screened import screened
from tests.console_desk import ConsoleDesk

SOON_MS = 10_000
COUNT_CALLS_AND_TONES = """() => {
  const seen = document.body.dataset;
  seen.calls = seen.tones = "0";
  window.addEventListener("front-desk:changed", (event) => {
    if (event.detail.urgent) seen.calls = String(Number(seen.calls) + 1);
  });
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    seen.tones = String(Number(seen.tones) + 1);
    return make.call(this);
  };
}"""
FIRST, SECOND = "Ann Example", "Luis Muster"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleDesk]:
    desk = ConsoleDesk(tmp_path_factory.mktemp("inbox"))
    try:
        desk.start()
        with desk.writing() as session:
            console_world.fill(session)
        yield desk
    finally:
        desk.stop()


@pytest.fixture(scope="module")
def staff(desk: ConsoleDesk, browser: Browser) -> Iterator[Page]:
    page = signed_in(desk, browser)
    yield page
    page.context.close()


@pytest.fixture
def inbox(desk: ConsoleDesk, staff: Page) -> Iterator[Page]:
    """The list, once it hears of changes; and nothing may have gone wrong on it."""
    problems: list[str] = []
    staff.on("pageerror", lambda error: problems.append(str(error)))
    with staff.expect_response("**/staff/leads"), staff.expect_request("**/staff/events"):
        staff.goto(f"{desk.url}/staff/leads")
    yield staff
    assert problems == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def come_in(desk: ConsoleDesk, name: str, urgency: int) -> None:
    with desk.writing() as session:
        save_lead(session, screened(conversation_id=name, name=name, urgency=urgency))


def test_a_new_lead_appears_by_itself_and_nobody_loses_their_place(
    desk: ConsoleDesk, inbox: Page
) -> None:
    inbox.get_by_role("link", name=SECOND).focus()
    inbox.evaluate("window.isTheSamePage = true")

    come_in(desk, "Fresh Arrival", urgency=4)

    expect(inbox.get_by_role("link", name="Fresh Arrival")).to_be_visible(timeout=SOON_MS)
    expect(inbox.locator("#announced")).to_have_text("One more lead in the list.")
    assert focused(inbox) == SECOND
    assert inbox.evaluate("window.isTheSamePage")


def test_words_of_crisis_come_to_the_top_and_into_the_title(desk: ConsoleDesk, inbox: Page) -> None:
    with desk.writing() as session:
        record_crisis(session, conversation_id="x", message_key="1", category="overdose")

    expect(inbox.locator("#live-alarms")).to_contain_text("Overdose", timeout=SOON_MS)
    expect(inbox).to_have_title("(2) Leads · Front desk")
    expect(inbox.locator("#announced")).to_contain_text("Somebody needs you now")


def test_a_list_that_cannot_be_refreshed_says_so_and_takes_it_back(
    desk: ConsoleDesk, inbox: Page
) -> None:
    warning = inbox.get_by_text("This list could not be refreshed")
    inbox.route("**/staff/leads", lambda route: route.fulfill(status=500, body="no"))
    come_in(desk, "Not Seen Yet", urgency=3)
    expect(warning).to_be_visible(timeout=SOON_MS)

    inbox.unroute("**/staff/leads")
    come_in(desk, "Seen Again", urgency=3)

    expect(inbox.get_by_role("link", name="Seen Again")).to_be_visible(timeout=SOON_MS)
    expect(warning).to_be_hidden()


def test_only_one_of_two_tabs_holds_a_stream_and_both_hear_of_changes(
    desk: ConsoleDesk, inbox: Page
) -> None:
    streams: list[str] = []
    other = inbox.context.new_page()
    other.on("request", lambda request: streams.append(request.url))
    other.goto(f"{desk.url}/staff/leads")
    expect(other.get_by_role("link", name=SECOND)).to_be_visible()

    come_in(desk, "Heard by Both", urgency=3)

    for page in (inbox, other):
        expect(page.get_by_role("link", name="Heard by Both")).to_be_visible(timeout=SOON_MS)
    assert not [url for url in streams if url.endswith("/events")]
    other.close()


def test_a_tab_takes_over_when_the_one_that_heard_is_closed(desk: ConsoleDesk, staff: Page) -> None:
    staff.goto("about:blank")
    first, second = staff.context.new_page(), staff.context.new_page()
    with first.expect_request("**/staff/events"):
        first.goto(f"{desk.url}/staff/leads")
    second.goto(f"{desk.url}/staff/leads")

    with second.expect_request("**/staff/events"):
        first.close()
    come_in(desk, "After the Change", urgency=3)

    expect(second.get_by_role("link", name="After the Change")).to_be_visible(timeout=SOON_MS)
    second.close()


def test_keys_move_open_search_and_go(desk: ConsoleDesk, inbox: Page) -> None:
    for key, name in (("j", FIRST), ("j", "Fresh Arrival"), ("ArrowUp", FIRST), ("k", FIRST)):
        inbox.keyboard.press(key)
        assert focused(inbox) == name

    inbox.keyboard.press("Enter")
    expect(inbox.get_by_role("heading", name=FIRST)).to_be_visible()
    inbox.wait_for_load_state()  # scripts come last

    inbox.keyboard.press("g")
    inbox.keyboard.press("l")
    expect(inbox).to_have_url(f"{desk.url}/staff/leads")

    inbox.keyboard.press("/")
    inbox.keyboard.type("jug", delay=10)
    expect(inbox.get_by_role("searchbox")).to_have_value("jug")


def test_somebody_is_found_and_coming_back_asks_for_no_second_sending(inbox: Page) -> None:
    inbox.get_by_role("searchbox").fill("sample")
    inbox.keyboard.press("Enter")
    expect(inbox.get_by_role("link", name="Zoë Sample")).to_have_count(2)
    assert "sample" not in inbox.url

    inbox.get_by_role("link", name="Zoë Sample").first.click()
    expect(inbox.get_by_role("heading", level=1)).to_contain_text("Zoë Sample")
    inbox.go_back()

    expect(inbox.get_by_role("heading", level=1)).to_have_text("Find a lead")


def test_the_keys_are_shown_and_can_be_switched_off(inbox: Page) -> None:
    inbox.keyboard.press("?")
    dialog = inbox.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("next line")
    dialog.get_by_label("Use these keys").uncheck()
    inbox.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    inbox.keyboard.press("j")
    assert focused(inbox) != FIRST

    inbox.keyboard.press("?")
    inbox.get_by_label("Use these keys").check()
    inbox.get_by_role("button", name="Close").click()
    inbox.keyboard.press("j")
    assert focused(inbox) == FIRST


def test_filters_are_chosen_shown_and_taken_away(inbox: Page) -> None:
    inbox.get_by_text("Filter", exact=True).click()
    inbox.get_by_label("State").select_option("Washington")
    inbox.get_by_role("button", name="Show these").click()

    expect(inbox.locator(".inbox tbody tr")).to_have_count(2)
    inbox.get_by_role("link", name="Take away the filter Washington").click()

    expect(inbox.get_by_role("link", name=FIRST)).to_be_visible()


def test_an_urgent_lead_sounds_once_somebody_has_switched_it_on(
    desk: ConsoleDesk, inbox: Page
) -> None:
    inbox.evaluate(COUNT_CALLS_AND_TONES)
    body = inbox.locator("body")
    come_in(desk, "Unheard", urgency=4)
    expect(body).to_have_attribute("data-calls", "1", timeout=SOON_MS)
    expect(body).to_have_attribute("data-tones", "0")

    inbox.get_by_text("Call me to the screen").click()
    inbox.get_by_label("Play a sound").check()
    expect(body).to_have_attribute("data-tones", "2")  # a first time, to know it
    come_in(desk, "Calm", urgency=1)
    expect(inbox.get_by_role("link", name="Calm")).to_be_visible(timeout=SOON_MS)
    expect(body).to_have_attribute("data-tones", "2")
    come_in(desk, "Heard", urgency=4)

    expect(body).to_have_attribute("data-tones", "4", timeout=SOON_MS)
    inbox.get_by_label("Play a sound").uncheck()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("opened", ["Filter", "Views", "Call me to the screen", "?", "search"])
def test_what_opens_has_no_serious_barrier(
    desk: ConsoleDesk, inbox: Page, opened: str, scheme: str, width: int
) -> None:
    inbox.set_viewport_size({"width": width, "height": 900})
    inbox.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    inbox.goto(f"{desk.url}/staff/leads?status=all&urgency=2&sort=due")
    show(inbox, opened)

    found = Axe().run(inbox).response["violations"]
    wider = inbox.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    inbox.set_viewport_size({"width": 1280, "height": 800})
    inbox.emulate_media(color_scheme="light")

    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert not wider, "the page scrolls sideways"


def show(page: Page, what: str) -> None:
    page.wait_for_load_state()
    if what == "?":
        page.keyboard.press("?")
    elif what == "search":
        page.get_by_role("searchbox").fill("sample")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Found")
    else:
        page.get_by_text(what, exact=True).click()


def test_who_was_signed_out_is_told_that_nothing_new_appears(
    desk: ConsoleDesk, browser: Browser
) -> None:
    page = signed_in(desk, browser)
    page.goto(f"{desk.url}/staff/leads")
    other = page.context.new_page()
    other.goto(f"{desk.url}/staff/leads")

    other.get_by_role("button", name="Sign out").click()
    come_in(desk, "Unseen", urgency=3)
    page.evaluate("window.dispatchEvent(new CustomEvent('front-desk:changed', {detail: {}}))")

    expect(page.get_by_text("You have been signed out")).to_be_visible(timeout=SOON_MS)
    page.context.close()
