"""The help lines that stand in the page itself: danger first, then crisis, ready to be used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml

from clinic.facts import facts
from clinic.help_lines import HelpLine, help_lines, outdated
from clinic.settings import HOME

ENTRIES = yaml.safe_load((HOME / "crisis" / "hotlines.yml").read_text("utf-8"))
CHECKED = date(2026, 11, 22)


def line(verified_on: date | None = CHECKED) -> HelpLine:
    return replace(help_lines("US")[0], verified_on=verified_on)


def test_911_and_988_come_first() -> None:
    first, second = help_lines("US")[:2]

    assert (first.call, first.helps) == ("911", ("emergency",))
    assert (second.call, second.helps) == ("988", ("crisis",))
    assert second.text == "Text 988"
    assert second.chat.startswith("https://")


def test_a_word_to_send_is_said_with_its_number() -> None:
    lines = {line.name: line for line in help_lines("US")}

    assert lines["Crisis Text Line"].text == "Text HOME to 741741"
    assert lines["988 en español"].call == "988, then press 2"


def test_the_lines_can_be_read_in_spanish() -> None:
    lines = {line.name: line for line in help_lines("US", "es")}

    assert lines["988 en español"].call == "988 y luego oprime 2"
    assert lines["988 en español"].text == "Envía AYUDA al 988"
    assert lines["Poison Help"].note.startswith("Solo si la persona")
    assert lines["988 en español"].languages == ("es",)


def test_every_line_has_a_way_to_reach_it() -> None:
    for line in help_lines("US"):
        assert line.name
        assert line.call or line.text or line.chat, line.name


def test_every_line_of_the_file_belongs_to_a_country_that_shows_it() -> None:
    countries = {entry["country"] for entry in ENTRIES}

    assert sum(len(help_lines(country)) for country in countries) == len(ENTRIES)


@pytest.mark.parametrize(("written", "same"), [("de", "EU"), ("ES", "EU"), ("UK", "GB")])
def test_a_country_may_be_written_in_another_way(written: str, same: str) -> None:
    assert help_lines(written) == help_lines(same) != ()


def test_a_country_without_lines_breaks_no_page() -> None:
    assert help_lines("Narnia") == ()


def test_this_clinics_country_has_help_lines() -> None:
    assert help_lines(facts().country)


@pytest.mark.parametrize(("days", "is_outdated"), [(0, False), (120, False), (121, True)])
def test_a_check_counts_for_120_days(days: int, is_outdated: bool) -> None:
    assert bool(outdated([line()], CHECKED + timedelta(days=days))) == is_outdated


def test_a_line_that_was_never_checked_is_outdated() -> None:
    never, checked = line(verified_on=None), line()

    assert outdated([checked, never], CHECKED) == [never]


def test_the_days_may_be_chosen() -> None:
    assert outdated([line()], CHECKED + timedelta(days=8), days=7) == [line()]
