"""Whatever is sent to any route: an admin breaks nothing, and a stranger gets no further than
the door.

The requests follow from the application's own description of its routes. Half of them name
records that are there, or carry the key of a chat that is there, and most forms carry the right
token, so that they come as far as they can.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from httpx import Response
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.schemas import APIOperation

from tests.web.security.routes import ANYBODY, WHO_MAY
from tests.web.security.world import STRANGER, World
from web.app import create_app

Open = Callable[[str], TestClient]

SCHEMA = schemathesis.openapi.from_dict(create_app().openapi())
OPERATIONS = {
    f"{operation.method.upper()} {operation.path}": operation
    for found in SCHEMA.get_all_operations()
    if isinstance(operation := found.ok(), APIOperation)  # type: ignore[union-attr]
}
OF_STAFF = [route for route in WHO_MAY if " /staff" in route and WHO_MAY[route] != ANYBODY]

BY_CHANCE = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW = settings(BY_CHANCE, max_examples=3)


def send(client: TestClient, case: Case[Any]) -> Response:
    said = case.as_transport_kwargs(base_url="http://testserver")
    said["headers"] = {
        name: value.encode("utf-8", "replace") for name, value in (said["headers"] or {}).items()
    }
    cookies = said.pop("cookies", None) or {}
    for name, value in cookies.items():
        client.cookies.set(name, value)
    answer: Response = client.request(**said)
    return answer


def make_real(case: Case[Any], world: World) -> None:
    """Let it speak of records that are there, as the visitor whose chat is open."""
    for name in set(case.path_parameters) & set(world.ids):
        case.path_parameters[name] = world.ids[name]
    if case.path.startswith("/api/"):
        case.headers["Authorization"] = f"Bearer {world.key}"


def make_ours(case: Case[Any], csrf: str) -> None:
    """Let it come from our own form."""
    if isinstance(case.body, dict):
        case.body["csrf"] = csrf


@pytest.mark.parametrize("route", WHO_MAY)
def test_nothing_that_an_admin_sends_breaks_anything(
    browser_of: Open, world: World, route: str
) -> None:
    @BY_CHANCE
    @given(case=OPERATIONS[route].as_strategy(), is_real=st.booleans(), is_ours=st.integers(0, 4))
    def sent(case: Case[Any], is_real: bool, is_ours: int) -> None:
        if is_real:
            make_real(case, world)
        if is_ours:
            make_ours(case, world.csrf["admin"])

        answer = send(browser_of("admin"), case)

        assert answer.status_code < 500, case.as_curl_command()

    sent()


@pytest.mark.parametrize("route", OF_STAFF)
def test_a_stranger_gets_no_further_than_the_door(
    browser_of: Open, world: World, route: str
) -> None:
    @FEW
    @given(case=OPERATIONS[route].as_strategy())
    def sent(case: Case[Any]) -> None:
        answer = send(browser_of(STRANGER), case)

        is_door = answer.headers.get("location", "").startswith("/staff/login?next=")
        # An address or a form that cannot be one is nobody's, signed in or not.
        assert is_door or answer.status_code == 404, case.as_curl_command()

    sent()
