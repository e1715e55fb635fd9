"""What is trained is what stands in crisis/sentences, and what was learnt says so."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nlu_components.crisis import train
from nlu_components.crisis.sentences import Kind, load_sentences
from tests.crisis.conftest import CRISIS


def kind(name: str = "goodbye", outcome: str = "hard", category: str = "suicide") -> Kind:
    return Kind(name, outcome, category, tuple(f"{name} {place}" for place in range(500)))


def test_the_classifier_was_trained_on_the_sentences_as_they_are_now() -> None:
    about = json.loads((CRISIS / "classifier" / "classifier.json").read_text("utf-8"))

    trained_on = about["sentences"]["fingerprint"]

    assert trained_on == train.fingerprint(load_sentences(CRISIS / "sentences")), (
        "crisis/sentences have changed since the classifier was trained: run `make train-crisis`"
    )


def test_what_was_learnt_fits_what_it_says_about_itself() -> None:
    about = json.loads((CRISIS / "classifier" / "classifier.json").read_text("utf-8"))

    with np.load(CRISIS / "classifier" / "adapter.npz") as learnt:
        assert learnt["head"].shape == (384, len(about["kinds"]))
        assert learnt["bias"].shape == (len(about["kinds"]),)
    assert about["sentences"]["count"] > 10_000


@pytest.mark.parametrize(
    "changed",
    [
        [kind("other")],
        [kind(outcome="soft")],
        [kind(category="self_harm")],
        [Kind("goodbye", "hard", "suicide", ("something else",))],
        [kind(), kind("other")],
    ],
    ids=["name", "outcome", "category", "sentence", "one more file"],
)
def test_any_change_of_the_sentences_changes_their_fingerprint(changed: list[Kind]) -> None:
    assert train.fingerprint(changed) != train.fingerprint([kind()])


def test_unchanged_sentences_keep_their_fingerprint() -> None:
    assert train.fingerprint([kind()]) == train.fingerprint([kind()])


def test_about_one_sentence_of_ten_is_kept_back_and_none_is_lost() -> None:
    learning, kept_back = train.split([kind(), kind("jokes", "none", "")])

    assert len(learning) + len(kept_back) == 1000
    assert 60 < len(kept_back) < 140
    assert not set(learning) & set(kept_back)
    assert {name for _, name in learning} == {"suicide hard", "jokes"}


def test_a_sentence_is_always_on_the_same_side() -> None:
    _, kept_back = train.split([kind()])
    _, beside_others = train.split([kind("aside"), kind()])

    assert set(kept_back) < set(beside_others)


def test_what_was_trained_is_described_for_people_and_for_the_classifier() -> None:
    kinds = [kind(), kind("veiled", "soft", "suicide"), kind("jokes", "none", "")]
    names = ["jokes", "suicide hard", "suicide soft"]
    truth = ["jokes", "suicide hard", "suicide soft", "jokes", "suicide hard", "suicide soft"]
    scores = np.array([[names.index(name) == k for k in range(3)] for name in truth], dtype=float)

    about = train.describe(kinds, names, scores, truth)

    assert about["kinds"] == [
        {"name": "jokes", "outcome": "none", "category": ""},
        {"name": "suicide hard", "outcome": "hard", "category": "suicide"},
        {"name": "suicide soft", "outcome": "soft", "category": "suicide"},
    ]
    assert set(about["calibration"]) == {"hard", "crisis"}
    assert about["calibration"]["hard"]["slope"] > 0


def test_probabilities_are_set_right_to_how_often_it_is_so() -> None:
    chance = np.random.default_rng(988)
    true = chance.uniform(0.02, 0.98, 20_000)
    is_so = chance.uniform(size=true.size) < true
    log_odds = np.log(true / (1 - true))
    too_sure = 1 / (1 + np.exp(-(2 * log_odds + 1)))

    learnt = train.platt(too_sure, is_so)

    assert learnt["slope"] == pytest.approx(0.5, abs=0.05)
    assert learnt["offset"] == pytest.approx(-0.5, abs=0.05)
