"""One lead from new to booked, and two of staff who reach for the same one, in real browsers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from clinic import passwords
from clinic.leads import save_lead
from clinic.roles import Role
from clinic.tables import Staff
from tests.browser.staff import PASSWORD, signed_in
from tests.clinic.screened import screened
from tests.console_desk import ConsoleDesk


@pytest.fixture(scope="module")
def admin(desk: ConsoleDesk, browser: Browser) -> Iterator[Page]:
    page = signed_in(desk, browser)
    expect(page.get_by_role("heading", name="Leads", exact=True)).to_be_visible()
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def ben(desk: ConsoleDesk, admin: Page, browser: Browser) -> Iterator[Page]:
    """Somebody of the front desk, in a browser of their own; the admin was there first."""
    with desk.writing() as session:
        session.add(
            Staff(
                username="ben", role=Role.STAFF, password_hash=passwords.hashed(PASSWORD),
                must_change_password=False,
            )
        )  # fmt: skip
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{desk.url}/staff")
    page.get_by_label("Username").fill("ben")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Leads", exact=True)).to_be_visible()
    yield page
    page.context.close()


def lead(desk: ConsoleDesk, conversation_id: str, name: str) -> str:
    """The address of a lead that just came in."""
    with desk.writing() as session:
        found = save_lead(session, screened(conversation_id=conversation_id, name=name))
        return f"{desk.url}/staff/leads/{found.id}"


def no_serious_barrier(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_a_lead_goes_from_new_to_booked(desk: ConsoleDesk, ben: Page) -> None:
    lead(desk, "first", "Ann Example")
    ben.goto(f"{desk.url}/staff/leads")
    ben.get_by_role("link", name="Ann Example").click()

    ben.get_by_role("button", name="Take it").click()
    expect(ben.get_by_text("ben (you)").first).to_be_visible()
    ben.get_by_role("button", name="No answer").click()
    ben.get_by_label("New note").fill("Voicemail is full, again tomorrow")
    ben.get_by_role("button", name="Add the note").click()
    ben.get_by_role("button", name="Reached").click()
    expect(ben.get_by_role("button", name="Contacted")).to_have_attribute("aria-pressed", "true")
    ben.get_by_label("Booked: why?").select_option("First visit")
    ben.get_by_role("button", name="Booked").click()

    expect(ben.get_by_role("status")).to_have_text("The status has been changed.")
    timeline = ben.get_by_role("region", name="Timeline")
    for deed in ("Booked: First visit", "Called: reached", "Note written", "Taken", "Came in"):
        expect(timeline.get_by_text(deed).first).to_be_visible()


def test_of_two_who_take_one_lead_one_is_told_who_has_it(
    desk: ConsoleDesk, admin: Page, ben: Page
) -> None:
    address = lead(desk, "raced-for", "Ben Example")
    for page in (admin, ben):
        page.goto(address)

    ben.get_by_role("button", name="Take it").click()
    admin.get_by_role("button", name="Take it").click()

    expect(admin.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    expect(admin.get_by_text("ben has this lead now")).to_be_visible()
    no_serious_barrier(admin)


def test_the_slower_of_two_sees_what_the_other_did_and_may_go_on(
    desk: ConsoleDesk, admin: Page, ben: Page
) -> None:
    address = lead(desk, "closed-twice", "Cy Example")
    for page in (admin, ben):
        page.goto(address)

    ben.get_by_role("button", name="Contacted").click()
    admin.get_by_label("Closed: why?").select_option("Cost")
    admin.get_by_role("button", name="Closed").click()

    expect(admin.get_by_role("heading", level=1)).to_have_text("Something changed meanwhile")
    expect(admin.get_by_text("by ben")).to_be_visible()
    no_serious_barrier(admin)
    admin.get_by_role("button", name="Make my change all the same").click()
    expect(admin.get_by_text("Cost").first).to_be_visible()


def test_two_requests_of_one_person_become_one_and_two_again(desk: ConsoleDesk, ben: Page) -> None:
    address = lead(desk, "came-once", "Dee Example")
    lead(desk, "came-twice", "D. Example")
    ben.goto(address)

    ben.get_by_role("link", name="Compare with D. Example").click()
    no_serious_barrier(ben)
    ben.get_by_role("button", name="Yes, merge them").click()
    merged = ben.get_by_role("region", name="Also this person")
    expect(merged.get_by_text("D. Example")).to_be_visible()
    no_serious_barrier(ben)
    ben.get_by_role("button", name="Not the same person: part them").click()

    expect(ben.get_by_role("link", name="Compare with D. Example")).to_be_visible()


def test_the_paper_has_no_barrier_and_fits(desk: ConsoleDesk, ben: Page) -> None:
    ben.goto(lead(desk, "on-paper", "Eve Example") + "/print")

    no_serious_barrier(ben)
    expect(ben.get_by_role("button", name="Print")).to_be_visible()


def test_a_number_is_copied_with_one_click(desk: ConsoleDesk, ben: Page) -> None:
    ben.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ben.goto(lead(desk, "copied", "Flo Example"))

    ben.get_by_role("button", name="Copy the number").click()

    expect(ben.get_by_role("button", name="Copied")).to_be_visible()
    assert ben.evaluate("navigator.clipboard.readText()") == "+12025550143"
