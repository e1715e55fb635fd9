"""The second factor in the browser: set up, asked for, lost, turned off."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import update

from clinic.database import transaction
from clinic.settings import settings
from clinic.tables import Staff
from tests.web.console.conftest import PASSWORD, Browser

Deeds = Callable[[], list[tuple[str, str]]]
Later = Callable[[timedelta], None]

SETUP = "/staff/account/second-factor"


class Phone:
    """An authenticator app that holds the key which the page showed."""

    def __init__(self, key: str) -> None:
        self.totp = pyotp.TOTP(key.replace(" ", ""))

    def code(self) -> str:
        """A code that nobody has used: as if half a minute had passed since the last one."""
        with transaction() as session:
            session.execute(update(Staff).values(totp_last_step=0))
        return self.totp.now()


def begin(browser: Browser, **fields: str) -> Phone:
    browser.fill_in(SETUP, f"{SETUP}/begin", **fields)
    key = re.search(r'class="key"><code>([A-Z2-7 ]+)</code>', browser.get(SETUP).text)
    assert key, "no key on the page"
    return Phone(key[1])


def set_up(browser: Browser) -> tuple[Phone, list[str]]:
    """Turn it on; returns the phone and the recovery codes."""
    phone = begin(browser)
    answer = browser.fill_in(SETUP, f"{SETUP}/turn-on", code=phone.code())
    assert answer.status_code == 200, answer.text
    return phone, re.findall(r"<li><code>([a-z2-9-]{19})</code>", answer.text)


def half_way(app: FastAPI) -> Browser:
    """Amira's password was given, her code was not."""
    browser = Browser(app)
    assert browser.sign_in().headers["location"] == "/staff/code?next=/staff/leads"
    return browser


def give(browser: Browser, code: str) -> Response:
    return browser.fill_in("/staff/code", "/staff/code", code=code)


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/staff/account").status_code == 200)


@pytest.fixture
def mandatory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_REQUIRE_SECOND_FACTOR", "true")
    settings.cache_clear()


def test_the_page_shows_a_picture_that_needs_no_other_host_and_the_key(amira: Browser) -> None:
    begin(amira)

    page = html.unescape(amira.get(SETUP).text)

    assert 'src="data:image/svg+xml' in page


def test_set_up_it_is_asked_for_at_the_next_sign_in(app: FastAPI, amira: Browser) -> None:
    phone, codes = set_up(amira)
    browser = half_way(app)
    assert not is_in(browser)

    assert give(browser, phone.code()).headers["location"] == "/staff/leads"

    assert is_in(browser)
    assert len(codes) == 10


def test_setting_it_up_signs_other_browsers_out_and_renews_this_one(
    app: FastAPI, amira: Browser
) -> None:
    other = Browser(app)
    other.sign_in()
    before = amira.cookies["staff_session"]

    set_up(amira)

    assert not is_in(other)
    assert is_in(amira)
    assert amira.cookies["staff_session"] != before


@pytest.mark.parametrize(
    "address", ["/staff/account", "/staff/password", "/staff/leads", SETUP, "/staff/team"]
)
def test_half_signed_in_every_page_leads_to_the_code(
    app: FastAPI, amira: Browser, address: str
) -> None:
    set_up(amira)

    answer = half_way(app).get(address)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/staff/code?next={address}"


def test_half_signed_in_a_form_of_the_console_does_nothing(app: FastAPI, amira: Browser) -> None:
    set_up(amira)
    browser = half_way(app)

    answer = browser.fill_in("/staff/code", "/staff/account/sessions/end-others")

    assert answer.headers["location"].startswith("/staff/code")
    assert is_in(amira)


def test_half_signed_in_one_can_sign_out(app: FastAPI, amira: Browser) -> None:
    set_up(amira)
    browser = half_way(app)

    answer = browser.fill_in("/staff/code", "/staff/logout")

    assert answer.headers["location"] == "/staff/login"
    assert browser.get("/staff/code").headers["location"].startswith("/staff/login")


def test_the_session_is_a_new_one_after_the_code(app: FastAPI, amira: Browser) -> None:
    phone, _ = set_up(amira)
    browser = half_way(app)
    half = browser.cookies["staff_session"]

    give(browser, phone.code())

    assert browser.cookies["staff_session"] != half
    planted = Browser(app)
    planted.cookies.set("staff_session", half)
    assert planted.get("/staff/account").headers["location"].startswith("/staff/login")


def test_a_code_works_once_even_for_somebody_who_read_it_over_a_shoulder(
    app: FastAPI, amira: Browser
) -> None:
    phone, _ = set_up(amira)
    code = phone.code()
    give(half_way(app), code)

    answer = give(half_way(app), code)

    assert answer.status_code == 401
    assert "used before" in answer.text


def test_a_recovery_code_opens_the_door_once(app: FastAPI, amira: Browser, deeds: Deeds) -> None:
    _, (code, *_) = set_up(amira)

    assert give(half_way(app), code).status_code == 303
    assert give(half_way(app), code).status_code == 401
    assert "9 recovery codes are left" in " ".join(amira.get("/staff/account").text.split())


def test_after_five_wrong_codes_the_half_open_session_is_closed(
    app: FastAPI, amira: Browser, deeds: Deeds
) -> None:
    phone, _ = set_up(amira)
    browser = half_way(app)
    for _ in range(5):
        assert give(browser, "000000").status_code == 401

    answer = give(browser, phone.code())

    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.text
    assert browser.get("/staff/code").headers["location"].startswith("/staff/login")
    assert give(half_way(app), phone.code()).status_code == 429


def test_a_password_that_waited_too_long_for_its_code_is_asked_for_again(
    app: FastAPI, amira: Browser, later: Later
) -> None:
    set_up(amira)
    browser = half_way(app)

    later(timedelta(minutes=11))

    assert browser.get("/staff/code").headers["location"].startswith("/staff/login")


def test_after_the_code_staff_land_where_they_wanted_to_go(app: FastAPI, amira: Browser) -> None:
    phone, _ = set_up(amira)
    browser = Browser(app)
    wanted = "/staff/leads?status=booked"
    first = browser.fill_in(
        "/staff/login", "/staff/login", username="amira", password=PASSWORD, next=wanted
    )

    page = browser.get(first.headers["location"])
    kept = re.search(r'name="next" value="([^"]+)"', page.text)
    assert kept
    answer = browser.fill_in(
        "/staff/code", "/staff/code", code=phone.code(), next=html.unescape(kept[1])
    )

    assert answer.headers["location"] == wanted


def test_a_code_never_leads_to_another_website(app: FastAPI, amira: Browser) -> None:
    phone, _ = set_up(amira)

    answer = half_way(app).fill_in(
        "/staff/code", "/staff/code", code=phone.code(), next="//elsewhere.example"
    )

    assert answer.headers["location"] == "/staff/leads"


def test_turning_it_off_takes_the_password_and_a_code(app: FastAPI, amira: Browser) -> None:
    phone, _ = set_up(amira)

    def turn_off(password: str, code: str) -> int:
        return amira.fill_in(SETUP, f"{SETUP}/turn-off", password=password, code=code).status_code

    assert turn_off("a guess", phone.code()) == 422
    assert turn_off(PASSWORD, "000000") == 422
    assert turn_off(PASSWORD, phone.code()) == 303
    assert Browser(app).sign_in().headers["location"] == "/staff/leads"


def test_beginning_in_an_old_session_takes_the_password(amira: Browser, later: Later) -> None:
    later(timedelta(minutes=11))

    refused = amira.fill_in(SETUP, f"{SETUP}/begin", password="a guess")

    assert refused.status_code == 422
    assert begin(amira, password=PASSWORD)


def test_a_key_that_was_begun_a_while_ago_is_neither_shown_nor_turned_on(
    app: FastAPI, amira: Browser, later: Later
) -> None:
    phone = begin(amira)

    later(timedelta(minutes=11))

    assert 'class="key"' not in amira.get(SETUP).text
    answer = amira.fill_in(SETUP, f"{SETUP}/turn-on", code=phone.code())
    assert answer.status_code == 422
    assert "begin again" in answer.text
    assert Browser(app).sign_in().headers["location"] == "/staff/leads"


def test_a_key_that_was_begun_in_another_browser_is_neither_shown_nor_turned_on(
    app: FastAPI, amira: Browser
) -> None:
    other = Browser(app)
    other.sign_in()
    phone = begin(other)

    assert 'class="key"' not in amira.get(SETUP).text
    assert amira.fill_in(SETUP, f"{SETUP}/turn-on", code=phone.code()).status_code == 422
    assert Browser(app).sign_in().headers["location"] == "/staff/leads"


def test_a_key_is_shown_no_more_where_it_was_begun_once_another_browser_began_anew(
    app: FastAPI, amira: Browser
) -> None:
    begin(amira)
    other = Browser(app)
    other.sign_in()

    begin(other)

    assert 'class="key"' not in amira.get(SETUP).text


def test_a_wrong_first_code_leaves_the_key_on_the_page(amira: Browser) -> None:
    begin(amira)

    answer = amira.fill_in(SETUP, f"{SETUP}/turn-on", code="000000")

    assert answer.status_code == 422
    assert 'class="key"' in answer.text


def test_new_recovery_codes_take_a_code_of_the_app(app: FastAPI, amira: Browser) -> None:
    phone, (old, *_) = set_up(amira)

    assert amira.fill_in(SETUP, f"{SETUP}/codes", code="000000").status_code == 422
    answer = amira.fill_in(SETUP, f"{SETUP}/codes", code=phone.code())

    assert len(re.findall(r"<li><code>", answer.text)) == 10
    assert give(half_way(app), old).status_code == 401


@pytest.mark.usefixtures("mandatory")
def test_where_it_is_mandatory_nothing_else_opens_before_it_is_set_up(amira: Browser) -> None:
    for address in ("/staff/account", "/staff/leads", "/staff"):
        assert amira.get(address).headers["location"] == SETUP

    set_up(amira)

    assert is_in(amira)


@pytest.mark.usefixtures("mandatory")
def test_where_it_is_mandatory_the_password_comes_first(
    stranger: Browser, one_time_password: str
) -> None:
    stranger.sign_in(password=one_time_password)
    assert stranger.get("/staff/account").headers["location"] == "/staff/password"

    stranger.fill_in(
        "/staff/password",
        "/staff/password",
        current=one_time_password,
        new=PASSWORD,
        again=PASSWORD,
    )

    assert stranger.get("/staff/account").headers["location"] == SETUP


@pytest.mark.usefixtures("mandatory")
def test_where_it_is_mandatory_nobody_turns_it_off(amira: Browser) -> None:
    phone, _ = set_up(amira)

    answer = amira.fill_in(SETUP, f"{SETUP}/turn-off", password=PASSWORD, code=phone.code())

    assert answer.status_code == 403
    assert f"{SETUP}/turn-off" not in amira.get(SETUP).text
