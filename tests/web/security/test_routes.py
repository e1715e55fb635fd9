"""Who may do what: every route of the application for every kind of person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from clinic.roles import Role
from clinic.settings import settings
from tests.web.security.routes import (
    ANYBODY,
    CODE,
    FIRST_PASSWORD,
    LEAVING,
    WHO_MAY,
    declared,
    hidden,
)
from tests.web.security.world import HALF, ONE_TIME, PEOPLE, STRANGER, World
from web.console.error_pages import FORGED, NOT_YOURS

Open = Callable[[str], TestClient]

OF_STAFF = [route for route in WHO_MAY if " /staff" in route]
FORMS = [route for route in OF_STAFF if route.startswith("POST")]
FORMS_OF_STRANGERS = [route for route in FORMS if WHO_MAY[route] == ANYBODY]

OPEN, FORBIDDEN = "open", "forbidden"
TO_SIGN_IN, TO_THE_CODE, TO_THE_PASSWORD = "to sign in", "to the code", "to the password"


def happens(answer: Response) -> str:
    """What became of a request, as far as doors go."""
    where = answer.headers.get("location", "")
    if where.startswith("/staff/login?next="):
        return TO_SIGN_IN
    if where.startswith("/staff/code?next="):
        return TO_THE_CODE
    if where == "/staff/password":
        return TO_THE_PASSWORD
    if answer.status_code == 403 and NOT_YOURS[0] in answer.text:
        return FORBIDDEN
    assert answer.status_code < 500, answer.text
    return OPEN


def should_happen(who_may: str, person: str) -> str:
    if who_may == ANYBODY:
        return OPEN
    if who_may == CODE:
        return OPEN if person == HALF else TO_SIGN_IN
    if person == STRANGER:
        return TO_SIGN_IN
    if who_may == LEAVING:
        return OPEN
    if person == HALF:
        return TO_THE_CODE
    if who_may == FIRST_PASSWORD:
        return OPEN
    if person == ONE_TIME:
        return TO_THE_PASSWORD
    return OPEN if Role(person).may_act_as(Role(who_may)) else FORBIDDEN


def send(client: TestClient, world: World, route: str, csrf: str | None = "") -> Response:
    method, address = route.split(" ", 1)
    # What a form always sends; without it a request is malformed, whoever makes it.
    fields = {"other": world.ids["other_id"], "stays": world.ids["lead_id"]}
    if csrf is not None:
        fields["csrf"] = csrf
    answer: Response = client.request(
        method, world.filled(address), data=fields if method == "POST" else None
    )
    return answer


def test_the_table_has_every_route_and_no_other(whole_app: FastAPI) -> None:
    assert sorted(declared(whole_app)) == sorted(WHO_MAY)
    assert hidden(whole_app) == []


@pytest.mark.parametrize("route", WHO_MAY)
def test_a_route_is_open_to_those_it_is_for_and_to_nobody_else(
    browser_of: Open, world: World, route: str
) -> None:
    for person in PEOPLE:
        answer = send(browser_of(person), world, route, world.csrf.get(person, ""))

        assert happens(answer) == should_happen(WHO_MAY[route], person), person


@pytest.mark.parametrize("forged", [None, "", "wrong", "é", "another"])
@pytest.mark.parametrize("route", FORMS)
def test_a_form_that_is_not_ours_is_refused(
    browser_of: Open, world: World, route: str, forged: str | None
) -> None:
    person = {CODE: HALF, ANYBODY: STRANGER}.get(WHO_MAY[route], "admin")
    token = world.csrf["clinician"] if forged == "another" else forged

    answer = send(browser_of(person), world, route, token)

    assert answer.status_code == 403
    assert FORGED[0] in answer.text


@pytest.mark.parametrize("route", FORMS_OF_STRANGERS)
def test_a_strangers_form_is_ours_only_with_the_cookie_that_belongs_to_it(
    browser_of: Open, world: World, route: str
) -> None:
    other = browser_of(STRANGER)
    page = other.get("/staff/login")
    token = page.cookies["staff_sign_in"]

    assert send(browser_of(STRANGER), world, route, token).status_code == 403


@pytest.mark.parametrize("route", [r for r in WHO_MAY if r.startswith("POST /api")])
def test_the_chat_takes_nothing_from_another_website(
    browser_of: Open, world: World, route: str
) -> None:
    _, address = route.split(" ", 1)

    answer = browser_of(STRANGER).post(
        address, json={}, headers={"Origin": "https://elsewhere.example"}
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("route", OF_STAFF)
def test_where_a_second_factor_is_mandatory_nothing_opens_without_one(
    browser_of: Open, world: World, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_REQUIRE_SECOND_FACTOR", "true")
    settings.cache_clear()
    setting_up = "/staff/account/second-factor"
    is_a_way_there = WHO_MAY[route] in (ANYBODY, CODE, LEAVING) or setting_up in route

    answer = send(browser_of("admin"), world, route, world.csrf["admin"])

    if not is_a_way_there:
        assert (answer.status_code, answer.headers.get("location")) == (303, setting_up)


@pytest.mark.parametrize("address", ["/openapi.json", "/docs", "/redoc", "/staff/openapi.json"])
def test_the_description_of_the_routes_is_served_to_nobody(browser_of: Open, address: str) -> None:
    for person in (STRANGER, "admin"):
        assert browser_of(person).get(address).status_code == 404
