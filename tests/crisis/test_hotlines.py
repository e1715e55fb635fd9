"""Every answer names 911 and 988, and every hotline it offers exists."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from nlu_components.crisis.answers import AGAIN, UNCLEAR, CrisisAnswer, load_answers, load_hotlines
from nlu_components.crisis.phrases import CATEGORIES
from nlu_components.crisis.strict_yaml import CrisisFileError

CRISIS = Path(__file__).parents[2] / "crisis"
ANSWERS = load_answers(CRISIS)

every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: str(answer.category))


def test_there_is_one_answer_for_every_category_and_one_for_what_is_unclear() -> None:
    assert [answer.category for answer in ANSWERS] == [*CATEGORIES, UNCLEAR, AGAIN]


@every_answer
def test_the_answer_names_911_and_988(answer: CrisisAnswer) -> None:
    assert re.search(r"\b911\b", answer.text)
    assert re.search(r"\b988\b", answer.text)
    assert answer.resources[0]["call"] == "911"
    assert "988" in [resource["call"] for resource in answer.resources]


@every_answer
def test_the_answer_says_what_it_is_and_asks_one_question(answer: CrisisAnswer) -> None:
    assert "automated assistant, not a crisis service" in answer.text
    assert "texting is fine" in answer.text
    assert answer.text.count("?") == 1


@every_answer
def test_the_answer_is_short_and_in_plain_words(answer: CrisisAnswer) -> None:
    sentences = re.split(r"[.?!]\s", answer.text)
    words = re.findall(r"[A-Za-z']+", answer.text)

    assert len(words) < 170
    assert max(len(sentence.split()) for sentence in sentences) <= 30
    assert sum(len(word) > 9 for word in words) / len(words) < 0.05


@every_answer
def test_resources_are_plain_texts_for_people(answer: CrisisAnswer) -> None:
    for resource in answer.resources:
        assert set(resource) == {"name", "call", "text", "chat", "note"}
        assert all(isinstance(value, str) for value in resource.values())
        assert re.fullmatch(r"(Text ([A-Z]+ to )?\d+)?", resource["text"])
        assert resource["chat"] == "" or resource["chat"].startswith("https://")


def test_the_resource_fits_the_crisis() -> None:
    names = {a.category: [resource["name"] for resource in a.resources] for a in ANSWERS}

    assert "Poison Help" in names["overdose"]
    assert {
        "RAINN National Sexual Assault Hotline",
        "Childhelp National Child Abuse Hotline",
    } <= set(names["abuse"])
    assert "Veterans Crisis Line" in names["suicide"]


def test_the_file_of_hotlines_begins_with_911_and_then_988() -> None:
    assert list(load_hotlines(CRISIS / "hotlines.yml"))[:2] == ["emergency_911", "lifeline_988"]


def test_every_hotline_says_when_and_where_it_was_checked() -> None:
    for entry in yaml.safe_load((CRISIS / "hotlines.yml").read_text(encoding="utf-8")):
        assert isinstance(entry["verified_on"], date)
        assert entry["source"].startswith("http")
        assert entry["country"] == "US"


@pytest.mark.parametrize(
    ("file", "before", "after", "complaint"),
    [
        ("hotlines.yml", 'call: "911"', "call: 911", "emergency_911: put call in quotes"),
        ("hotlines.yml", '{to: "988"}', "{to: 988}", "number in quotes"),
        ("hotlines.yml", "verified_on: 2026-11-22", "verified_on: soon", "must be a day"),
        ("hotlines.yml", "id: lifeline_988", "id: emergency_911", "twice"),
        ("hotlines.yml", "  country: US\n", "", "has no country"),
        ("hotlines.yml", 'call: "911"', "call: null", "no way to reach it"),
        ("answers.yml", "poison_help, lifeline_988", "poison_hlep", "no such hotline: poison_hlep"),
        (
            "answers.yml",
            "call or text 988 too",
            "call them too",
            "overdose: the text must name 988",
        ),
        ("answers.yml", "  unclear:", "  unclaer:", "has no unclear"),
        ("answers.yml", "    question: Is anyone in danger right now?\n", "", "has no question"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    tmp_path: Path, file: str, before: str, after: str, complaint: str
) -> None:
    for name in ("hotlines.yml", "answers.yml"):
        shutil.copy(CRISIS / name, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(CrisisFileError, match=rf"{re.escape(file)}: .*{complaint}"):
        load_answers(tmp_path)
