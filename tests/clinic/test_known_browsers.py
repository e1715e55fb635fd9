"""Known browsers: what their token says, and that nobody else can write one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock, known_browsers
from clinic.known_browsers import KNOWN_FOR, MOST_ACCOUNTS, read, signed_in_here


def test_a_browser_knows_everybody_who_signed_in_there() -> None:
    first = read(signed_in_here(None, 7))
    assert first is not None

    second = read(signed_in_here(first, 9))

    assert second is not None
    assert second.id == first.id
    assert second.knows(7)
    assert second.knows(9)
    assert not second.knows(8)


def test_the_oldest_account_gives_way_to_the_newest() -> None:
    browser = None
    for staff_id in range(MOST_ACCOUNTS + 1):
        browser = read(signed_in_here(browser, staff_id))

    assert browser is not None
    assert browser.accounts == tuple(range(1, MOST_ACCOUNTS + 1))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: "A" + token,
        lambda token: token.split(".")[0],
        lambda token: "." + token.split(".")[1],
        lambda token: "é" + token,
        lambda token: signed_in_here(None, 8).split(".")[0] + "." + token.split(".")[1],
    ],
)
def test_a_token_that_is_not_ours_names_no_browser(spoil: object) -> None:
    assert callable(spoil)

    assert read(spoil(signed_in_here(None, 7))) is None


def test_a_token_is_forgotten_after_half_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    token = signed_in_here(None, 7)

    monkeypatch.setattr(known_browsers, "now", lambda: clock.now() + KNOWN_FOR - timedelta(days=1))
    assert read(token) is not None
    monkeypatch.setattr(known_browsers, "now", lambda: clock.now() + KNOWN_FOR + timedelta(days=1))
    assert read(token) is None
