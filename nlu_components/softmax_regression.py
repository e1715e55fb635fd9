"""Multinomial logistic regression over dense and sparse features at once.

scikit-learn's reads the dense part as sparse numbers, which takes five times as long. The problem
is the same one: L2 penalty, every label weighing the same however many examples it has.
"""

from __future__ import annotations

from typing import Tuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import logsumexp

Weights = Tuple[np.ndarray, np.ndarray, np.ndarray]
"""Label by dense feature, sparse feature by label, and one bias for each label."""


def fit(
    dense: np.ndarray, sparse: csr_matrix, labels: np.ndarray, *, c: float, iterations: int
) -> Weights:
    """
    Args:
        dense: examples by dense features.
        sparse: examples by sparse features.
        labels: the number of each example's label, from 0 on, every number at least once.
        c: inverse strength of regularisation.
        iterations: L-BFGS steps at most.
    """
    dense, sparse = dense.astype(np.float32), sparse.astype(np.float32)
    transposed = sparse.T.tocsr()
    examples, classes = len(labels), int(labels.max()) + 1
    d, s = dense.shape[1], sparse.shape[1]
    weight = (c * examples / (classes * np.bincount(labels)))[labels].astype(np.float32)
    rows = np.arange(examples)

    def unpacked(parameters: np.ndarray) -> Weights:
        w = parameters.astype(np.float32)
        of_dense, of_sparse = w[: d * classes], w[d * classes : (d + s) * classes]
        return of_dense.reshape(d, classes), of_sparse.reshape(s, classes), w[(d + s) * classes :]

    def loss(parameters: np.ndarray) -> Tuple[float, np.ndarray]:
        of_dense, of_sparse, bias = unpacked(parameters)
        scores = dense @ of_dense + sparse @ of_sparse + bias
        total = logsumexp(scores, axis=1)
        error = np.exp(scores - total[:, None])
        error[rows, labels] -= 1.0
        error *= weight[:, None]
        gradient = np.concatenate(
            [
                (dense.T @ error + of_dense).ravel(),
                (transposed @ error + of_sparse).ravel(),
                error.sum(axis=0),
            ]
        )
        penalty = 0.5 * float(np.square(parameters[: (d + s) * classes]).sum())
        value = float((weight * (total - scores[rows, labels])).sum()) + penalty
        return value, gradient.astype(np.float64)

    start = np.zeros((d + s + 1) * classes)
    options = {"maxiter": iterations}
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    of_dense, of_sparse, bias = unpacked(best.x)
    return of_dense.T, of_sparse, bias
