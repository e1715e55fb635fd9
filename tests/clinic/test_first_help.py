"""Help of our own can be given in every crisis and language, and a mistake is met at the start."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from clinic import first_help, help_lines
from clinic.facts import facts
from clinic.first_line import CATEGORIES, LANGUAGES, Alarm, FirstLine, FirstLineFile, first_line
from clinic.help_lines import HelpLinesError
from clinic.settings import HOME

EVERY_ALARM = [Alarm(category, language) for category in CATEGORIES for language in LANGUAGES]


def forget() -> None:
    help_lines.help_lines.cache_clear()
    help_lines._entries.cache_clear()
    first_help._roles.cache_clear()


@pytest.fixture
def crisis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the crisis folder that a test may damage."""
    shutil.copytree(HOME / "crisis", tmp_path / "crisis")
    monkeypatch.setattr(help_lines, "HOME", tmp_path)
    monkeypatch.setattr(first_help, "HOME", tmp_path)
    forget()
    yield tmp_path / "crisis"
    forget()


@pytest.mark.parametrize("country", ["US", "CA", "GB", "IE", "AU", "NZ", "DE"])
def test_in_every_country_every_reply_can_be_given(
    monkeypatch: pytest.MonkeyPatch, country: str
) -> None:
    there = facts().model_copy(update={"country": country})
    monkeypatch.setattr(help_lines, "facts", lambda: there)

    first_help.check()


@pytest.mark.parametrize(
    "alarm", EVERY_ALARM, ids=lambda alarm: f"{alarm.category}-{alarm.language}"
)
def test_every_reply_begins_with_the_emergency_line_and_has_no_brace_left(alarm: Alarm) -> None:
    for said in (first_help.without_the_bot(alarm), first_help.not_read_whole(alarm)):
        assert said.payload["resources"][0]["call"] == "911"
        assert "{" not in said.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_true_beside_a_person_is_found_in_the_bots_answers_too(language: str) -> None:
    shared = yaml.safe_load((HOME / "crisis" / "answers" / f"{language}.yml").read_text("utf-8"))
    closing = shared["shared"]["closing"]

    said = first_help.true_beside_a_person(closing)
    ours = first_help.beside_a_person(Alarm("suicide", language)).text

    sentence = first_line().words[language].nobody_watches
    assert sentence in closing
    assert sentence not in said + ours
    assert "911" in ours


@pytest.mark.parametrize("name", ["lost_contact", "no_assistant", "too_long"])
def test_any_of_the_texts_may_name_the_numbers(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    line = FirstLine(_file_with(name))
    monkeypatch.setattr(first_help, "first_line", lambda: line)
    alarm = EVERY_ALARM[0]

    said = [
        first_help.on_the_page()["words"]["en"],
        first_help.without_the_bot(alarm).text,
        first_help.not_read_whole(alarm).text,
    ]

    assert any(text.startswith("Please call 911.") for text in said)


def _file_with(name: str) -> FirstLineFile:
    words = {
        language: said.model_copy(update={name: "Please {emergency}."})
        for language, said in first_line().words.items()
    }
    nothing: dict[str, dict[str, list[str]]] = {
        category: {language: [] for language in LANGUAGES} for category in CATEGORIES
    }
    return FirstLineFile(
        words=words, read_as={}, groups={}, patterns=nothing, must_alarm=nothing, must_stay_calm=[]
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("categories.yml", "self_harm:", "selfharm:"),
        ("categories.yml", "helps: [emergency", "help: [emergency"),
        ("categories.yml", "medical_emergency:", "["),
        ("hotlines.yml", "helps: [emergency]", "helps: emergency"),
        ("countries.yml", "- country: US", "["),
    ],
)
def test_a_mistake_in_the_files_is_met_at_the_start_and_named(
    crisis: Path, file: str, old: str, new: str
) -> None:
    path = crisis / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")

    with pytest.raises(HelpLinesError, match=f"crisis/{file}"):
        first_help.check()
