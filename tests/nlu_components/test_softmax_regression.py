"""Our logistic regression is scikit-learn's, only faster: same problem, same answer."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack
from scipy.sparse import random as random_sparse
from sklearn.linear_model import LogisticRegression

from nlu_components import softmax_regression

CONVERGED = 2000
"""Steps that are always enough here."""


class Examples(NamedTuple):
    dense: np.ndarray
    sparse: csr_matrix
    labels: np.ndarray

    @property
    def all_features(self) -> csr_matrix:
        return hstack([csr_matrix(self.dense), self.sparse]).tocsr()


def examples(seed: int, counts: tuple[int, ...]) -> Examples:
    """As many examples of each label as the counts say, in no order, not quite separable."""
    chance = np.random.default_rng(seed)
    labels = chance.permutation(np.repeat(np.arange(len(counts)), counts))
    dense = chance.normal(size=(len(labels), 5)) + labels[:, None] * 0.7
    sparse = random_sparse(len(labels), 12, density=0.3, format="csr", random_state=seed)
    return Examples(dense, sparse, labels)


def scores(weights: softmax_regression.Weights, given: Examples) -> np.ndarray:
    of_dense, of_sparse, bias = weights
    return given.dense @ of_dense.T + given.sparse @ of_sparse + bias


@pytest.mark.parametrize("counts", [(20, 20, 20), (40, 8, 3), (10, 9, 8, 1)])
@pytest.mark.parametrize("c", [0.3, 1.0, 5.0])
def test_it_finds_what_scikit_learn_finds(counts: tuple[int, ...], c: float) -> None:
    given = examples(seed=len(counts), counts=counts)
    reference = LogisticRegression(C=c, class_weight="balanced", max_iter=CONVERGED, tol=1e-8)
    reference.fit(given.all_features, given.labels)

    weights = softmax_regression.fit(*given, c=c, iterations=CONVERGED)

    of_dense, of_sparse, _ = weights
    assert np.allclose(np.hstack([of_dense, of_sparse.T]), reference.coef_, atol=0.02)
    found, expected = scores(weights, given), reference.decision_function(given.all_features)
    assert np.array_equal(found.argmax(axis=1), reference.predict(given.all_features))
    # Only differences between labels mean something; scikit-learn's biases have a mean of zero.
    found -= found.mean(axis=1, keepdims=True)
    expected -= expected.mean(axis=1, keepdims=True)
    assert np.allclose(found, expected, atol=0.05)


def test_two_labels_are_told_apart_too() -> None:
    given = examples(seed=1, counts=(30, 5))

    weights = softmax_regression.fit(*given, c=1.0, iterations=CONVERGED)

    right = scores(weights, given).argmax(axis=1) == given.labels
    assert right.mean() > 0.8


def test_the_gradient_is_the_slope_of_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    given = examples(seed=3, counts=(9, 4, 2))
    minimized: list[Any] = []

    def watched(loss: Any, start: np.ndarray, **options: Any) -> Any:
        minimized.append((loss, start))
        return minimize(loss, start, **options)

    monkeypatch.setattr("nlu_components.softmax_regression.minimize", watched)
    softmax_regression.fit(*given, c=1.0, iterations=1)
    ((loss, start),) = minimized
    place = np.random.default_rng(3).normal(size=len(start))

    _, gradient = loss(place)

    step = 1e-2  # not smaller: the loss is worked out in single precision
    sides = [(place + step * one, place - step * one) for one in np.eye(len(place))]
    slope = [(loss(up)[0] - loss(down)[0]) / (2 * step) for up, down in sides]
    assert np.allclose(gradient, slope, rtol=0.01, atol=0.02)


def test_few_examples_of_a_label_weigh_as_much_as_many() -> None:
    labels = np.array([0] * 50 + [1])
    nothing = np.zeros((51, 1))

    *_, bias = softmax_regression.fit(
        nothing, csr_matrix(nothing), labels, c=1.0, iterations=CONVERGED
    )

    assert bias[0] == pytest.approx(bias[1], abs=1e-3)


def test_weights_come_in_the_shapes_they_are_used_in() -> None:
    given = examples(seed=4, counts=(5, 5, 5))

    of_dense, of_sparse, bias = softmax_regression.fit(*given, c=1.0, iterations=5)

    assert (of_dense.shape, of_sparse.shape, bias.shape) == ((3, 5), (12, 3), (3,))


def test_what_is_given_is_not_changed() -> None:
    given = examples(seed=5, counts=(6, 6))
    dense, sparse, labels = given.dense.copy(), given.sparse.toarray(), given.labels.copy()

    softmax_regression.fit(*given, c=1.0, iterations=5)

    assert np.array_equal(given.dense, dense)
    assert np.array_equal(given.sparse.toarray(), sparse)
    assert np.array_equal(given.labels, labels)
