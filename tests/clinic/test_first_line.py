"""The first look hears plain words of danger with no server, and a mistake in its file is named."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic.first_line import (
    CATEGORIES,
    LANGUAGES,
    Alarm,
    FirstLine,
    FirstLineError,
    load_first_line,
    page_data,
)
from clinic.settings import HOME
from web.visitor import files

PATH = HOME / "crisis" / "first_line.yml"
LINE, FILE = load_first_line(PATH)
MUST_ALARM = [
    (category, language, text)
    for category, spoken in FILE.must_alarm.items()
    for language, texts in spoken.items()
    for text in texts
]


@pytest.mark.parametrize(("category", "language", "text"), MUST_ALARM)
def test_words_of_danger_are_found_in_their_category(
    category: str, language: str, text: str
) -> None:
    assert LINE.find(text) == Alarm(category, language)


@pytest.mark.parametrize("text", FILE.must_stay_calm)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert LINE.find(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself",
        "i WANT to k i l l myself!!",
        "i want to k1ll mys3lf",
        "i want to k*ll myself",
        "how much is it? i want to kill myself. do you take insurance",
        "I wan\u200bt to kill\u00a0myself",
        "i want to killlll myself",
        "KILL MYSELF",
    ],
)
def test_disguises_and_sloppy_writing_change_nothing(text: str) -> None:
    assert LINE.find(text) == Alarm("suicide", "en")


def test_the_most_urgent_category_counts() -> None:
    text = "I want to die and I took all my pills and I can't breathe"

    assert LINE.find(text) == Alarm("medical_emergency", "en")


def test_a_gap_does_not_reach_across_sentences() -> None:
    assert LINE.find("I took my meds. All is well.") is None


def test_in_a_very_long_text_the_beginning_and_the_end_are_read() -> None:
    calm = "Thank you for the answer. " * 2000

    assert LINE.find("I want to die. " + calm) is not None
    assert LINE.find(calm + "I want to die") is not None


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "😀" * 9000, "a" * 65_536, "\ufdfa" * 9000, "|*|"]
)
def test_no_text_is_too_odd(text: str) -> None:
    assert LINE.find(text) is None


def test_a_text_that_is_long_and_odd_is_read_quickly_enough_to_be_read_always() -> None:
    """No pattern may need more than a straight look: at most two gaps, each of four words."""
    assert all(wanted.count("{0,4}") <= 2 for _, wanted in LINE.patterns)


def test_the_patterns_are_of_the_kind_that_every_browser_understands() -> None:
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789 (?:|)[]-*+{},^$\\")

    for _, wanted in LINE.patterns:
        assert set(wanted) <= allowed, wanted


@pytest.mark.skipif(shutil.which("node") is None, reason="no node; the browser test does the same")
def test_javascript_hears_the_same(tmp_path: Path) -> None:
    module = tmp_path / "first_line.mjs"
    module.write_bytes(files.short(Path("web/widget/static/first_line.js")))  # as it is served
    program = (
        "import fs from 'node:fs'; import { FirstLine } from './first_line.mjs';"
        "const { data, texts } = JSON.parse(fs.readFileSync(0, 'utf8'));"
        "const line = new FirstLine({ ...data, words: {}, resources: {} });"
        "console.log(JSON.stringify(texts.map((text) => line.read(text))));"
    )
    (tmp_path / "try.mjs").write_text(program, "utf-8")
    texts = [text for _, _, text in MUST_ALARM] + FILE.must_stay_calm

    done = subprocess.run(
        ["node", "try.mjs"],
        input=json.dumps({"data": page_data(LINE), "texts": texts}),
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout) == [LINE.read(text) for text in texts]


def content(**changes: Any) -> dict[str, Any]:
    """The smallest file that is right, with changes."""
    lines = {category: {"en": ["die"], "es": ["morir"]} for category in CATEGORIES}
    words = {"lost_contact": "a", "no_assistant": "b", "too_long": "c", "help": "{emergency} d"}
    words["nobody_watches"] = "d"
    right = {
        "words": {language: dict(words) for language in LANGUAGES},
        "read_as": {"dy": "die"},
        "groups": {"myself": ["myself", "my self"]},
        "patterns": lines,
        "must_alarm": lines,
        "must_stay_calm": ["hello"],
    }
    return {**right, **changes}


def load(folder: Path, file: Any) -> FirstLine:
    path = folder / "first_line.yml"
    path.write_text(yaml.safe_dump(file), "utf-8")
    return load_first_line(path)[0]


def with_pattern(pattern: str) -> dict[str, Any]:
    file = content()
    file["patterns"] = {**file["patterns"], "suicide": {"en": [pattern], "es": ["morir"]}}
    return file


@pytest.mark.parametrize(
    ("pattern", "found", "calm"),
    [
        ("want to die", "I WANT, to die", "want die"),
        ("(hits|beats) me", "he beats me", "he calls me"),
        ("really? die", "die", "dice"),
        ("kill <myself>", "kill my self", "kill the light"),
        ("took ... pills", "took a whole lot of pills", "took a walk and then ate all pills"),
        ("took <number> pills", "took 30 pills", "took 2 pills"),
        ("^ help me $", "hello. help me.", "can you help me park"),
        ("d'ont go", "dont go", "go"),
    ],
)
def test_the_pattern_language(tmp_path: Path, pattern: str, found: str, calm: str) -> None:
    file = with_pattern(pattern)
    for category in CATEGORIES:
        if category != "suicide":
            file["patterns"][category] = {"en": ["xyzzy"], "es": ["xyzzy zz"]}

    line = load(tmp_path, file)

    assert line.find(found) == Alarm("suicide", "en")
    assert line.find(calm) is None


@pytest.mark.parametrize(
    ("file", "named"),
    [
        (content(extra=1), "extra"),
        (content(patterns={"suicide": {"en": ["die"], "es": ["morir"]}}), "overdose"),
        (content(words={"en": {}}), "words.en"),
        (with_pattern("a ... b ... c ... d"), "gaps"),
        (with_pattern("kill <nobody>"), "<nobody>"),
        (with_pattern("really? ..."), "every text"),
        (with_pattern("kill (my|"), "cannot be read"),
        (with_pattern("kill (my|)"), "choice of nothing"),
        (with_pattern("kill ((my|own) self|him)"), "cannot be read"),
        ("just words", "first_line.yml"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, file: Any, named: str) -> None:
    with pytest.raises(FirstLineError, match=r"^first_line\.yml") as raised:
        load(tmp_path, file)

    assert named in str(raised.value)


def test_the_sentence_to_leave_out_beside_a_person_has_to_be_there(tmp_path: Path) -> None:
    file = content()
    file["words"]["es"]["help"] = "another text"

    with pytest.raises(FirstLineError, match=r"words\.es\.help"):
        load(tmp_path, file)


@pytest.mark.parametrize("wrong", ["{police}", "{", "}", "{}", "{0}", "{crisis.number}"])
@pytest.mark.parametrize("name", ["lost_contact", "no_assistant", "too_long", "help"])
def test_braces_that_cannot_be_filled_in_are_named(tmp_path: Path, name: str, wrong: str) -> None:
    file = content()
    file["words"]["es"][name] = f"llama al {wrong}"

    with pytest.raises(FirstLineError, match=rf"words\.es\.{name}"):
        load(tmp_path, file)
