"""What is counted. Rates are shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from benchmarks.understanding.datasets import OUT_OF_SCOPE, Sentence

HONEST = ("nlu_fallback", OUT_OF_SCOPE, None)
"""Decisions that answer nothing."""
TIE = "near_tie"
ACCURACY_AT, RECALL_AT = 0.1, 0.5
"""The thresholds at which the HINT3 paper reports accuracy in scope and recall out of scope."""

Prediction = dict[str, Any]


@dataclass(frozen=True)
class Own:
    """What visitors of our own bot would get. `asked`: the bot asks, and one choice is right."""

    right: float
    asked: float
    wrong: float
    rejected: float
    best_right: float


def own(test: Sequence[Sentence], predictions: Sequence[Prediction]) -> Own:
    pairs = list(zip((label for _, label in test), predictions, strict=False))
    inside = [(label, p) for label, p in pairs if label != OUT_OF_SCOPE]
    outside = [p for label, p in pairs if label == OUT_OF_SCOPE]
    return Own(
        right=_share([label == p["decided"] or label in p["questions"] for label, p in inside]),
        asked=_share([p["decided"] == TIE and label in p["nearest"] for label, p in inside]),
        wrong=_share([_is_wrong(label, p) for label, p in inside]),
        rejected=_share([p["decided"] in HONEST for p in outside]),
        best_right=_share([label == p["best"] for label, p in inside]),
    )


def _is_wrong(label: str, prediction: Prediction) -> bool:
    decided = prediction["decided"]
    if decided in HONEST or decided == TIE:
        return False
    return bool(decided != label and label not in prediction["questions"])


@dataclass(frozen=True)
class Hint3:
    """As the paper reports, and the area under the curve of in scope against out of scope."""

    accuracy: float
    recall: float
    auroc: float


def hint3(test: Sequence[Sentence], predictions: Sequence[Prediction]) -> Hint3:
    inside = np.array([label != OUT_OF_SCOPE for _, label in test])
    confidence = np.array([p["confidence"] for p in predictions])
    right = np.array([p["best"] == label for p, (_, label) in zip(predictions, test, strict=False)])
    return Hint3(
        accuracy=float((right & (confidence > ACCURACY_AT))[inside].mean()),
        recall=float((confidence < RECALL_AT)[~inside].mean()),
        auroc=float(roc_auc_score(inside, confidence)),
    )


def accuracy(test: Sequence[Sentence], predictions: Sequence[Prediction]) -> float:
    return _share([p["best"] == label for p, (_, label) in zip(predictions, test, strict=False)])


def percentile(milliseconds: Sequence[float], which: float) -> float:
    return float(np.percentile(milliseconds, which))


def _share(found: list[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
