"""Looking at all patterns at once leaves out none that could be found."""

from __future__ import annotations

import pytest
import spacy

from nlu_components.crisis.finder import Finder, Index, Sentence
from nlu_components.crisis.patterns import read_pattern

VOCAB = spacy.blank("en").vocab
PATTERNS = (
    "want to die",
    "(want|wish) ... (die|dead)",
    "^ help $",
    "kill (myself|me)",
    "really? sad",
    "die",
)


def index() -> Index:
    return Index([Finder(VOCAB, read_pattern(text, {}, {})) for text in PATTERNS])


def sentence(words: str) -> Sentence:
    return Sentence(VOCAB, ("^", *words.split(), "$"))


def found(words: str) -> list[str]:
    return [finder.pattern.text for finder in index().candidates(sentence(words))]


@pytest.mark.parametrize(
    ("words", "possible"),
    [
        ("i want to die", ["want to die", "(want|wish) ... (die|dead)", "die"]),
        ("i wish i was dead", ["(want|wish) ... (die|dead)"]),
        ("help", ["^ help $"]),
        ("kill", []),
        ("kill me", ["kill (myself|me)"]),
        ("so sad", ["really? sad"]),
        ("how much is it", []),
        ("", []),
    ],
)
def test_a_pattern_is_possible_if_each_place_it_must_fill_can_be(
    words: str, possible: list[str]
) -> None:
    assert found(words) == possible


def test_what_is_found_is_always_among_what_is_possible() -> None:
    everything = [Finder(VOCAB, read_pattern(text, {}, {})) for text in PATTERNS]
    for words in ("i want to die", "help", "kill myself", "sad", "wish me dead", "to die want"):
        heard = {finder.pattern.text for finder in everything if finder.spans(sentence(words))}

        assert heard <= set(found(words))


def test_without_patterns_nothing_is_possible() -> None:
    assert Index([]).candidates(sentence("i want to die")) == []
