"""Signing in and out: what the cookie is, and what a refusal gives away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from clinic.settings import settings
from tests.web.console.conftest import PASSWORD, Browser

Deeds = Callable[[], list[tuple[str, str]]]


def session_cookie(browser: Browser) -> str:
    return str(browser.cookies["staff_session"])


def opens_the_console(app: FastAPI, token: str) -> bool:
    """Whether whoever holds this cookie is let in."""
    browser = Browser(app)
    browser.cookies.set("staff_session", token)
    return bool(browser.get("/staff/account").status_code == 200)


def test_the_right_password_opens_the_console(amira: Browser, deeds: Deeds) -> None:
    answer = amira.get("/staff")

    assert answer.headers["location"] == "/staff/leads"
    assert amira.get("/staff/account").status_code == 200
    assert deeds()[-1] == ("staff.signed_in", "staff:1")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_websites(
    stranger: Browser, one_time_password: str
) -> None:
    answer = stranger.sign_in(password=one_time_password)

    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith("staff_session")]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/staff" in cookie
    assert "Secure" not in cookie


def test_behind_https_every_cookie_is_secure(
    stranger: Browser, one_time_password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger.base_url = "https://testserver"
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://desk.example.org")
    settings.cache_clear()

    first = stranger.get("/staff/login")
    second = stranger.sign_in(password=one_time_password)

    for cookie in first.headers.get_list("set-cookie") + second.headers.get_list("set-cookie"):
        assert "Secure" in cookie or "Max-Age=0" in cookie


def test_a_refusal_never_tells_who_works_here(
    app: FastAPI, amira: Browser, stranger: Browser, one_time_password: str
) -> None:
    locked_out = Browser(app)
    unknown = stranger.sign_in(username="nobody", password="guess")
    wrong = stranger.sign_in(username="amira", password="guess")
    for _ in range(5):
        locked_out.sign_in(username="amira", password="guess")
    locked = locked_out.sign_in(username="amira", password=PASSWORD)

    assert unknown.status_code == wrong.status_code == locked.status_code == 401
    words = [answer.text.split('role="alert"')[1].split("</p>")[0] for answer in (unknown, wrong)]
    assert words[0] == words[1] == locked.text.split('role="alert"')[1].split("</p>")[0]


def test_the_fifth_wrong_password_locks_and_the_lock_opens_again(
    amira: Browser, app: FastAPI, later: Callable[[timedelta], None], deeds: Deeds
) -> None:
    browser = Browser(app)
    for _ in range(5):
        assert browser.sign_in(password="guess").status_code == 401

    assert browser.sign_in().status_code == 401
    assert [deed for deed, _ in deeds()].count("staff.sign_in_failed") == 6
    later(timedelta(minutes=16))
    assert browser.sign_in().status_code == 303


def test_a_strangers_failures_do_not_keep_out_who_comes_back_to_their_own_browser(
    amira: Browser, app: FastAPI
) -> None:
    stranger = Browser(app)
    amira.fill_in("/staff/account", "/staff/logout")
    for _ in range(6):
        stranger.sign_in(password="guess")

    assert stranger.sign_in().status_code == 401
    assert amira.sign_in().status_code == 303


def test_a_planted_cookie_is_never_signed_in(stranger: Browser, one_time_password: str) -> None:
    stranger.cookies.set("staff_session", "planted", path="/staff", domain="testserver.local")

    stranger.sign_in(password=one_time_password)

    assert session_cookie(stranger) != "planted"


def test_signing_in_again_makes_the_old_cookie_worthless(amira: Browser, app: FastAPI) -> None:
    old = session_cookie(amira)
    assert opens_the_console(app, old)
    form = Browser(app)
    form.get("/staff/login")
    token = form.cookies["staff_sign_in"]
    amira.cookies.set("staff_sign_in", token, path="/staff/login", domain="testserver.local")

    amira.post("/staff/login", data={"csrf": token, "username": "amira", "password": PASSWORD})

    assert opens_the_console(app, session_cookie(amira))
    assert not opens_the_console(app, old)


def test_signing_out_makes_the_cookie_worthless(amira: Browser, app: FastAPI, deeds: Deeds) -> None:
    old = session_cookie(amira)
    assert opens_the_console(app, old)

    answer = amira.fill_in("/staff/account", "/staff/logout")

    assert answer.headers["location"] == "/staff/login"
    assert "staff_session" not in amira.cookies
    assert not opens_the_console(app, old)
    assert deeds()[-1] == ("staff.signed_out", "staff:1")


def test_a_browser_left_alone_has_to_sign_in_again(
    amira: Browser, later: Callable[[timedelta], None]
) -> None:
    later(timedelta(minutes=settings().staff_idle_minutes + 1))

    assert amira.get("/staff/account").status_code == 303


def test_after_signing_in_staff_land_where_they_wanted_to_go(
    amira: Browser, stranger: Browser
) -> None:
    wanted = "/staff/leads?status=booked"
    door = stranger.get(wanted).headers["location"]

    answer = stranger.fill_in(
        door, "/staff/login", username="amira", password=PASSWORD, next=wanted
    )

    assert answer.headers["location"] == wanted


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/staff//elsewhere.example",
        "/staff/../api",
        "/staff@elsewhere.example",
        "/staff/leads\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "/staffing",
    ],
)
def test_signing_in_never_leads_to_another_website(
    amira: Browser, stranger: Browser, elsewhere: str
) -> None:
    answer = stranger.fill_in(
        "/staff/login", "/staff/login", username="amira", password=PASSWORD, next=elsewhere
    )

    assert answer.headers["location"] == "/staff/leads"


def test_two_open_sign_in_pages_both_work(stranger: Browser, one_time_password: str) -> None:
    first = stranger.get("/staff/login").cookies["staff_sign_in"]
    stranger.get("/staff/login")

    answer = stranger.post(
        "/staff/login",
        data={"csrf": first, "username": "amira", "password": one_time_password},
    )

    assert answer.status_code == 303


def test_a_refusal_keeps_the_name_and_marks_both_fields(stranger: Browser) -> None:
    page = stranger.sign_in(username="amira", password="guess").text

    assert 'value="amira"' in page
    assert page.count(' aria-invalid="true" aria-describedby="problem"') == 2
    assert page.count("autofocus") == 1
