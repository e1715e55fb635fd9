"""Every page of the console asks who is there, and every form whether it is ours."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from clinic.database import transaction
from clinic.leads import LeadRequest, save_lead
from tests.web.console.conftest import Browser
from web.console.routes import ROOMS


def addresses(method: str) -> list[str]:
    """Every address of the console that answers to this method."""
    routes = [route for room in ROOMS for route in room.router.routes]
    return [
        "/staff" + route.path
        for route in routes
        if isinstance(route, APIRoute) and method in (route.methods or ())
    ]


def filled(address: str) -> str:
    """The address with ids of records that exist."""
    with transaction() as session:
        lead = save_lead(session, LeadRequest(conversation_id="one", name="Zoë"))
    return address.replace("{lead_id}", lead.id).replace("{event_id}", "1")


OPEN_TO_STRANGERS = "/staff/login"


def test_the_list_of_doors_is_complete() -> None:
    assert len(addresses("GET")) == 10
    assert len(addresses("POST")) == 5


@pytest.mark.parametrize("address", addresses("GET"))
def test_a_stranger_is_sent_to_sign_in(stranger: Browser, address: str) -> None:
    answer = stranger.get(filled(address))

    if address == OPEN_TO_STRANGERS:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/staff/login?next=/staff")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("address", addresses("POST"))
def test_a_stranger_changes_nothing(stranger: Browser, address: str) -> None:
    answer = stranger.post(filled(address), data={"status": "closed", "text": "hello"})

    expected = 403 if address == OPEN_TO_STRANGERS else 303
    assert answer.status_code == expected


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
@pytest.mark.parametrize("address", addresses("POST"))
def test_a_form_that_is_not_ours_is_refused(
    amira: Browser, address: str, token: str | None
) -> None:
    fields = {"status": "closed", "text": "hello"} | ({} if token is None else {"csrf": token})

    answer = amira.post(filled(address), data=fields)

    assert answer.status_code == 403
    assert "Nothing was changed" in answer.text


@pytest.mark.parametrize("address", addresses("GET") + addresses("POST"))
def test_a_one_time_password_opens_nothing_but_the_password_page(
    stranger: Browser, one_time_password: str, address: str
) -> None:
    stranger.sign_in(password=one_time_password)

    method = "GET" if address in addresses("GET") else "POST"
    answer = stranger.request(method, filled(address))

    if address == "/staff/password" and method == "GET":
        assert "Choose your password" in answer.text
    elif address in ("/staff/logout", OPEN_TO_STRANGERS):
        assert answer.status_code in (303, 403)
    else:
        assert answer.headers["location"] == "/staff/password"


@pytest.mark.parametrize(
    "address", ["/staff/leads/" + "0" * 32, "/staff/leads/x", "/staff/nothing"]
)
def test_an_unknown_address_is_a_kind_page(amira: Browser, address: str) -> None:
    answer = amira.get(address)

    assert answer.status_code == 404
    assert "could not find" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("event_id", ["1", "0", "-1", "x", "9" * 30])
def test_an_unknown_alarm_is_a_kind_page(amira: Browser, event_id: str) -> None:
    assert amira.get(f"/staff/crisis/{event_id}").status_code == 404
