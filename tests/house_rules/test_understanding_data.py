"""The sentences that measure understanding are many enough, and none was ever trained on."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from rapidfuzz import fuzz, process

HOUSE = Path(__file__).parents[2]
# Crisis is measured apart, with many more sentences: see tests/crisis/.
MEASURED_ELSEWHERE = {"crisis"}
SAME_SENTENCE = 95.0


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def normalised(sentence: str) -> str:
    """Small letters, and anything but letters and digits folded into one space."""
    letters = unicodedata.normalize("NFKC", sentence).casefold().replace("’", "'")
    return re.sub(r"[\W_]+", " ", letters.replace("'", "")).strip()


def training_sentences() -> dict[str, list[str]]:
    """What the classifier learns, by topic or intent."""
    learnt: dict[str, list[str]] = {}
    for path in sorted((HOUSE / "data" / "faq").glob("*.yml")):
        for topic in read(path)["topics"]:
            learnt.setdefault(topic["topic"], []).extend(topic["questions"])
    for path in sorted((HOUSE / "data" / "nlu").glob("*.yml")):
        for entry in read(path)["nlu"]:
            examples = [line.removeprefix("- ") for line in entry["examples"].splitlines()]
            learnt.setdefault(entry["intent"], []).extend(examples)
    return learnt


def held_out_sentences() -> dict[str, list[str]]:
    """What the classifier is measured with; a plain list is what nothing should answer."""
    held_out: dict[str, list[str]] = {}
    for path in sorted((HOUSE / "tests" / "understanding").glob("*.yml")):
        content = read(path)
        groups = content if isinstance(content, dict) else {path.stem: content}
        for name, sentences in groups.items():
            held_out.setdefault(name, []).extend(sentences)
    return held_out


LEARNT = training_sentences()
HELD_OUT = held_out_sentences()
TRAINED_ON = sorted({normalised(sentence) for group in LEARNT.values() for sentence in group})
INTENTS = set(read(HOUSE / "domain.yml")["intents"])
TO_MEASURE = sorted((set(LEARNT) | INTENTS) - MEASURED_ELSEWHERE)


@pytest.mark.parametrize("name", TO_MEASURE)
def test_every_topic_and_intent_is_measured(name: str) -> None:
    assert len({normalised(sentence) for sentence in HELD_OUT.get(name, [])}) >= 5


@pytest.mark.parametrize("name", sorted(HELD_OUT))
def test_only_what_is_learnt_is_measured(name: str) -> None:
    assert name in LEARNT or name == "out_of_scope"


@pytest.mark.parametrize("name", sorted(HELD_OUT))
def test_no_sentence_was_trained_on(name: str) -> None:
    trained = set(TRAINED_ON)

    assert [s for s in HELD_OUT[name] if normalised(s) in trained] == []


@pytest.mark.parametrize("name", sorted(HELD_OUT))
def test_no_sentence_is_a_training_sentence_in_disguise(name: str) -> None:
    found = {}
    for sentence in HELD_OUT[name]:
        nearest = process.extractOne(
            normalised(sentence), TRAINED_ON, scorer=fuzz.ratio, score_cutoff=SAME_SENTENCE
        )
        if nearest is not None:
            found[sentence] = nearest[0]

    assert found == {}


def test_no_sentence_is_counted_twice() -> None:
    sentences = [normalised(sentence) for group in HELD_OUT.values() for sentence in group]

    assert sorted({s for s in sentences if sentences.count(s) > 1}) == []
