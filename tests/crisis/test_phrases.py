"""Every sentence in crisis/phrases is a promise, and each one is kept or listed as a miss."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nlu_components.crisis.detector import CrisisDetector
from nlu_components.crisis.phrases import CATEGORIES, Category, load_phrases
from nlu_components.crisis.sentences import HARD
from nlu_components.crisis.strict_yaml import CrisisFileError

PHRASES = Path(__file__).parents[2] / "crisis" / "phrases"
BOOK = load_phrases(PHRASES)


def sentences(which: str) -> Iterator[tuple[str, str]]:
    for category in BOOK.categories:
        for sentence in getattr(category, which):
            yield category.name, sentence


@pytest.mark.parametrize(("category", "sentence"), sentences("must_alarm"))
def test_this_sentence_alarms(detector: CrisisDetector, category: str, sentence: str) -> None:
    finding = detector.find(sentence)

    assert finding is not None
    assert finding.category == category
    assert finding.outcome == HARD


@pytest.mark.parametrize(("category", "sentence"), sentences("must_check_in"))
def test_this_sentence_is_at_least_asked_about(
    detector: CrisisDetector, category: str, sentence: str
) -> None:
    finding = detector.find(sentence)

    assert finding is not None
    assert finding.category == category


@pytest.mark.parametrize(("category", "sentence"), sentences("must_stay_calm"))
def test_this_sentence_stays_calm(detector: CrisisDetector, category: str, sentence: str) -> None:
    assert detector.find(sentence) is None


@pytest.mark.parametrize(("category", "sentence"), sentences("known_misses"))
@pytest.mark.xfail(strict=True, reason="a known miss, listed in the YAML file")
def test_this_miss_is_known(detector: CrisisDetector, category: str, sentence: str) -> None:
    assert detector.find(sentence) is not None


@pytest.mark.parametrize("category", BOOK.categories, ids=lambda category: str(category.name))
def test_every_category_is_proven_both_ways(category: Category) -> None:
    fewest = 90 if category.name == "suicide" else 40

    assert len(category.must_alarm) >= fewest
    assert len(category.must_stay_calm) >= fewest


def test_no_sentence_both_alarms_and_stays_calm() -> None:
    alarming = {s for which in ("must_alarm", "must_check_in") for _, s in sentences(which)}
    calm = {sentence for _, sentence in sentences("must_stay_calm")}

    assert not alarming & calm


WORDS = "read_as: {im: i am}\ngroups: {}\noften_mistyped: []\noften_starred: []\nnever_split: []\n"
CATEGORY = (
    "category: {}\npatterns: []\nhints: []\n"
    "must_alarm: []\nmust_check_in: []\nmust_stay_calm: []\nknown_misses: []\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The smallest folder of phrases that loads."""
    (tmp_path / "words.yml").write_text(WORDS)
    (tmp_path / "harmless.yml").write_text("patterns: []\n")
    (tmp_path / "modifiers.yml").write_text("lower: {}\nunless: []\n")
    (tmp_path / "replies.yml").write_text("'yes': []\n'no': []\nsafe: []\n")
    for name in CATEGORIES:
        (tmp_path / f"{name}.yml").write_text(CATEGORY.format(name))
    return tmp_path


def test_an_empty_folder_of_phrases_loads(folder: Path) -> None:
    assert [category.name for category in load_phrases(folder).categories] == list(CATEGORIES)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("patterns: []", "patterns: ['die (now']", "die.*bracket"),
        ("patterns: []", "patterns: ['<nobody> dies']", "no word group <nobody>"),
        ("patterns: []", "patterns: [die, die]", "twice"),
        ("patterns: []", "patterns: die", "must be a list"),
        ("must_alarm: []", "must_alarm: [No]", "in quotes"),
        ("must_alarm: []", "must_alarms: []", "no must_alarm"),
        ("known_misses: []", "known_misses: []\nextra: 1", "unknown key: extra"),
        ("known_misses: []", "known_misses: []\npatterns: []", "'patterns' stands here twice"),
        ("category: suicide", "category: other", "'other'.*'suicide'"),
        ("patterns: []", "patterns: [", "not readable YAML"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    folder: Path, before: str, after: str, complaint: str
) -> None:
    path = folder / "suicide.yml"
    path.write_text(path.read_text().replace(before, after))

    with pytest.raises(CrisisFileError, match=rf"suicide\.yml: (.|\n)*{complaint}"):
        load_phrases(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "psychosis.yml").unlink()

    with pytest.raises(CrisisFileError, match=r"psychosis\.yml: the file cannot be read"):
        load_phrases(folder)
