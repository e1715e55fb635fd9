"""The help lines that stand in the page itself: 911 and 988 first, ready to be used."""

from __future__ import annotations

import yaml

from clinic.facts import facts
from clinic.help_lines import help_lines
from clinic.settings import HOME


def test_911_and_988_come_first() -> None:
    first, second = help_lines("US")[:2]

    assert first.call == "911"
    assert second.call == "988"
    assert second.text == "Text 988"
    assert second.chat.startswith("https://")


def test_a_word_to_send_is_said_with_its_number() -> None:
    lines = {line.name: line for line in help_lines("US")}

    assert lines["Crisis Text Line"].text == "Text HOME to 741741"


def test_every_line_has_a_way_to_reach_it() -> None:
    for line in help_lines("US"):
        assert line.name
        assert line.call or line.text or line.chat, line.name


def test_every_line_of_the_file_belongs_to_a_country_that_shows_it() -> None:
    entries = yaml.safe_load((HOME / "crisis" / "hotlines.yml").read_text("utf-8"))
    countries = {entry["country"] for entry in entries}

    assert sum(len(help_lines(country)) for country in countries) == len(entries)


def test_this_clinics_country_has_help_lines() -> None:
    assert help_lines(facts().country)
