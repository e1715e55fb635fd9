"""What every page of the console promises the browser: nothing is kept, nothing inline is run."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from tests.web.security.routes import WHO_MAY
from tests.web.security.world import PEOPLE, STRANGER, World
from web.headers import CONTENT_SECURITY_POLICY

Open = Callable[[str], TestClient]

PAGES = [route.removeprefix("GET ") for route in WHO_MAY if route.startswith("GET /staff")]
NOWHERE = "/staff/no/such/page"


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what a page of ours must not have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.in_a_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.in_a_script = tag == "script"
        if tag == "form":
            self.forms.append(said)
        if tag == "input" and said.get("name") == "csrf" and self.forms:
            self.forms[-1]["csrf"] = said.get("value", "")
        if (tag == "script" and not said.get("src")) or tag in (
            "style",
            "iframe",
            "object",
            "base",
        ):
            self.faults.append(f"<{tag}>")
        self.faults += [
            f"{tag} {name}" for name in said if name == "style" or name.startswith("on")
        ]
        for name in ("src", "href", "action", "formaction"):
            self._look_at_address(tag, name, said.get(name, ""))

    def _look_at_address(self, tag: str, name: str, address: str) -> None:
        is_ours = address.startswith(("/", "#", "?")) and not address.startswith("//")
        is_known = not address or is_ours or address.startswith(("tel:", "mailto:"))
        # A link that somebody clicks tells the other website nothing (Referrer-Policy).
        is_known = is_known or (tag == "a" and address.startswith("https://"))
        is_picture = tag == "img" and address.startswith("data:image/")
        if not (is_known or is_picture):
            self.faults.append(f"{tag} {name}={address[:60]}")

    def handle_data(self, data: str) -> None:
        if self.in_a_script and data.strip():
            self.faults.append("words in a script")


def html(answer: Response) -> str:
    return answer.text if "text/html" in answer.headers.get("content-type", "") else ""


@pytest.mark.parametrize("address", [*PAGES, NOWHERE])
def test_no_page_is_kept_by_anybody_and_every_page_has_its_policy(
    browser_of: Open, world: World, address: str
) -> None:
    for person in PEOPLE:
        answer = browser_of(person).get(world.filled(address))

        headers = answer.headers
        assert "no-store" in headers["cache-control"], person
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in headers


def test_the_policy_runs_no_inline_script_and_lets_nobody_frame_us() -> None:
    said = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))

    assert said["default-src"] == "'self'"
    assert "script-src" not in said
    assert "style-src" not in said
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert said["frame-ancestors"] == "'none'"
    assert said["form-action"] == "'self'"
    assert said["base-uri"] == "'none'"


@pytest.mark.parametrize("address", [*PAGES, NOWHERE])
def test_no_page_has_anything_that_the_policy_would_stop(
    browser_of: Open, world: World, address: str
) -> None:
    for person in PEOPLE:
        page = html(browser_of(person).get(world.filled(address)))

        assert Reader(page).faults == [], person


@pytest.mark.parametrize("address", PAGES)
def test_every_form_that_is_sent_carries_its_token(
    browser_of: Open, world: World, address: str
) -> None:
    for person in (STRANGER, "half", "staff", "admin"):
        page = html(browser_of(person).get(world.filled(address)))

        for form in Reader(page).forms:
            if form.get("method", "get").lower() == "post":
                assert form.get("csrf"), form
            else:
                assert "csrf" not in form, "a token would stand in an address"
