"""Every page of the console, as people and their tools meet it: no barrier, no error."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page

from tests import console_world
from tests.browser.staff import signed_in
from tests.console_desk import ConsoleDesk

PAGES = (
    "leads",
    "leads?status=all",
    "leads/{lead}",
    "leads/{lead}/summary",
    "leads/{callback}",
    "crisis/1",
    "live",
    "numbers",
    "teaching",
    "team",
    "notices",
    "audit",
    "account",
    "account/notices",
    "password",
)
PHOTOGRAPHED = {
    "leads": "console-leads",
    "leads/{lead}": "console-lead",
    "numbers": "console-numbers",
}


@pytest.fixture(scope="module")
def ids(desk: ConsoleDesk) -> dict[str, str]:
    with desk.writing() as session:
        made = console_world.fill(session)
        return {"lead": made[1].id, "callback": made[5].id}


@pytest.fixture(scope="module")
def context(desk: ConsoleDesk, ids: dict[str, str], browser: Browser) -> Iterator[BrowserContext]:
    """An admin's browser: every page is open to it."""
    page = signed_in(desk, browser)
    yield page.context
    page.context.close()


def test_every_page_of_the_menu_is_among_those_looked_at() -> None:
    from web.console.places import PLACES

    assert {path.removeprefix("/staff/") for path, *_ in PLACES} <= set(PAGES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_barrier_and_no_error(
    context: BrowserContext,
    desk: ConsoleDesk,
    ids: dict[str, str],
    path: str,
    width: int,
    scheme: str,
    photograph: Callable[[Page, str], None],
) -> None:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    answer = page.goto(f"{desk.url}/staff/{path.format(**ids)}")
    found = Axe().run(page).response["violations"]
    wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    if (width, scheme) == (1280, "light") and path in PHOTOGRAPHED:
        photograph(page, PHOTOGRAPHED[path])
    page.close()

    assert answer is not None
    assert answer.status == 200
    assert problems == []
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert not wider, "the page scrolls sideways"


def test_on_a_phone_the_menu_is_one_row_in_which_every_place_is_reached(
    context: BrowserContext, desk: ConsoleDesk
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 900})

    page.goto(f"{desk.url}/staff/audit")
    places = page.get_by_role("navigation", name="Console").get_by_role("link").all()
    boxes: list[FloatRect] = []
    for place in places:
        place.focus()
        box = place.bounding_box()
        assert box is not None
        boxes.append(box)
    page.close()

    assert len(boxes) > 5
    assert len({box["y"] for box in boxes}) == 1
    # A pixel for rounding: each link has more room than that around its word.
    assert [box for box in boxes if box["x"] < -1 or box["x"] + box["width"] > 391] == []
