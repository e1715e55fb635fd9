"""Clinicians see what happened, as plots, tables and files; nobody else does."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from clinic import counts
from clinic.clock import now
from clinic.database import transaction
from clinic.tables import Conversation
from tests.clinic.numbers.builders import add_crisis, add_lead
from tests.web.console.conftest import Browser
from web.console.numbers import BARRED, PLOTTED

SCRIPT = "<script>alert(1)</script>"
FIGURES = ("conversations", "topics", "where_people_stop", "first_contact", "nice_hte30")


@pytest.fixture
def busy(database_url: str) -> None:
    """One lead, one alarm and some counts of today."""
    with transaction() as session:
        at = now() - timedelta(minutes=1)
        add_lead(session, at=at, contacted_after=0, status="contacted", source="newsletter")
        add_crisis(session, at=at, seen_after=0)
        for kind, detail in (
            (counts.CONVERSATION, "newsletter"),
            (counts.TOPIC, "cost"),
            (counts.QUESTION_SHOWN, "age"),
            (counts.SCREENING_STARTED, ""),
            (counts.UNANSWERED, "not_understood"),
        ):
            counts.add(session, kind, detail)


def rows(browser: Browser, name: str, query: str = "") -> list[list[str]]:
    answer = browser.get(f"/staff/numbers/{name}.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["cache-control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("path", ["/staff/numbers", "/staff/numbers/leads.csv"])
def test_numbers_are_for_clinicians_and_admins(
    stranger: Browser, ben: Browser, amira: Browser, chris: Browser, path: str
) -> None:
    codes = [browser.get(path).status_code for browser in (stranger, ben, amira, chris)]

    assert codes == [303, 403, 200, 200]


def test_a_new_clinic_is_told_kindly_that_nothing_has_happened(amira: Browser) -> None:
    shown = amira.get("/staff/numbers").text

    assert "Nothing has happened in these days" in shown
    assert "<svg" not in shown.split("</header>")[1]


@pytest.mark.usefixtures("busy")
def test_every_plot_has_a_name_a_summary_and_a_table(amira: Browser) -> None:
    shown = amira.get("/staff/numbers").text

    plots = re.findall(r'<figure class="plot".*?</figure>', shown, re.DOTALL)
    assert len(plots) == len(PLOTTED)
    for plot in plots:
        assert "<h3" in plot
        assert "<table>" in plot
        assert 'role="img"' in plot or "none." in plot
    assert 'aria-label="New leads. Leads: 1 in all, at most 1 in one day' in shown


@pytest.mark.usefixtures("busy")
def test_codes_are_shown_in_words(amira: Browser) -> None:
    shown = amira.get("/staff/numbers").text

    for words in ("How much does treatment cost?", "Clinician review", "Not understood", "Suicide"):
        assert words in shown


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("name", [*FIGURES, *PLOTTED, *BARRED])
def test_every_figure_is_a_file(amira: Browser, name: str) -> None:
    head, *found = rows(amira, name)

    assert all(len(row) == len(head) for row in found)
    assert f"/staff/numbers/{name}.csv?" in amira.get("/staff/numbers").text or not found


@pytest.mark.usefixtures("busy")
def test_a_file_has_codes_words_and_plain_numbers(amira: Browser) -> None:
    assert rows(amira, "topics") == [
        ["Topic code", "Topic", "Times"],
        ["cost", "How much does treatment cost?", "1"],
    ]
    assert rows(amira, "sources")[1] == ["newsletter", "newsletter", "1", "1"]


@pytest.mark.usefixtures("busy")
def test_a_file_is_of_the_period_that_was_looked_at(amira: Browser) -> None:
    assert rows(amira, "topics", "?from=2020-01-01&to=2020-01-31")[1:] == []


def test_a_figure_that_does_not_exist_is_not_found(amira: Browser) -> None:
    assert amira.get("/staff/numbers/secrets.csv").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["?from=%00", "?from=9999-99-99&to=x", "?period=<b>", "?step=eternity", "?to=1999-01-01"],
)
def test_no_address_breaks_the_page(amira: Browser, query: str) -> None:
    assert amira.get(f"/staff/numbers{query}").status_code == 200


@pytest.mark.parametrize("source", ["=1+1", "+1", "-1", "@x", "\t=1", "＝1"])
def test_no_source_is_a_formula_to_a_spreadsheet(amira: Browser, source: str) -> None:
    with transaction() as session:
        counts.add(session, counts.CONVERSATION, source)

    assert rows(amira, "sources")[1][:2] == [f"'{source}", f"'{source}"]


def test_no_source_is_markup_to_a_browser(amira: Browser) -> None:
    with transaction() as session:
        session.add(Conversation(id="c", source=SCRIPT))
        counts.add(session, counts.CONVERSATION, SCRIPT)
        add_lead(session, at=now() - timedelta(minutes=1), source=SCRIPT)

    shown = amira.get("/staff/numbers").text

    assert SCRIPT not in shown
    assert "&lt;script&gt;alert(1)" in shown


@pytest.mark.usefixtures("busy")
def test_the_page_carries_no_style_and_no_script_of_its_own(amira: Browser) -> None:
    shown = amira.get("/staff/numbers?period=12w").text

    assert " style=" not in shown
    assert not re.search(r"<script(?![^>]*src=)", shown)
    assert not re.search(r"\son\w+=", shown)


@pytest.mark.usefixtures("busy")
def test_what_cannot_be_computed_says_what_is_missing(amira: Browser) -> None:
    shown = amira.get("/staff/numbers").text

    assert "`phone_intake_minutes` in clinic.yml is empty" in shown
    assert "`monthly_cost` in clinic.yml is empty" in shown
