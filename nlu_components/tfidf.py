"""The words and letters of one text, weighted as scikit-learn weighs them. Knows nothing of Rasa.

scikit-learn is made for thousands of texts at once: for a single one it spends twenty times as long
on checks as on the words. It learns the vocabulary; here one text is looked up in it. Numbers are
the same to the last bit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Tuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

VIEWS: Dict[str, Dict[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 4)},
}

Pieces = Callable[[str], List[str]]
"""Text to its words, or to the letters next to each other in it."""


@dataclass(frozen=True)
class View:
    """One way to look at a text, with what was learnt: which pieces there are, and how rare."""

    pieces: Pieces
    vocabulary: Dict[str, int]
    idf: np.ndarray

    @classmethod
    def learnt(cls, name: str, vocabulary: Dict[str, int], idf: np.ndarray) -> View:
        return cls(vectorizer(name).build_analyzer(), vocabulary, idf)

    def of(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        """The columns of the text's pieces, in order, and their weights: a vector of length 1."""
        known = self.vocabulary
        counted = Counter(known[piece] for piece in self.pieces(text) if piece in known)
        order = sorted(counted)
        columns = np.array(order, dtype=np.int64)
        counts = np.array([counted[column] for column in order], dtype=np.float64)
        weights = (np.log(counts) + 1.0) * self.idf[columns]
        length = np.sqrt(np.square(weights).sum())
        return columns, weights / length if length else weights


def vectorizer(name: str, **settings: Any) -> TfidfVectorizer:
    """scikit-learn's own, to learn a view with."""
    return TfidfVectorizer(**VIEWS[name], lowercase=True, sublinear_tf=True, **settings)


def read(views: Iterable[View], text: str) -> Tuple[np.ndarray, np.ndarray]:
    """The text in every view: columns of all of them side by side, and weights."""
    columns: List[np.ndarray] = []
    weights: List[np.ndarray] = []
    before = 0
    for view in views:
        seen, weighed = view.of(text)
        columns.append(seen + before)
        weights.append(weighed)
        before += len(view.vocabulary)
    return np.concatenate(columns), np.concatenate(weights)
