"""An admin erases a person, in a browser: nothing goes by a slip, and then all of it is gone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests import console_world
from tests.browser.staff import signed_in
from tests.console_desk import ConsoleDesk


@pytest.fixture(scope="module")
def lead_id(desk: ConsoleDesk) -> str:
    with desk.writing() as session:
        return console_world.fill(session)[3].id


def test_a_person_is_erased_only_by_the_word_and_then_found_nowhere(
    desk: ConsoleDesk, lead_id: str, browser: Browser
) -> None:
    page = signed_in(desk, browser)
    page.goto(f"{desk.url}/staff/leads/{lead_id}")
    expect(page.get_by_role("heading", name="Mary O’Nobody")).to_be_visible()
    page.get_by_role("link", name="Erase").click()
    word = page.get_by_role("textbox")
    erase = page.get_by_role("main").get_by_role("button", name="Erase")

    word.fill("yes")
    erase.click()
    page.goto(f"{desk.url}/staff/leads")
    expect(page.get_by_role("link", name="Mary O’Nobody")).to_be_visible()

    page.goto(f"{desk.url}/staff/leads/{lead_id}")
    page.get_by_role("link", name="Erase").click()
    word.fill("ERASE")
    erase.click()

    page.goto(f"{desk.url}/staff/leads?status=all")
    expect(page.get_by_role("link", name="Luis Muster")).to_be_visible()
    expect(page.get_by_text("Mary O’Nobody")).to_have_count(0)
    page.goto(f"{desk.url}/staff/leads/{lead_id}")
    expect(page.locator("main")).not_to_contain_text("Mary")
    page.context.close()
