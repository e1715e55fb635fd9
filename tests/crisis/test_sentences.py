"""What the classifier learns from is readable, says what it asks for, and contradicts nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlu_components.crisis.phrases import CATEGORIES
from nlu_components.crisis.sentences import OUTCOMES, Kind, load_sentences
from nlu_components.crisis.strict_yaml import CrisisFileError
from nlu_components.crisis.views import plain
from tests.crisis.conftest import CRISIS

HELD_OUT = sorted((Path(__file__).parent / "held_out").glob("*.yml"))


def write(folder: Path, name: str = "hope", **content: Any) -> None:
    everything = {"outcome": "none", "category": None, "sentences": ["how much is it"], **content}
    (folder / f"{name}.yml").write_text(yaml.safe_dump(everything), "utf-8")


@pytest.fixture(scope="module")
def kinds() -> list[Kind]:
    return load_sentences(CRISIS / "sentences")


def test_every_file_of_sentences_loads(kinds: list[Kind]) -> None:
    files = {path.stem for path in (CRISIS / "sentences").glob("*.yml")}

    assert {kind.name for kind in kinds} == files
    assert all(kind.sentences for kind in kinds)


def test_every_outcome_and_every_category_is_learnt(kinds: list[Kind]) -> None:
    assert {kind.outcome for kind in kinds} == set(OUTCOMES)
    assert {kind.category for kind in kinds if kind.category} == set(CATEGORIES)


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: str(path.name))
def test_no_sentence_that_is_learnt_is_also_measured(path: Path, kinds: list[Kind]) -> None:
    measured = {plain(s) or s for s in texts(yaml.safe_load(path.read_text("utf-8")))}

    both = {
        kind.name: shared
        for kind in kinds
        if (shared := sum((plain(s) or s) in measured for s in kind.sentences))
    }

    # Counts only: whoever reads a sentence of `test` would soon teach it.
    assert len(measured) > 100
    assert not both, f"sentences of {path.name} stand in crisis/sentences too"


def texts(content: Any) -> Iterator[str]:
    """Every text in lists and mappings, however deep."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)


def test_a_file_becomes_a_kind(tmp_path: Path) -> None:
    write(tmp_path, "goodbye", outcome="hard", category="suicide", sentences=["farewell", "bye"])
    write(tmp_path, "calm")

    assert load_sentences(tmp_path) == [
        Kind("calm", "none", "", ("how much is it",)),
        Kind("goodbye", "hard", "suicide", ("farewell", "bye")),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"outcome": "loud"}, "outcome must be one of hard, soft, none"),
        ({"outcome": None}, "outcome must be one of"),
        ({"outcome": "hard", "category": "abuse"}, "no category 'abuse' for hard"),
        ({"outcome": "soft", "category": ["suicide"]}, "no category"),
        ({"outcome": "none", "category": "suicide"}, "no category 'suicide' for none"),
        ({"sentences": ["hello", "hello"]}, "stands there twice: 'hello'"),
        ({"sentences": [False]}, "put this line in quotes: False"),
        ({"sentences": ["  "]}, "put this line in quotes"),
        ({"sentences": "hello"}, "must be a list"),
        ({"comment": "why"}, "unknown key: comment"),
    ],
)
def test_a_mistake_is_named_with_its_file(
    tmp_path: Path, content: dict[str, Any], complaint: str
) -> None:
    write(tmp_path, **content)

    with pytest.raises(CrisisFileError, match=rf"hope\.yml: .*{complaint}"):
        load_sentences(tmp_path)


@pytest.mark.parametrize("missing", ["outcome", "category", "sentences"])
def test_a_missing_key_is_named(tmp_path: Path, missing: str) -> None:
    content = {"outcome": "none", "category": None, "sentences": ["hello"]}
    del content[missing]
    (tmp_path / "hope.yml").write_text(yaml.safe_dump(content), "utf-8")

    with pytest.raises(CrisisFileError, match=rf"hope\.yml: the file has no {missing}"):
        load_sentences(tmp_path)


@pytest.mark.parametrize("other_outcome", ["hard", "none"])
@pytest.mark.parametrize(
    "words", ["I am so tired.", "i am so tired", "I AM SO TIRED!", "í am so tired"]
)
def test_the_same_words_stand_in_one_file_only(
    tmp_path: Path, words: str, other_outcome: str
) -> None:
    write(tmp_path, "first", sentences=["i am so tired"])
    write(tmp_path, "second", outcome=other_outcome, sentences=[words])

    with pytest.raises(CrisisFileError, match=r"second\.yml: .* stands in first\.yml too"):
        load_sentences(tmp_path)


def test_signs_without_words_are_compared_as_they_stand(tmp_path: Path) -> None:
    write(tmp_path, "first", sentences=["..."])
    write(tmp_path, "second", sentences=["???"])

    assert len(load_sentences(tmp_path)) == 2


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrisisFileError, match="no sentences to learn from"):
        load_sentences(tmp_path)
