"""The cookies of the console: who can read them, where they go, and what a planted one does."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import Morsel, SimpleCookie

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from clinic import passwords, staff
from clinic.database import transaction
from clinic.roles import Role
from clinic.settings import settings
from clinic.tables import StaffSession
from tests.web.security.world import STRANGER, World
from web.console.cookies import BROWSER_COOKIE, SESSION_COOKIE
from web.console.stranger_forms import FORM_COOKIE

Open = Callable[[str], TestClient]
PASSWORD = "four calm green boats"


@pytest.fixture
def amira(database_url: str) -> str:
    """The name of somebody with a password of their own."""
    with transaction() as session:
        staff.create_staff(session, "amira", Role.STAFF)
        member = staff.named(session, "amira")
        member.password_hash = passwords.hashed(PASSWORD)
        member.must_change_password = False
    return "amira"


def sign_in(client: TestClient, username: str) -> Response:
    page = client.get("/staff/login")
    cookies = cookies_of(page)
    token = cookies[FORM_COOKIE].value if FORM_COOKIE in cookies else client.cookies[FORM_COOKIE]
    answer: Response = client.post(
        "/staff/login", data={"csrf": token, "username": username, "password": PASSWORD}
    )
    return answer


def cookies_of(answer: Response) -> dict[str, Morsel[str]]:
    found: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return dict(found)


@pytest.mark.parametrize("is_https", [False, True])
def test_no_cookie_is_for_scripts_or_other_websites(
    browser_of: Open, amira: str, is_https: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser_of(STRANGER)
    if is_https:
        client.base_url = "https://testserver"
        monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://desk.example.org")
        settings.cache_clear()

    set_by_us = cookies_of(client.get("/staff/login")) | cookies_of(client.get("/staff/join"))
    signed_in = cookies_of(sign_in(client, amira))

    kept = [cookie for cookie in signed_in.values() if cookie["max-age"] != "0"]
    assert {cookie.key for cookie in kept} == {SESSION_COOKIE, BROWSER_COOKIE}
    for cookie in [*set_by_us.values(), *kept]:
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "strict", cookie.key
        assert cookie["path"].startswith("/staff"), cookie.key
        assert bool(cookie["secure"]) is is_https, cookie.key
        assert not cookie["domain"], cookie.key


def test_who_is_signed_in_is_forgotten_with_the_browser_and_where_is_not(
    browser_of: Open, amira: str
) -> None:
    cookies = cookies_of(sign_in(browser_of(STRANGER), amira))

    assert not cookies[SESSION_COOKIE]["max-age"]
    assert int(cookies[BROWSER_COOKIE]["max-age"]) > 90 * 24 * 3600


def test_the_cookie_of_a_known_browser_lets_nobody_in(browser_of: Open, amira: str) -> None:
    client = browser_of(STRANGER)
    sign_in(client, amira)
    known = client.cookies[BROWSER_COOKIE]

    other = browser_of(STRANGER)
    other.cookies.set(BROWSER_COOKIE, known)
    other.cookies.set(SESSION_COOKIE, known)

    assert other.get("/staff/account").headers["location"].startswith("/staff/login")


def test_a_planted_session_is_closed_when_somebody_signs_in_over_it(
    browser_of: Open, world: World, amira: str
) -> None:
    victim = browser_of("staff")  # the attacker's own session, planted
    page = browser_of(STRANGER).get("/staff/login")
    token = cookies_of(page)[FORM_COOKIE].value
    victim.cookies.set(FORM_COOKIE, token)

    answer = victim.post(
        "/staff/login", data={"csrf": token, "username": amira, "password": PASSWORD}
    )

    assert cookies_of(answer)[SESSION_COOKIE].value != world.tokens["staff"]
    assert browser_of("staff").get("/staff/account").status_code == 303


def test_the_database_cannot_be_used_to_sign_in(browser_of: Open, amira: str) -> None:
    sign_in(browser_of(STRANGER), amira)
    with transaction() as session:
        kept = [
            value
            for one in session.scalars(select(StaffSession))
            for value in (one.token_hash, one.id, one.csrf_token)
        ]

    for value in kept:
        client = browser_of(STRANGER)
        client.cookies.set(SESSION_COOKIE, value)
        assert client.get("/staff/account").status_code == 303


@pytest.mark.parametrize("odd", ["", "x", "%00", "a" * 5000, '"; Path=/', "é"])
@pytest.mark.parametrize("name", [SESSION_COOKIE, BROWSER_COOKIE, FORM_COOKIE])
def test_a_cookie_that_is_not_ours_is_no_cookie(
    browser_of: Open, amira: str, name: str, odd: str
) -> None:
    client = browser_of(STRANGER)
    header = {"cookie": f"{name}={odd}".encode()}

    assert client.get("/staff/account", headers=header).status_code == 303
    assert client.get("/staff/login", headers=header).status_code == 200
    assert client.post("/staff/login", headers=header, data={"csrf": odd}).status_code == 403
