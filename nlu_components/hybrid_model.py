"""Tell which topic a sentence is about. Knows scikit-learn, knows nothing of Rasa.

The embedding knows what a sentence means, TF-IDF knows which words it uses; logistic regression
weighs both, and the nearest example of each label has a say of its own. The regression alone is
too sure about messages that are like nothing it has seen, so the confidence in a label is the
geometric mean of its probability and of the cosine to its nearest example: sqrt(p * cos). What is
as near to something that nobody here may answer loses confidence by how near that is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu_components import softmax_regression

VIEWS: Dict[str, Dict[str, Any]] = {
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 4)},
}
ITERATIONS = 20
"""More fit the examples better and new sentences no better, and take longer."""
ENOUGH_TEXTS = 200
"""From so many texts on, what stands in one of them only is left out: half of all features."""
CONTENDERS = 40
"""Labels whose examples are looked at: the likeliest ones. More topics cost no more time."""
MARGIN = 0.1
"""How much nearer the topic's example must be than anything out of scope to be fully trusted."""


class TooFewLabels(Exception):
    """Fewer than two labels to tell apart."""


@dataclass(frozen=True)
class Scored:
    """One label and how sure the model is, from 0 to 1."""

    label: str
    confidence: float


@dataclass(frozen=True)
class Weights:
    """How much each part of the evidence counts.

    embedding_scale: the length of the unit embedding before regression; unit vectors underfit.
    tfidf_weight: how much the words themselves count beside the meaning.
    nearest_weight: what a cosine of 1 to the nearest example of a label adds to its log odds.
    c: inverse strength of regularisation.
    """

    embedding_scale: float = 5.0
    tfidf_weight: float = 2.0
    nearest_weight: float = 5.0
    c: float = 1.0


class HybridModel:
    """Logistic regression over a scaled embedding and TF-IDF, and the nearest examples."""

    def __init__(self, weights: Weights, *, out_of_scope: Optional[str] = None) -> None:
        """`out_of_scope` names the label of what must not be answered, if there is one."""
        self.weights = weights
        self.out_of_scope = out_of_scope

    def fit(self, texts: List[str], embeddings: np.ndarray, labels: List[str]) -> None:
        """Learn from texts, their unit embeddings of shape (len(texts), 384), and labels."""
        if len(set(labels)) < 2:
            raise TooFewLabels("the training data has fewer than two intents")
        rarest = 2 if len(texts) >= ENOUGH_TEXTS else 1
        self.vectorizers = {name: _vectorizer(name, min_df=rarest) for name in VIEWS}
        tfidf = hstack([view.fit_transform(texts) for view in self.vectorizers.values()])
        self.labels = sorted(set(labels))
        numbers = np.array([self.labels.index(label) for label in labels])
        weights, of_words, self.bias = softmax_regression.fit(
            embeddings * self.weights.embedding_scale,
            (tfidf * self.weights.tfidf_weight).tocsr(),
            numbers,
            c=self.weights.c,
            iterations=ITERATIONS,
        )
        self.dense_weights = np.ascontiguousarray(weights)
        # Feature by label, so that the few features of one message are rows next to each other.
        self.sparse_weights = of_words.astype(np.float16)
        self._set_examples(embeddings, numbers)

    def _set_examples(self, embeddings: np.ndarray, labels: np.ndarray) -> None:
        """Examples of one label stand together; label k has those from `starts[k]` on."""
        order = np.argsort(labels, kind="stable")
        self.examples = np.ascontiguousarray(embeddings[order], dtype=np.float32)
        self.starts = np.searchsorted(labels[order], np.arange(len(self.labels) + 1))

    def rank(self, text: str, embedding: np.ndarray) -> List[Scored]:
        """The likeliest labels, the best first."""
        scores = self.bias + self.dense_weights @ (embedding * self.weights.embedding_scale)
        columns, values = self._tfidf(text)
        of_words = self.sparse_weights[columns].astype(np.float32)
        scores = scores + (values * self.weights.tfidf_weight) @ of_words
        nearest = self._nearest(scores, embedding)
        scores = scores + nearest * self.weights.nearest_weight
        odds = np.exp(scores - scores.max())
        probabilities = odds / odds.sum()
        confidences = np.sqrt(probabilities * nearest.clip(0.0, 1.0)) - self._doubt(nearest)
        confidences = confidences.clip(0.0, 1.0)
        order = np.argsort(-probabilities, kind="stable")[:CONTENDERS]
        # The likelier label is never the one we are less sure of.
        capped = np.minimum.accumulate(confidences[order])
        best = zip(order.tolist(), capped.tolist(), strict=True)
        return [Scored(self.labels[label], confidence) for label, confidence in best]

    def _nearest(self, scores: np.ndarray, embedding: np.ndarray) -> np.ndarray:
        """The cosine to each label's nearest example; for unlikely labels the lowest found."""
        likely = set(np.argsort(-scores)[:CONTENDERS].tolist())
        if self.out_of_scope in self.labels:
            likely.add(self.labels.index(self.out_of_scope))
        found = {label: float((self._examples_of(label) @ embedding).max()) for label in likely}
        nearest = np.full(len(self.labels), min(found.values()), dtype=np.float32)
        nearest[list(found)] = list(found.values())
        return nearest

    def _examples_of(self, label: int) -> np.ndarray:
        return self.examples[self.starts[label] : self.starts[label + 1]]

    def _doubt(self, nearest: np.ndarray) -> np.ndarray:
        """What each label loses because something out of scope is nearly as near, or nearer."""
        if self.out_of_scope not in self.labels:
            return np.zeros_like(nearest)
        mine = self.labels.index(self.out_of_scope)
        doubt = (MARGIN - (nearest - nearest[mine])).clip(0.0, None)
        doubt[mine] = 0.0
        return doubt

    def _tfidf(self, text: str) -> Tuple[np.ndarray, np.ndarray]:
        row = hstack([view.transform([text]) for view in self.vectorizers.values()]).tocsr()
        return row.indices, row.data.astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write numbers as .npz and words as JSON; nothing that runs code when it is read."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            folder / "weights.npz",
            dense=self.dense_weights,
            sparse=self.sparse_weights,
            bias=self.bias,
            examples=self.examples.astype(np.float16),
            starts=self.starts,
            **{f"idf_{name}": view.idf_ for name, view in self.vectorizers.items()},
        )
        words = {
            "labels": self.labels,
            "weights": vars(self.weights),
            "out_of_scope": self.out_of_scope,
            "vocabularies": {
                name: {word: int(column) for word, column in view.vocabulary_.items()}
                for name, view in self.vectorizers.items()
            },
        }
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> HybridModel:
        words = json.loads((folder / "words.json").read_text("utf-8"))
        model = cls(Weights(**words["weights"]), out_of_scope=words["out_of_scope"])
        model.labels = words["labels"]
        with np.load(folder / "weights.npz", allow_pickle=False) as numbers:
            model.dense_weights = numbers["dense"]
            model.sparse_weights = numbers["sparse"]
            model.bias = numbers["bias"]
            model.examples = numbers["examples"].astype(np.float32)
            model.starts = numbers["starts"]
            model.vectorizers = {}
            for name, vocabulary in words["vocabularies"].items():
                model.vectorizers[name] = _vectorizer(name, vocabulary=vocabulary)
                model.vectorizers[name].idf_ = numbers[f"idf_{name}"]
        return model


def _vectorizer(name: str, **settings: Any) -> TfidfVectorizer:
    return TfidfVectorizer(**VIEWS[name], lowercase=True, sublinear_tf=True, **settings)
