"""Everybody keeps their own views of the inbox."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic import saved_views
from clinic.database import transaction
from clinic.tables import SavedView
from tests.web.console.conftest import Browser

FILTERED = "/staff/leads?status=new&state=OR"
FILTERS = "status=new&state=OR"


def keep(browser: Browser, name: str, filters: str = FILTERS) -> str:
    answer = browser.fill_in(FILTERED, "/staff/views", name=name, filters=filters)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def views() -> list[tuple[str, dict[str, str]]]:
    with transaction() as session:
        return [(view.name, view.filters) for view in session.query(SavedView)]


def test_a_view_is_kept_and_opens_the_same_list(ben: Browser) -> None:
    assert keep(ben, "Oregon") == f"/staff/leads?{FILTERS}&done=view_saved"

    page = ben.get("/staff/leads").text
    assert '<a href="/staff/leads?status=new&amp;state=OR">Oregon</a>' in page


def test_nobody_sees_the_views_of_others(ben: Browser, amira: Browser) -> None:
    keep(ben, "Oregon")

    assert "Oregon</a>" not in amira.get("/staff/leads").text


def test_the_same_name_takes_the_place_of_the_old_view(ben: Browser) -> None:
    keep(ben, "Mine")
    keep(ben, " Mine ", "assignee=me")

    assert views() == [("Mine", {"assignee": "me"})]


def test_nonsense_is_not_kept(ben: Browser) -> None:
    keep(ben, "Odd", "status=nonsense&state=OR&done=x&after=y")

    assert views() == [("Odd", {"state": "OR"})]


def test_a_view_needs_a_name(ben: Browser) -> None:
    assert "problem=view_name" in keep(ben, "   ")
    assert "problem=view_name" in keep(ben, "x" * 61)
    assert "problem=view_name" in keep(ben, "a\x00b")

    assert views() == []
    assert "Please give the view a name" in ben.get("/staff/leads?problem=view_name").text


def test_there_is_an_end_to_views(ben: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST", 1)
    keep(ben, "One")

    assert "problem=view_many" in keep(ben, "Two")


def test_a_view_can_be_deleted_by_its_owner_alone(ben: Browser, amira: Browser) -> None:
    keep(ben, "Oregon")

    assert amira.fill_in("/staff/leads", "/staff/views/1/delete").status_code == 404
    assert ben.fill_in("/staff/leads", "/staff/views/1/delete").status_code == 303

    assert views() == []
    assert ben.fill_in("/staff/leads", "/staff/views/1/delete").status_code == 404


def test_both_are_written_down(ben: Browser, deeds: Callable[[], list[tuple[str, str]]]) -> None:
    keep(ben, "Oregon")
    ben.fill_in("/staff/leads", "/staff/views/1/delete")

    assert {("view.saved", "view:1"), ("view.deleted", "view:1")} <= set(deeds())


def test_forged_forms_are_refused(ben: Browser) -> None:
    keep(ben, "Oregon")

    assert ben.post("/staff/views", data={"name": "x", "filters": ""}).status_code == 403
    assert ben.post("/staff/views/1/delete", data={}).status_code == 403


def test_the_name_of_a_view_stays_text(ben: Browser) -> None:
    keep(ben, "<script>alert(1)</script>")

    assert "<script>alert" not in ben.get("/staff/leads").text
