"""The numbers: each stands once, says who it helps, and is chosen by country and language."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu_components.crisis.hotlines import (
    LANGUAGES,
    ROLES,
    Hotline,
    UnknownCountry,
    lines_for,
    load_hotlines,
)
from nlu_components.crisis.strict_yaml import CrisisFileError

CRISIS = Path(__file__).parents[2] / "crisis"
COUNTRIES = ("US", "CA", "GB", "IE", "AU", "NZ", "EU")
LINES = {country: load_hotlines(CRISIS, country) for country in COUNTRIES}

every_country = pytest.mark.parametrize("country", COUNTRIES)
every_line = pytest.mark.parametrize(
    "line",
    [line for lines in LINES.values() for line in lines],
    ids=lambda line: f"{line.country}: {line.name}",
)


def names(country: str, *roles: str, language: str = "en") -> list[str]:
    return [line.name for line in lines_for(LINES[country], roles, language)]


def test_every_country_of_the_file_is_tested_here() -> None:
    entries = yaml.safe_load((CRISIS / "hotlines.yml").read_text("utf-8"))

    assert {entry["country"] for entry in entries} == set(COUNTRIES)
    assert Counter(entry["country"] for entry in entries) == {
        country: len(lines) for country, lines in LINES.items()
    }


@pytest.mark.parametrize(
    ("country", "emergency", "crisis"),
    [
        ("US", "911", "988"),
        ("CA", "911", "988"),
        ("GB", "999", "116 123"),
        ("IE", "112", "116 123"),
        ("AU", "000", "13 11 14"),
        ("NZ", "111", "1737"),
        ("EU", "112", "116 123"),
    ],
)
def test_each_country_begins_with_its_emergency_number_and_its_crisis_line(
    country: str, emergency: str, crisis: str
) -> None:
    first, second = LINES[country][:2]

    assert first.number == emergency
    assert second.number == crisis


@every_country
def test_each_country_has_someone_for_violence_at_home_sexual_violence_and_children(
    country: str,
) -> None:
    for role in ("domestic_violence", "sexual_assault", "child"):
        assert names(country, role), role


@every_line
def test_a_line_reads_as_plain_text_in_every_language(line: Hotline) -> None:
    for language in LANGUAGES:
        resource = line.resource(language)

        assert set(resource) == {"name", "call", "text", "chat", "note"}
        assert all(isinstance(value, str) for value in resource.values())
        assert resource["note"]
        assert resource["call"] or resource["text"] or resource["chat"]
        assert resource["chat"] == "" or resource["chat"].startswith("https://")
        assert re.fullmatch(r"(Text|Envía) .*\d|", resource["text"])


@every_line
def test_the_digits_of_a_line_are_its_whole_number(line: Hotline) -> None:
    called = line.call.get("en", "")

    assert re.sub(r"\D", "", line.number) == re.sub(r"\D", "", called.split(",")[0])


def test_every_number_says_where_it_was_read_and_every_role_is_in_use() -> None:
    entries = yaml.safe_load((CRISIS / "hotlines.yml").read_text("utf-8"))

    assert all(entry["source"].startswith("http") for entry in entries)
    assert {role for entry in entries for role in entry["helps"]} == ROLES


def test_lines_that_have_ended_are_not_offered() -> None:
    written = (CRISIS / "hotlines.yml").read_text("utf-8")

    for ended in ("press 3", "PRIDE", "1-833-456-4566", "45645"):
        assert ended not in written


def test_spanish_goes_to_people_who_speak_it_where_there_are_any() -> None:
    assert names("US", "emergency", "crisis", "text", language="es") == [
        "911 emergency services",
        "988 en español",
        "Crisis Text Line en español",
    ]
    assert names("US", "crisis", "text") == ["988 Suicide & Crisis Lifeline", "Crisis Text Line"]
    assert names("GB", "crisis", language="es") == names("GB", "crisis")


def test_spanish_readers_are_told_in_spanish_how_to_reach_a_line() -> None:
    (line,) = lines_for(LINES["US"], ["crisis"], "es")

    assert line.resource("es")["call"] == "988 y luego oprime 2"
    assert line.resource("es")["text"] == "Envía AYUDA al 988"
    assert line.resource("en")["call"] == "988, then press 2"


def test_a_line_with_two_roles_is_offered_once() -> None:
    assert names("AU", "domestic_violence", "sexual_assault") == ["1800RESPECT"]


@pytest.mark.parametrize(
    ("written", "code"), [("de", "EU"), ("ES", "EU"), (" uk ", "GB"), ("USA", "US"), ("ie", "IE")]
)
def test_a_country_may_be_written_in_another_way(written: str, code: str) -> None:
    assert load_hotlines(CRISIS, written) == LINES[code]


@pytest.mark.parametrize("written", ["Narnia", ""])
def test_an_unknown_country_is_told_kindly_with_those_that_are_known(written: str) -> None:
    with pytest.raises(UnknownCountry, match=r"clinic\.yml: .* US .* EU .*countries\.yml"):
        load_hotlines(CRISIS, written)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ('call: "911"', "call: 911", "us_emergency: put call in quotes"),
        ('{to: "988"}', "{to: 988}", "number in quotes"),
        ("verified_on: 2026-11-22", "verified_on: soon", "must be a day"),
        ("id: us_lifeline\n", "id: us_emergency\n", "twice"),
        ("  country: US\n", "", "has no country"),
        ("  country: US\n", "  country: XX\n", "XX is not in countries.yml"),
        ('call: "911"', "call: null", "no way to reach it"),
        ("helps: [emergency]", "helps: []", "helps must not be empty"),
        ("helps: [veterans]", "helps: [vetrans]", "us_veterans: no such role: vetrans"),
        ("helps: [emergency]", "helps: [medical]", "US: begin with the emergency number"),
        ("es: llama al 911", "es: llama al 112", "us_emergency: say must name the number"),
        ("  say: {en: call 911, es: llama al 911}\n", "", "us_emergency: say must name the number"),
        ("call: 1-800-656-4673", "call: 1-800-799-7233", "us_domestic_violence has the same call"),
        ("  source: http", "  sorce: http", "has no source"),
    ],
)
def test_a_mistake_is_named_with_what_to_change(
    tmp_path: Path, before: str, after: str, complaint: str
) -> None:
    shutil.copy(CRISIS / "countries.yml", tmp_path)
    text = (CRISIS / "hotlines.yml").read_text("utf-8")
    assert before in text
    (tmp_path / "hotlines.yml").write_text(text.replace(before, after, 1), "utf-8")

    with pytest.raises(CrisisFileError, match=rf"hotlines\.yml: .*{re.escape(complaint)}"):
        load_hotlines(tmp_path, "US")


def test_a_line_may_be_unconfirmed(tmp_path: Path) -> None:
    shutil.copy(CRISIS / "countries.yml", tmp_path)
    text = (CRISIS / "hotlines.yml").read_text("utf-8")
    unknown = text.replace("verified_on: 2026-11-22", "verified_on: null")
    (tmp_path / "hotlines.yml").write_text(unknown, "utf-8")

    assert load_hotlines(tmp_path, "US") == LINES["US"]
