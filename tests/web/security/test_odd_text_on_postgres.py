"""PostgreSQL refuses what SQLite takes: a zero byte in text, a text longer than its column, a
number larger than its column. Neither may show a visitor or staff a broken page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from clinic.database import transaction
from tests.postgres_server import used_by_the_code
from tests.web.security.routes import WHO_MAY
from tests.web.security.world import World, build, sign_in_again
from web.console.cookies import SESSION_COOKIE

ODD = {"a zero byte": "a\x00b", "too long": "x" * 6000, "too large": "9" * 18}


@pytest.fixture(scope="module")
def on_postgres(postgres_url: str) -> Iterator[World]:
    """The filled clinic in PostgreSQL, which is also what the code under test opens."""
    world = build(postgres_url)
    with used_by_the_code(postgres_url):
        yield world


def inputs_of(app: FastAPI, route: str) -> tuple[list[str], list[str]]:
    """The names of a route's query parameters, and of its form's or message's fields."""
    method, path = route.split(" ", 1)
    described = app.openapi()
    operation = described["paths"][path][method.lower()]
    asked = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    content = operation.get("requestBody", {}).get("content", {})
    fields: list[str] = []
    for body in content.values():
        name = str(body["schema"].get("$ref", "")).rpartition("/")[2]
        fields += described["components"]["schemas"].get(name, {}).get("properties", {})
    return asked, [field for field in fields if field != "csrf"]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("route", WHO_MAY)
def test_odd_text_in_every_field_breaks_nothing(
    whole_app: FastAPI, on_postgres: World, route: str, odd: str
) -> None:
    method, path = route.split(" ", 1)
    asked, fields = inputs_of(whole_app, route)
    with transaction() as session:
        sign_in_again(session, on_postgres)
    client = TestClient(whole_app, follow_redirects=False)
    client.cookies.set(SESSION_COOKIE, on_postgres.tokens["admin"])
    client.headers["Authorization"] = f"Bearer {on_postgres.key}"

    for name in [*asked, *fields, ""]:
        said: dict[str, Any] = {"csrf": on_postgres.csrf["admin"]} | dict.fromkeys(fields, "1")
        said |= {name: odd} if name in fields else {}
        query = {name: odd} if name in asked else None
        answer = client.request(
            method,
            on_postgres.filled(path),
            params=query,
            **({} if method == "GET" else {"json" if "/api/" in path else "data": said}),
        )

        assert answer.status_code < 500, name


@pytest.mark.parametrize("odd", ["%00", "%ff", "a%00b", "é", quote("9" * 18), "-1", "x" * 3000])
@pytest.mark.parametrize("route", [route for route in WHO_MAY if "{" in route])
def test_odd_addresses_break_nothing(
    whole_app: FastAPI, on_postgres: World, route: str, odd: str
) -> None:
    method, path = route.split(" ", 1)
    with transaction() as session:
        sign_in_again(session, on_postgres)
    client = TestClient(whole_app, follow_redirects=False)
    client.cookies.set(SESSION_COOKIE, on_postgres.tokens["admin"])
    names = [name for name in on_postgres.ids if f"{{{name}}}" in path]

    for name in names:
        address = path.format_map(on_postgres.ids | {name: odd})
        form = {"csrf": on_postgres.csrf["admin"]} if method == "POST" else None
        answer = client.request(method, address, data=form)

        assert answer.status_code < 500, address
