"""A small model of two or three labels ranks alike before and after it was saved."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlu_components.hybrid_model import HybridModel, TooFewLabels

COST = ["how much is it", "what is the price", "cost of one visit"]
SAFETY = ["is it safe", "what are the risks", "is it dangerous"]
TIME = ["when are you open", "opening hours", "are you open on sunday"]

DIMENSIONS = 8


def pointing_to(*directions: int) -> np.ndarray:
    """Unit vectors, each along one direction: an imaginary embedding of one meaning."""
    return np.eye(DIMENSIONS, dtype=np.float32)[list(directions)]


def model(*labels: str) -> HybridModel:
    texts = {"cost": COST, "safety": SAFETY, "time": TIME}
    made = HybridModel(embedding_scale=5.0, tfidf_weight=2.0, c=1.0)
    made.fit(
        [text for label in labels for text in texts[label]],
        pointing_to(*[place for place, _ in enumerate(labels) for _ in range(3)]),
        [label for label in labels for _ in range(3)],
    )
    return made


@pytest.mark.parametrize("labels", [("cost", "safety"), ("cost", "safety", "time")])
def test_a_sentence_is_about_what_its_meaning_and_its_words_say(labels: tuple[str, ...]) -> None:
    made = model(*labels)

    for place, label in enumerate(labels):
        ranking = made.rank(f"{label} please", pointing_to(place)[0])

        assert ranking[0].label == label
        assert ranking[0].confidence > 0.7
        assert sorted(scored.label for scored in ranking) == sorted(labels)


@pytest.mark.parametrize("labels", [("cost", "safety"), ("cost", "safety", "time")])
@pytest.mark.parametrize("text", ["what is the price", "opening hours and risks", "🐙", ""])
def test_a_saved_model_ranks_as_the_fresh_one(
    tmp_path: Path, labels: tuple[str, ...], text: str
) -> None:
    fresh = model(*labels)
    fresh.save(tmp_path)
    loaded = HybridModel.load(tmp_path)
    meaning = np.full(DIMENSIONS, DIMENSIONS**-0.5, dtype=np.float32)

    before, after = fresh.rank(text, meaning), loaded.rank(text, meaning)

    assert [scored.label for scored in after] == [scored.label for scored in before]
    for one, other in zip(before, after, strict=True):
        assert one.confidence == pytest.approx(other.confidence, abs=0.005)


def test_it_is_unsure_of_what_is_far_from_everything_it_has_seen() -> None:
    made = model("cost", "safety")

    (unseen,) = pointing_to(DIMENSIONS - 1)

    assert made.rank("write me a poem about the sea", unseen)[0].confidence < 0.1
    assert made.rank("what is the price", -pointing_to(0)[0])[0].confidence < 0.1


def test_confidences_lie_between_none_and_all() -> None:
    for scored in model("cost", "safety", "time").rank("what is the price", pointing_to(0)[0]):
        assert 0.0 <= scored.confidence <= 1.0


def test_one_label_alone_cannot_be_learnt() -> None:
    with pytest.raises(TooFewLabels):
        model("cost")


def test_what_is_saved_is_numbers_and_words_and_no_pickle(tmp_path: Path) -> None:
    model("cost", "safety").save(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["weights.npz", "words.json"]
    assert json.loads((tmp_path / "words.json").read_text("utf-8"))["labels"] == ["cost", "safety"]
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as numbers:
        assert {numbers[name].dtype.kind for name in numbers} == {"f"}
