"""The cookie is the visitor's only key: no script reads it and no other site sends it."""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest
from fastapi.testclient import TestClient

from clinic.settings import settings
from tests.web.visitor.conftest import Visitor


def cookie(http: TestClient) -> Morsel[str]:
    return SimpleCookie(Visitor(http).open().headers["set-cookie"])["conversation"]


def test_it_is_for_our_api_only_and_hidden_from_scripts(http: TestClient) -> None:
    made = cookie(http)

    assert made["httponly"]
    assert made["samesite"].lower() == "lax"
    assert made["path"] == "/api"
    assert len(made.value) >= 43


def test_over_https_it_never_travels_unencrypted(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLINIC_PUBLIC_URL", "https://clinic.example")
    settings.cache_clear()

    assert cookie(http)["secure"]


def test_over_plain_http_it_works_all_the_same(http: TestClient) -> None:
    assert not cookie(http)["secure"]


def test_every_visitor_has_another(http: TestClient) -> None:
    first = cookie(http).value
    http.cookies.clear()

    assert cookie(http).value != first


def test_coming_back_keeps_it(http: TestClient) -> None:
    assert cookie(http).value == cookie(http).value
