"""The most alarming reading of a message counts, whatever stands around it or disguises it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlu_components.crisis.classifier import (
    LONG,
    PART,
    CrisisClassifier,
    Head,
    Likelihood,
    MissingCrisisClassifier,
    Platt,
    kinds_of,
    readings_of,
)
from nlu_components.crisis.judgement import CrisisJudge
from nlu_components.crisis.sentences import Kind

AS_IT_IS = Platt(slope=1.0, offset=0.0)
CRY = "i want to kill myself"


def head(hard: Platt = AS_IT_IS, crisis: Platt = AS_IT_IS) -> Head:
    """Of a meaning of four numbers, one for each kind."""
    return Head(
        outcomes=np.array(["hard", "hard", "soft", "none"]),
        categories=np.array(["suicide", "overdose", "suicide", ""]),
        weights=np.eye(4, dtype=np.float32),
        bias=np.zeros(4, dtype=np.float32),
        hard=hard,
        crisis=crisis,
    )


def meaning(*likely: float) -> np.ndarray:
    return np.log(np.array(likely))


def test_hard_is_plain_danger_and_crisis_is_danger_or_a_hint() -> None:
    likely = head().read(meaning(0.1, 0.2, 0.3, 0.4))

    assert likely.hard == pytest.approx(0.3)
    assert likely.crisis == pytest.approx(0.6)


def test_the_category_is_the_likeliest_over_danger_and_hints_together() -> None:
    assert head().read(meaning(0.2, 0.3, 0.2, 0.3)).category == "suicide"
    assert head().read(meaning(0.1, 0.4, 0.2, 0.3)).category == "overdose"


def test_each_probability_is_set_right_by_its_own_numbers() -> None:
    likely = head(hard=Platt(2.0, 0.0), crisis=Platt(1.0, 1.0)).read(meaning(0.4, 0.4, 0.1, 0.1))

    assert likely.hard == pytest.approx(0.8**2 / (0.8**2 + 0.2**2))
    assert likely.crisis == pytest.approx(9 * np.e / (9 * np.e + 1))


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_a_sure_reading_stays_a_number_between_nothing_and_one(sure: float) -> None:
    assert 0 < Platt(1.5, -0.5).likely(sure) < 1


def test_more_is_never_less() -> None:
    likely = [Platt(1.3, -0.7).likely(place / 100) for place in range(101)]

    assert likely == sorted(likely)


def test_a_very_strange_meaning_is_still_read() -> None:
    likely = head().read(np.array([1e4, -1e4, 0.0, 0.0]))

    assert likely.hard == pytest.approx(1.0, abs=1e-5)
    assert likely.category == "suicide"


def test_what_was_learnt_comes_back_from_its_files(tmp_path: Path) -> None:
    kinds = [{"outcome": "hard", "category": "suicide"}, {"outcome": "none", "category": ""}]
    calibration = {"hard": {"slope": 1, "offset": 0}, "crisis": {"slope": 1, "offset": 0}}
    about = {"kinds": kinds, "calibration": calibration}
    (tmp_path / "classifier.json").write_text(json.dumps(about), "utf-8")
    np.savez(tmp_path / "adapter.npz", head=np.eye(2), bias=np.zeros(2))

    likely = Head.load(tmp_path).read(meaning(0.7, 0.3))

    assert likely.hard == pytest.approx(0.7)
    assert likely.category == "suicide"


def test_without_the_encoder_the_start_stops_and_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(MissingCrisisClassifier, match="make train"):
        CrisisClassifier(tmp_path, head())


def test_the_same_danger_is_one_kind_and_every_calm_file_is_one_of_its_own() -> None:
    kinds = [
        Kind("intent", "hard", "suicide", ("a",)),
        Kind("goodbye", "hard", "suicide", ("b",)),
        Kind("hint", "soft", "suicide", ("c",)),
        Kind("mixed", "hard", "", ("d",)),
        Kind("jokes", "none", "", ("e",)),
        Kind("grief", "none", "", ("f",)),
    ]

    assert kinds_of(kinds) == [
        *("suicide hard", "suicide hard", "suicide soft", "any hard", "jokes", "grief")
    ]


def test_a_short_message_is_read_as_it_stands() -> None:
    assert readings_of(CRY) == [CRY]
    assert readings_of("") == [""]


@pytest.mark.parametrize("disguised", ["i want to k1ll myself", "i want to k i l l myself"])
def test_a_disguised_message_is_read_with_and_without_its_disguise(disguised: str) -> None:
    assert readings_of(disguised) == [disguised, CRY]


def words(count: int) -> list[str]:
    """Words that all differ, so that none can be lost or doubled unnoticed."""
    return ["x" * (2 + place) for place in range(count)]


def sentences(words_each: int, count: int) -> list[str]:
    return [" ".join([word] * words_each) + "." for word in words(count)]


def test_a_long_message_is_read_whole_and_in_parts_that_leave_nothing_out() -> None:
    text = " ".join(sentences(words_each=8, count=20))

    whole, *parts = readings_of(text)

    assert whole == text
    assert " ".join(parts) == text
    assert all(len(part.split()) < 2 * PART for part in parts)


def test_a_long_sentence_without_an_end_is_cut() -> None:
    text = " ".join(words(10 * PART))

    whole, *parts = readings_of(text)

    assert " ".join(parts) == whole == text
    assert all(len(part.split()) < 2 * PART for part in parts)


class Reads(CrisisClassifier):
    """The real classifier around an encoder that knows one cry for help."""

    def __init__(self, cry: str = CRY) -> None:
        self.cry = cry
        self.read: list[str] = []

    def _read(self, text: str) -> Likelihood:
        self.read.append(text)
        if self.cry in text and len(text.split()) <= LONG:
            return Likelihood(0.9, 0.95, "suicide")
        return Likelihood(0.1, 0.2, "psychosis")


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_a_cry_for_help_is_not_outvoted_by_a_long_message(place: str) -> None:
    before, after = {"start": (0, 12), "middle": (6, 6), "end": (12, 0)}[place]
    text = " ".join([*sentences(9, before), f"{CRY}.", *sentences(9, after)])

    assert Reads().likelihood(text) == Likelihood(0.9, 0.95, "suicide")


def test_danger_heard_in_any_reading_is_heard() -> None:
    assert Reads().likelihood("i want to k1ll myself").hard == 0.9


def test_each_reading_is_read_once() -> None:
    classifier = Reads()

    classifier.likelihood("how much is it")

    assert classifier.read == ["how much is it"]


def test_the_real_classifier_tells_danger_from_an_ordinary_question(judge: CrisisJudge) -> None:
    classifier = judge._classifier

    danger, ordinary = classifier.likelihood(CRY), classifier.likelihood("how much is it")

    assert danger.hard > 0.9
    assert danger.category == "suicide"
    assert ordinary.crisis < 0.1


@pytest.mark.parametrize(
    "text",
    ["", " ", "😢", "\x00", "a" * 5000, "word " * 2000, "k i l l " * 500],
    ids=lambda text: repr(text[:8]),
)
def test_no_text_breaks_the_real_classifier(judge: CrisisJudge, text: str) -> None:
    assert 0 <= judge._classifier.likelihood(text).crisis <= 1
