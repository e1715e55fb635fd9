"""An open page looks for what is new by itself: that somebody reads it is still in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from clinic import audit, clock
from tests.web.console.conftest import Browser

Deeds = Callable[[], list[tuple[str, str]]]
BY_ITSELF = {"x-asked-by-the-page": "1"}
LISTS = [
    ("/staff/leads?status=all", "leads.listed", "leads:all"),
    ("/staff/live?part=lists", "handoffs.listed", "handoffs:all"),
]


@pytest.mark.parametrize(("page", "action", "subject"), LISTS)
def test_what_a_page_asks_for_by_itself_is_a_look_once_an_hour(
    amira: Browser,
    ben: Browser,
    deeds: Deeds,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    action: str,
    subject: str,
) -> None:
    def looks() -> int:
        return deeds().count((action, subject))

    for browser in (amira, amira, ben):
        assert browser.get(page, headers=BY_ITSELF).status_code == 200
    assert looks() == 2, "one of each"

    monkeypatch.setattr(audit, "now", lambda: clock.now() + timedelta(minutes=61))
    amira.get(page, headers=BY_ITSELF)

    assert looks() == 3


@pytest.mark.parametrize(("page", "action", "subject"), LISTS)
def test_who_opens_the_page_by_hand_always_leaves_a_trace(
    amira: Browser, deeds: Deeds, page: str, action: str, subject: str
) -> None:
    for _ in range(2):
        amira.get(page.partition("?")[0])
    amira.get(page, headers=BY_ITSELF)

    assert deeds().count((action, subject)) == 2
