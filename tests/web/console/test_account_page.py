"""One's own account: the browsers that are signed in, and how to end them."""

from __future__ import annotations

import re
from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import select

from clinic.database import transaction
from clinic.tables import StaffSession
from tests.web.console.conftest import Browser

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def elsewhere(app: FastAPI) -> Browser:
    """Amira's other browser."""
    browser = Browser(app)
    browser.headers["user-agent"] = FIREFOX
    browser.sign_in()
    return browser


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/staff/account").status_code == 200)


def test_the_list_says_which_browser_from_where_and_which_is_this_one(
    app: FastAPI, amira: Browser
) -> None:
    elsewhere(app)

    page = amira.get("/staff/account").text

    assert page.count("This one") == 1
    assert "Firefox on Linux" in page
    assert "testclient" in page


def test_another_browser_can_be_signed_out(
    app: FastAPI, amira: Browser, deeds: Callable[[], list[tuple[str, str]]]
) -> None:
    other = elsewhere(app)
    form = re.search(
        r'action="(/staff/account/sessions/[0-9a-f]{32}/end)"', amira.get("/staff/account").text
    )
    assert form

    assert amira.fill_in("/staff/account", form[1]).status_code == 303

    assert not is_in(other)
    assert is_in(amira)
    assert ("staff.sessions_ended", "staff:1") in deeds()


def test_nobody_ends_somebody_elses_session(amira: Browser, ben: Browser) -> None:
    with transaction() as session:
        (his,) = [
            one.id for one in session.scalars(select(StaffSession)) if one.staff.username == "ben"
        ]

    amira.fill_in("/staff/account", f"/staff/account/sessions/{his}/end")

    assert is_in(ben)


def test_all_other_browsers_can_be_signed_out_at_once(app: FastAPI, amira: Browser) -> None:
    others = [elsewhere(app), elsewhere(app)]

    amira.fill_in("/staff/account", "/staff/account/sessions/end-others")

    assert [is_in(other) for other in others] == [False, False]
    assert is_in(amira)


def test_the_username_in_the_frame_leads_to_the_account(amira: Browser) -> None:
    assert '<a class="username" href="/staff/account"' in amira.get("/staff/account").text
