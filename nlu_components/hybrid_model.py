"""Tell which topic a sentence is about. Knows scikit-learn, knows nothing of Rasa.

The embedding knows what a sentence means, TF-IDF knows which words it uses; logistic regression
weighs both. Its probability alone is too sure about messages that are like nothing it has seen,
so the confidence is the geometric mean of the probability and of the largest cosine to any
training sentence: sqrt(p * cos).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

VIEWS: Dict[str, Dict[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 4)},
}


class TooFewLabels(Exception):
    """Fewer than two labels to tell apart."""


@dataclass(frozen=True)
class Scored:
    """One label and how sure the model is, from 0 to 1."""

    label: str
    confidence: float


class HybridModel:
    """Logistic regression over a scaled embedding and weighted TF-IDF of the raw text."""

    def __init__(self, *, embedding_scale: float, tfidf_weight: float, c: float) -> None:
        self.embedding_scale = embedding_scale
        self.tfidf_weight = tfidf_weight
        self.c = c

    def fit(self, texts: List[str], embeddings: np.ndarray, labels: List[str]) -> None:
        """Learn from texts, their unit embeddings of shape (len(texts), 384), and labels."""
        if len(set(labels)) < 2:
            raise TooFewLabels("the training data has fewer than two intents")
        self.vectorizers = {name: _vectorizer(name) for name in VIEWS}
        tfidf = hstack([view.fit_transform(texts) for view in self.vectorizers.values()])
        features = hstack(
            [csr_matrix(embeddings * self.embedding_scale), tfidf * self.tfidf_weight]
        ).tocsr()
        regression = LogisticRegression(C=self.c, max_iter=1000)
        regression.fit(features, labels)
        self.labels = [str(label) for label in regression.classes_]
        self._set_weights(*_one_row_per_label(regression), embeddings.shape[1])
        self.seen = np.ascontiguousarray(embeddings, dtype=np.float32)

    def _set_weights(self, weights: np.ndarray, bias: np.ndarray, dimensions: int) -> None:
        self.dense_weights = np.ascontiguousarray(weights[:, :dimensions], dtype=np.float32)
        # Feature by label, so that the few features of one message are rows next to each other.
        self.sparse_weights = np.ascontiguousarray(weights[:, dimensions:].T, dtype=np.float32)
        self.bias = bias.astype(np.float32)

    def rank(self, text: str, embedding: np.ndarray) -> List[Scored]:
        """Every label, the likeliest first."""
        scores = self.bias + self.dense_weights @ (embedding * self.embedding_scale)
        columns, values = self._tfidf(text)
        scores = scores + (values * self.tfidf_weight) @ self.sparse_weights[columns]
        odds = np.exp(scores - scores.max())
        probabilities = odds / odds.sum()
        nearness = float(np.clip((self.seen @ embedding).max(), 0.0, 1.0))
        confidences = np.sqrt(probabilities * nearness)
        order = np.argsort(-confidences, kind="stable")
        return [Scored(self.labels[i], float(confidences[i])) for i in order]

    def _tfidf(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        row = hstack([view.transform([text]) for view in self.vectorizers.values()]).tocsr()
        return row.indices, row.data.astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write numbers as .npz and words as JSON; nothing that runs code when it is read."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / "weights.npz",
            dense=self.dense_weights,
            sparse=self.sparse_weights.astype(np.float16),
            bias=self.bias,
            seen=self.seen.astype(np.float16),
            **{f"idf_{name}": view.idf_ for name, view in self.vectorizers.items()},
        )
        words = {
            "labels": self.labels,
            "embedding_scale": self.embedding_scale,
            "tfidf_weight": self.tfidf_weight,
            "c": self.c,
            "vocabularies": {
                name: {word: int(column) for word, column in view.vocabulary_.items()}
                for name, view in self.vectorizers.items()
            },
        }
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> HybridModel:
        words = json.loads((folder / "words.json").read_text("utf-8"))
        model = cls(
            embedding_scale=words["embedding_scale"],
            tfidf_weight=words["tfidf_weight"],
            c=words["c"],
        )
        model.labels = words["labels"]
        with np.load(folder / "weights.npz", allow_pickle=False) as numbers:
            model.dense_weights = numbers["dense"]
            model.sparse_weights = numbers["sparse"].astype(np.float32)
            model.bias = numbers["bias"]
            model.seen = numbers["seen"].astype(np.float32)
            model.vectorizers = {}
            for name, vocabulary in words["vocabularies"].items():
                model.vectorizers[name] = _vectorizer(name, vocabulary)
                model.vectorizers[name].idf_ = numbers[f"idf_{name}"]
        return model


def _vectorizer(name: str, vocabulary: Any = None) -> TfidfVectorizer:
    return TfidfVectorizer(**VIEWS[name], lowercase=True, sublinear_tf=True, vocabulary=vocabulary)


def _one_row_per_label(regression: LogisticRegression) -> Tuple[np.ndarray, np.ndarray]:
    """scikit-learn keeps a single row for two labels; a row of zeros stands for the first."""
    weights, bias = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        # Zero against the row is the same odds as softmax over both.
        return np.vstack([np.zeros_like(weights[0]), weights[0]]), np.array([0.0, bias[0]])
    return weights, bias
