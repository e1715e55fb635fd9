"""The pattern language means what crisis/README.md says it means."""

from __future__ import annotations

import pytest
import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from nlu_components.crisis.patterns import END, START, PatternError, read_pattern

GROUPS = {"person": (("mom",), ("my", "boss"))}
READ_AS = {"im": ("i", "am"), "dont": ("do", "not")}


def matches(pattern: str, sentence: str) -> bool:
    vocab = spacy.blank("en").vocab
    matcher = Matcher(vocab)
    matcher.add("pattern", read_pattern(pattern, GROUPS, READ_AS).token_patterns())
    return bool(matcher(Doc(vocab, words=[START, *sentence.split(), END])))


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("want to die", "i want to die today"),
        ("(want|need) to die", "need to die"),
        ("(want|am going) to die", "i am going to die"),
        ("i really? want", "i want"),
        ("i really? want", "i really want"),
        ("i (really|kind of)? want", "i kind of want"),
        ("took ... pills", "took pills"),
        ("took ... pills", "took all of my pills"),
        ("kill <person>", "kill my boss"),
        ("kill (<person>|my <person>)", "kill my mom"),
        ("I'm done", "i am done"),
        ("I don’t want", "i do not want"),
        ("^ want", "want it"),
        ("done $", "i am done"),
    ],
)
def test_a_pattern_finds(pattern: str, sentence: str) -> None:
    assert matches(pattern, sentence)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("want to die", "want to diet"),
        ("want to die", "want die"),
        ("i really? want", "i do want"),
        ("took ... pills", "took one two three four five pills"),
        ("^ want", "i want"),
        ("done $", "done with it"),
    ],
)
def test_a_pattern_does_not_find(pattern: str, sentence: str) -> None:
    assert not matches(pattern, sentence)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("", "at least one word"),
        ("really? ...", "at least one word"),
        ("... die", "between words"),
        ("die ...", "between words"),
        ("(die|kill", "bracket"),
        ("die | kill", "stands alone"),
        ("(die||kill)", "choice is empty"),
        ("<nobody>", "no word group <nobody>"),
        ("d*e", "not a plain word"),
        ("(a b|c d|e f|g h|i j|k l|m n|o p) " * 4, "ways"),
    ],
)
def test_a_broken_pattern_is_explained(pattern: str, complaint: str) -> None:
    with pytest.raises(PatternError, match=complaint):
        read_pattern(pattern, GROUPS, READ_AS)
