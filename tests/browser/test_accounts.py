"""Accounts in a real browser: invited, joined, second factor set up and asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyotp
from playwright.sync_api import Browser, Page, expect

from tests.browser.staff import PASSWORD, signed_in
from tests.console_desk import ConsoleDesk


def invitation(admin: Page, desk: ConsoleDesk, username: str) -> str:
    """The link that an admin is shown."""
    admin.goto(f"{desk.url}/staff/team")
    admin.get_by_label("Username").fill(username)
    admin.get_by_label("Clinician").check()
    admin.get_by_role("button", name="Make an invitation").click()
    return admin.locator(".key code").inner_text()


def join(page: Page) -> None:
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()


def sign_in(page: Page, desk: ConsoleDesk, username: str) -> None:
    page.goto(f"{desk.url}/staff")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_invited_joined_and_signed_in_with_a_code(
    desk: ConsoleDesk, browser: Browser, photograph: Callable[[Page, str], None]
) -> None:
    admin = signed_in(desk, browser)
    link = invitation(admin, desk, "dora")

    # The link fills the form in, and is gone from the address bar.
    page = browser.new_context().new_page()
    page.goto(link)
    expect(page.get_by_label("Invitation code")).to_have_value(link.partition("#")[2])
    assert page.url == f"{desk.url}/staff/join"
    join(page)
    expect(page).to_have_url(f"{desk.url}/staff/leads")

    # The second factor, from the key that the page shows.
    page.goto(f"{desk.url}/staff/account")
    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert page.evaluate("document.querySelector('.code-picture').naturalWidth") > 0
    photograph(page, "console-second-factor")
    phone = pyotp.TOTP(page.locator(".key code").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(phone.now())
    page.get_by_role("button", name="Turn it on").click()
    expect(page.locator(".codes code")).to_have_count(10)
    codes = page.locator(".codes code").all_inner_texts()

    # Another browser: the password alone opens nothing.
    other = browser.new_context().new_page()
    sign_in(other, desk, "dora")
    other.goto(f"{desk.url}/staff/leads")
    expect(other).to_have_url(re.compile(r"/staff/code"))
    other.get_by_label("Code").fill(codes[0])
    other.get_by_role("button", name="Go on").click()
    expect(other).to_have_url(f"{desk.url}/staff/leads")

    # Its owner sees it, and ends it.
    page.goto(f"{desk.url}/staff/account")
    expect(page.locator("main")).to_contain_text("9 recovery codes are left")
    page.get_by_role("button", name="Sign out all others").click()
    other.goto(f"{desk.url}/staff/account")
    expect(other).to_have_url(re.compile(r"/staff/login"))
    for one in (admin, page, other):
        one.context.close()


def test_joining_works_without_script(desk: ConsoleDesk, browser: Browser) -> None:
    admin = signed_in(desk, browser)
    link = invitation(admin, desk, "eve")

    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(link)
    page.get_by_label("Invitation code").fill(link.partition("#")[2])
    join(page)

    expect(page).to_have_url(f"{desk.url}/staff/leads")
    admin.context.close()
    page.context.close()
