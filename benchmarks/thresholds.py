"""`make thresholds`: how the answers change with the confidence that is asked for.

Measured on the development messages only (tests/understanding/development/). The held-out
messages stay unseen until the benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.understanding import datasets, plots, trials
from benchmarks.understanding.__main__ import percent, table
from benchmarks.understanding.datasets import OUT_OF_SCOPE, Dataset, Sentence
from benchmarks.understanding.measures import Prediction

DEVELOPMENT = "tests/understanding/development"
WRONG_AT_MOST = 0.035
"""Before near ties are asked about, which makes a question of a third of them."""
PLOT = Path(__file__).parent / "understanding" / "thresholds.png"

Point = tuple[float, float, float, float]
"""Threshold, right, wrong, out of scope rejected."""


def main() -> None:
    everything = datasets.own()
    data = Dataset("development", everything.train, datasets.held_out(DEVELOPMENT))
    predictions = trials.run("ours", data, anew=False)["predictions"]
    points = curve(data.test, predictions)
    chosen = pick(points)
    plots.trade_off(points, chosen[0], PLOT)
    head = ["threshold", "right", "wrong", "out of scope rejected", ""]
    rows = [
        [f"{p[0]:.2f}", *(percent(share) for share in p[1:]), "<- chosen" if p == chosen else ""]
        for p in points
    ]
    print(table(head, rows))
    print(f"\nThe plot is in {PLOT.relative_to(datasets.HOME)}.")
    print(f"Write {chosen[0]:.2f} into config.yml (threshold and answer_threshold), then train.")


def curve(test: Sequence[Sentence], predictions: Sequence[Prediction]) -> list[Point]:
    """The shares at every threshold from 0.30 to 0.80."""
    return [_point(float(t), test, predictions) for t in np.arange(0.30, 0.805, 0.02)]


def pick(points: Sequence[Point]) -> Point:
    """The lowest threshold with few enough wrong answers."""
    return next((point for point in points if point[2] <= WRONG_AT_MOST), points[-1])


def _point(threshold: float, test: Sequence[Sentence], predictions: Sequence[Prediction]) -> Point:
    right = wrong = inside = rejected = outside = 0
    for (_, label), prediction in zip(test, predictions, strict=False):
        best = prediction["best"]
        answered = prediction["confidence"] >= threshold and best != OUT_OF_SCOPE
        if label == OUT_OF_SCOPE:
            outside += 1
            rejected += not answered
        else:
            inside += 1
            right += answered and best == label
            wrong += answered and best != label
    return threshold, right / inside, wrong / inside, rejected / outside


if __name__ == "__main__":
    main()
