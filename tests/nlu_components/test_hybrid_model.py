"""A small model of two or three labels ranks alike before and after it was saved."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlu_components.hybrid_model import (
    CONTENDERS,
    MARGIN,
    HybridModel,
    Scored,
    TooFewLabels,
    Weights,
)

COST = ["how much is it", "what is the price", "cost of one visit"]
SAFETY = ["is it safe", "what are the risks", "is it dangerous"]
TIME = ["when are you open", "opening hours", "are you open on sunday"]

DIMENSIONS = 8


def pointing_to(*directions: int) -> np.ndarray:
    """Unit vectors, each along one direction: an imaginary embedding of one meaning."""
    return np.eye(DIMENSIONS, dtype=np.float32)[list(directions)]


def model(*labels: str, out_of_scope: str | None = None) -> HybridModel:
    texts = {"cost": COST, "safety": SAFETY, "time": TIME}
    made = HybridModel(Weights(), out_of_scope=out_of_scope)
    made.fit(
        [text for label in labels for text in texts[label]],
        pointing_to(*[place for place, _ in enumerate(labels) for _ in range(3)]),
        [label for label in labels for _ in range(3)],
    )
    return made


def between(one: int, other: int, share: float) -> np.ndarray:
    """A unit vector whose cosine to direction `one` is `share`; the rest points to `other`."""
    first, second = pointing_to(one, other)
    return first * share + second * np.sqrt(1.0 - share**2)


def confidences(ranking: list[Scored]) -> dict[str, float]:
    return {scored.label: scored.confidence for scored in ranking}


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
        assert {numbers[name].dtype.kind for name in numbers} <= {"f", "i"}


def test_the_surest_label_comes_first() -> None:
    ranking = model("cost", "safety", "time").rank("is the price safe", between(0, 1, 0.8))

    sure = [scored.confidence for scored in ranking]
    assert sure == sorted(sure, reverse=True)


def test_every_example_stands_with_its_own_label() -> None:
    made = HybridModel(Weights())
    labels = ["safety", "cost", "safety", "time", "cost", "safety"]

    made.fit([f"text {n}" for n in range(6)], pointing_to(0, 1, 2, 3, 4, 5), labels)

    assert made.labels == ["cost", "safety", "time"]
    assert made.starts.tolist() == [0, 2, 5, 6]
    assert made.examples.argmax(axis=1).tolist() == [1, 4, 0, 2, 5, 3]


def test_a_label_is_as_near_as_its_nearest_example_not_as_their_mean() -> None:
    made = HybridModel(Weights())
    made.fit(
        ["a", "b", "c", "d"], pointing_to(0, 1, 2, 2), ["scattered", "scattered", "dense", "dense"]
    )

    sure = confidences(made.rank("", pointing_to(1)[0]))

    assert sure["scattered"] > 0.9
    assert sure["dense"] == 0.0


def test_what_is_nearer_to_something_out_of_scope_is_trusted_less() -> None:
    trusting = model("cost", "safety", "time")
    careful = model("cost", "safety", "time", out_of_scope="safety")
    meaning = between(0, 1, 0.6)

    before = confidences(trusting.rank("what is the price", meaning))
    after = confidences(careful.rank("what is the price", meaning))

    doubt = MARGIN + 0.8 - 0.6
    assert after["cost"] == pytest.approx(max(0.0, before["cost"] - doubt), abs=1e-4)
    assert after["safety"] == pytest.approx(before["safety"], abs=1e-6)


def test_what_is_far_from_everything_out_of_scope_is_trusted_as_before() -> None:
    trusting = model("cost", "safety", "time")
    careful = model("cost", "safety", "time", out_of_scope="safety")

    before = trusting.rank("what is the price", pointing_to(0)[0])
    after = careful.rank("what is the price", pointing_to(0)[0])

    assert after[0] == before[0]


def test_what_is_out_of_scope_is_looked_at_however_unlikely_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nlu_components.hybrid_model.CONTENDERS", 1)
    careful = model("cost", "safety", "time", out_of_scope="safety")

    (best, *_) = careful.rank("what is the price", pointing_to(0)[0])

    # Were it not looked at, it would count as near as the only contender.
    assert best.label == "cost"
    assert best.confidence > 1.0 - MARGIN / 2


def test_an_out_of_scope_that_has_no_example_doubts_nothing() -> None:
    expected = model("cost", "safety").rank("what is the price", pointing_to(0)[0])

    ranking = model("cost", "safety", out_of_scope="weather").rank(
        "what is the price", pointing_to(0)[0]
    )

    assert ranking == expected


def test_a_saved_model_still_knows_what_is_out_of_scope(tmp_path: Path) -> None:
    fresh = model("cost", "safety", out_of_scope="safety")
    fresh.save(tmp_path)

    loaded = HybridModel.load(tmp_path)

    assert (loaded.out_of_scope, loaded.weights) == ("safety", Weights())
    meaning = between(0, 1, 0.7)
    before, after = (confidences(made.rank("the price", meaning)) for made in (fresh, loaded))
    assert after == pytest.approx(before, abs=0.005)


def test_of_many_labels_only_the_likeliest_are_ranked_the_best_first() -> None:
    many = CONTENDERS + 20
    meanings = np.eye(many, dtype=np.float32).repeat(2, axis=0)
    labels = [f"topic {n:02}" for n in range(many) for _ in range(2)]
    made = HybridModel(Weights(), out_of_scope="topic 07")
    made.fit([f"word{n}" for n in range(many) for _ in range(2)], meanings, labels)

    for n in (0, 7, many - 1):
        ranking = made.rank(f"word{n}", meanings[2 * n])

        assert ranking[0].label == f"topic {n:02}"
        assert len({scored.label for scored in ranking}) == len(ranking) == CONTENDERS
        assert ranking == sorted(ranking, key=lambda scored: -scored.confidence)
        assert all(type(scored.confidence) is float for scored in ranking)


def test_of_many_texts_only_words_that_stand_in_two_are_learnt() -> None:
    texts = [f"price number{n}" for n in range(100)] + [f"risk number{n + 100}" for n in range(100)]
    made = HybridModel(Weights())

    made.fit(texts, pointing_to(*[0] * 100, *[1] * 100), ["cost"] * 100 + ["safety"] * 100)

    assert set(made.views["words"].vocabulary) == {"price", "risk"}
