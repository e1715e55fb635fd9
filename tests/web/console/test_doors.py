"""Addresses that lead nowhere. Who may use which address is in tests/web/security."""

from __future__ import annotations

import pytest

from tests.web.console.conftest import Browser


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
