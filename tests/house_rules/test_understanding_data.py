"""The sentences that measure understanding are many enough, and none was ever trained on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, process

HOUSE = Path(__file__).parents[2]
TEST = HOUSE / "tests" / "understanding"
DEVELOPMENT = TEST / "development"
"""With these, thresholds are picked and gaps are found; with the others, only measured."""

# Crisis is measured apart, with many more sentences: see tests/crisis/.
# A near tie is nothing to learn: it is what the classifier says when it is torn.
MEASURED_ELSEWHERE = {"crisis", "im_safe", "chitchat", "near_tie"}
SAME_SENTENCE = 95.0


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def normalised(sentence: str) -> str:
    """Small letters, and anything but letters and digits folded into one space.

    What has neither, such as a row of emoji, stays as it is.
    """
    letters = unicodedata.normalize("NFKC", sentence).casefold().replace("’", "'")
    return re.sub(r"[\W_]+", " ", letters.replace("'", "")).strip() or sentence


def written_examples(*, taught: bool = False) -> dict[str, list[str]]:
    """What data/nlu/ teaches, by intent or by kind of small talk; apart, what staff taught."""
    learnt: dict[str, list[str]] = {}
    for path in sorted((HOUSE / "data" / "nlu").glob("*.yml")):
        if (path.name == "taught.yml") is not taught:
            continue
        for entry in read(path)["nlu"]:
            examples = [line.removeprefix("- ") for line in entry["examples"].splitlines()]
            learnt.setdefault(entry["intent"], []).extend(examples)
    return learnt


def training_sentences() -> dict[str, list[str]]:
    """What the classifier learns, by topic or intent; `faq/slug` if a topic shares its name."""
    learnt = written_examples()
    intents = set(learnt)
    for path in sorted((HOUSE / "data" / "faq").glob("*.yml")):
        for topic in read(path)["topics"]:
            slug = topic["topic"]
            name = f"faq/{slug}" if slug in intents else slug
            learnt[name] = [topic["title"], *topic["questions"]]
    for name, sentences in written_examples(taught=True).items():
        learnt[name if name in learnt else name.removeprefix("faq/")].extend(sentences)
    return learnt


def held_out_sentences(folder: Path) -> dict[str, list[str]]:
    """What the classifier is measured with; a plain list is what nothing should answer."""
    held_out: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        content = read(path)
        groups = content if isinstance(content, dict) else {path.stem: content}
        for name, sentences in groups.items():
            held_out.setdefault(name, []).extend(sentences)
    return held_out


LEARNT = training_sentences()
TO_TEST = held_out_sentences(TEST)
TO_DEVELOP = held_out_sentences(DEVELOPMENT)
TRAINED_ON = sorted({normalised(sentence) for group in LEARNT.values() for sentence in group})
INTENTS = set(read(HOUSE / "domain.yml")["intents"])
TO_MEASURE = sorted((set(LEARNT) | INTENTS) - MEASURED_ELSEWHERE)

for_every_held_out_group = pytest.mark.parametrize(
    ("name", "sentences"),
    [
        pytest.param(name, sentences, id=f"{kind}-{name}")
        for kind, groups in (("test", TO_TEST), ("development", TO_DEVELOP))
        for name, sentences in sorted(groups.items())
    ],
)


def said_more_than_once(sentences: list[str]) -> list[str]:
    times = Counter(normalised(sentence) for sentence in sentences)
    return sorted(sentence for sentence in times if times[sentence] > 1)


@pytest.mark.parametrize("name", TO_MEASURE)
def test_every_topic_and_intent_is_measured(name: str) -> None:
    assert len({normalised(sentence) for sentence in TO_TEST.get(name, [])}) >= 6


def test_what_nobody_may_answer_is_measured_well() -> None:
    assert len({normalised(sentence) for sentence in TO_TEST["out_of_scope"]}) >= 150


@for_every_held_out_group
def test_only_what_is_learnt_is_measured(name: str, sentences: list[str]) -> None:
    assert name in LEARNT
    assert sentences


@for_every_held_out_group
def test_no_sentence_was_trained_on(name: str, sentences: list[str]) -> None:
    trained = set(TRAINED_ON)

    assert [s for s in sentences if normalised(s) in trained] == []


@for_every_held_out_group
def test_no_sentence_is_a_training_sentence_in_disguise(name: str, sentences: list[str]) -> None:
    found = {}
    for sentence in {normalised(sentence) for sentence in sentences}:
        nearest = process.extractOne(
            sentence, TRAINED_ON, scorer=fuzz.ratio, score_cutoff=SAME_SENTENCE
        )
        if nearest is not None:
            found[sentence] = nearest[0]

    assert found == {}


@pytest.mark.parametrize("groups", [TO_TEST, TO_DEVELOP], ids=["test", "development"])
def test_no_sentence_is_counted_twice(groups: dict[str, list[str]]) -> None:
    assert said_more_than_once([s for sentences in groups.values() for s in sentences]) == []


def test_no_sentence_is_both_for_development_and_for_the_test() -> None:
    to_test = {normalised(s) for sentences in TO_TEST.values() for s in sentences}
    to_develop = {normalised(s) for sentences in TO_DEVELOP.values() for s in sentences}

    assert sorted(to_test & to_develop) == []
