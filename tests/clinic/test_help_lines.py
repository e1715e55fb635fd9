"""The help lines that stand in the page itself: danger first, then crisis, ready to be used."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic import help_lines as module
from clinic.facts import facts
from clinic.help_lines import (
    NO_NUMBER,
    HelpLine,
    HelpLinesError,
    help_lines,
    in_danger,
    left_out,
    line_to_name,
    outdated,
)
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


Write = Callable[[str, str | None], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Change a copy of the file: put `new` for `old`, or take the whole file away."""
    shutil.copytree(HOME / "crisis", tmp_path / "crisis")
    monkeypatch.setattr(module, "HOME", tmp_path)

    def forget() -> None:
        help_lines.cache_clear()
        module._entries.cache_clear()

    def change(old: str, new: str | None) -> None:
        path = tmp_path / "crisis" / "hotlines.yml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text("" if new is None else text.replace(old, new, 1), "utf-8")
        forget()

    yield change
    forget()


def of_country(country: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = facts().model_copy(update={"country": country})
    monkeypatch.setattr(module, "facts", lambda: there)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: Veterans Crisis Line", "nom: Veterans Crisis Line"),
        ('text: {to: "838255"}', "text: {to: 838255}"),
        ('text: {to: "838255"}', 'text: {number: "838255"}'),
        ("helps: [veterans]", "helps: veterans"),
    ],
)
def test_an_entry_that_cannot_be_read_is_left_out_and_only_its_id_is_logged(
    write: Write, caplog: pytest.LogCaptureFixture, old: str, new: str
) -> None:
    before = [line.name for line in help_lines("US")]
    write(old, new)

    after = [line.name for line in help_lines("US")]

    assert after == [name for name in before if name != "Veterans Crisis Line"]
    assert left_out() == ("us_veterans",)
    assert [record.getMessage() for record in caplog.records] == [
        "help line left out id=us_veterans"
    ]


def test_a_line_without_a_note_is_shown_without_one(write: Write) -> None:
    write('  note: {es: "Ayuda gratuita y confidencial en español, de día y de noche."}\n', "")

    (line,) = [line for line in help_lines("US") if line.name == "988 en español"]

    assert line.note == ""
    assert left_out() == ()


@pytest.mark.parametrize("entry", ["- just words\n", "- [a]\n", "- 5\n", "-\n", "- {}\n"])
def test_what_is_no_entry_at_all_breaks_nothing(write: Write, entry: str) -> None:
    before = help_lines("US")
    write("- id: us_emergency\n", f"{entry}- id: us_emergency\n")

    assert help_lines("US") == before
    assert left_out() == ("entry 1",)


@pytest.mark.parametrize(
    ("country", "said"),
    [
        ("US", "If you are in danger, call 911. In a crisis, call or text 988."),
        ("GB", "If you are in danger, call 999. In a crisis, call Samaritans on 116 123."),
        ("Narnia", "If you are in danger, call 911. In a crisis, call or text 988."),
    ],
)
def test_the_sentence_for_apologies_names_the_numbers_of_the_country(
    monkeypatch: pytest.MonkeyPatch, country: str, said: str
) -> None:
    of_country(country, monkeypatch)

    assert in_danger() == said


@pytest.mark.parametrize(
    ("old", "new"),
    [("name: 999 emergency services", "name: 999"), ("- id: us_emergency", None), ("\n", "\n[")],
)
def test_without_a_number_to_name_the_start_fails_but_an_apology_does_not(
    write: Write, monkeypatch: pytest.MonkeyPatch, old: str, new: Any
) -> None:
    of_country("GB", monkeypatch)
    write(old, new)

    with pytest.raises(HelpLinesError, match=r"crisis/hotlines\.yml"):
        line_to_name("emergency")
    assert in_danger() == NO_NUMBER
