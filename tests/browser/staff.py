"""Staff in a browser of their own."""

from __future__ import annotations

import json
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.front_desk import FrontDesk

PASSWORD = "four calm green boats"


def signed_in(front_desk: FrontDesk, browser: Browser) -> Page:
    """An admin with a password of their own: the first account, or one more."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{front_desk.url}/staff")
    account = json.loads(front_desk.clinic("staff", "first")) or _another(front_desk)
    page.get_by_label("Username").fill(account["username"])
    page.get_by_label("Password").fill(account["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("One-time password").fill(account["password"])
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password, once more").fill(PASSWORD)
    page.get_by_role("button", name="password").click()
    # Only now the cookie is there: whoever opens a page sooner may be a stranger.
    expect(page.get_by_role("navigation", name="Console")).to_be_visible()
    return page


def _another(front_desk: FrontDesk) -> dict[str, str]:
    """Others have used this front desk before, and their password is theirs."""
    username = f"admin-{uuid4().hex[:8]}"
    said = front_desk.clinic("staff", "create", username, "--role", "admin")
    return {"username": username, "password": said.split("One-time password:")[1].split()[0]}
