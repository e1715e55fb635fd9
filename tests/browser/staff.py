"""Staff in a browser of their own."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, Page, expect

from tests.front_desk import FrontDesk

PASSWORD = "four calm green boats"


def signed_in(front_desk: FrontDesk, browser: Browser) -> Page:
    """The first account of this front desk, signed in with a password of its own."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{front_desk.url}/staff")
    first = json.loads(front_desk.clinic("staff", "first"))
    page.get_by_label("Username").fill(first.get("username", "admin"))
    page.get_by_label("Password").fill(first.get("password", PASSWORD))
    page.get_by_role("button", name="Sign in").click()
    if first:
        page.get_by_label("One-time password").fill(first["password"])
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("New password, once more").fill(PASSWORD)
        page.get_by_role("button", name="password").click()
    # Only now the cookie is there: whoever opens a page sooner may be a stranger.
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()
    return page
