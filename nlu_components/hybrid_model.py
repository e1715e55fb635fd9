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
from typing import List, Optional

import numpy as np
from scipy.sparse import hstack

from nlu_components import softmax_regression, tfidf
from nlu_components.tfidf import VIEWS, View

ITERATIONS = 20
"""More fit the examples better and new sentences no better, and take longer."""
ENOUGH_TEXTS = 200
"""From so many texts on, what stands in one of them only is left out: half of all features."""
CONTENDERS = 40
"""Labels whose examples are looked at: the likeliest ones. More topics cost no more time."""
FLOAT_OF_HALF = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""Every number of 16 bits."""
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
        learnt = {name: tfidf.vectorizer(name, min_df=rarest) for name in VIEWS}
        of_texts = hstack([view.fit_transform(texts) for view in learnt.values()])
        self.views = {
            name: View.learnt(name, {word: int(at) for word, at in v.vocabulary_.items()}, v.idf_)
            for name, v in learnt.items()
        }
        self._set_labels(sorted(set(labels)))
        numbers = np.array([self.labels.index(label) for label in labels])
        weights, of_words, self.bias = softmax_regression.fit(
            embeddings * self.weights.embedding_scale,
            (of_texts * self.weights.tfidf_weight).tocsr(),
            numbers,
            c=self.weights.c,
            iterations=ITERATIONS,
        )
        self.dense_weights = np.ascontiguousarray(weights)
        # Feature by label, so that the few features of one message are rows next to each other.
        self.sparse_weights = of_words.astype(np.float16)
        self._set_examples(embeddings, numbers)

    def _set_labels(self, labels: List[str]) -> None:
        self.labels = labels
        numbers = {label: number for number, label in enumerate(labels)}
        self._beyond_scope = numbers.get(self.out_of_scope or "")

    def _set_examples(self, embeddings: np.ndarray, labels: np.ndarray) -> None:
        """Examples of one label stand together; label k has those from `starts[k]` on."""
        order = np.argsort(labels, kind="stable")
        self.examples = np.ascontiguousarray(embeddings[order], dtype=np.float32)
        self.starts = np.searchsorted(labels[order], np.arange(len(self.labels) + 1))

    def rank(self, text: str, embedding: np.ndarray) -> List[Scored]:
        """The likeliest labels, the best first."""
        scores = self._scores(text, embedding)
        likely = self._likely(scores)
        cosines = self._nearest(likely, embedding)
        probabilities = self._probabilities(scores, likely, cosines)
        confidences = np.sqrt(probabilities * cosines.clip(0.0, 1.0)) - self._doubt(likely, cosines)
        order = np.argsort(-probabilities, kind="stable")[:CONTENDERS]
        # The likelier label is never the one we are less sure of.
        capped = np.minimum.accumulate(confidences.clip(0.0, 1.0)[order])
        best = zip(likely[order].tolist(), capped.tolist(), strict=True)
        return [Scored(self.labels[label], confidence) for label, confidence in best]

    def _scores(self, text: str, embedding: np.ndarray) -> np.ndarray:
        """What meaning and words alone say for each label."""
        of_meaning = self.dense_weights @ (embedding * self.weights.embedding_scale)
        columns, values = tfidf.read(self.views.values(), text)
        values = values.astype(np.float32) * self.weights.tfidf_weight
        return np.asarray(
            self.bias + of_meaning + values @ _as_floats(self.sparse_weights[columns])
        )

    def _likely(self, scores: np.ndarray) -> np.ndarray:
        """The numbers of the likeliest labels and of what is out of scope, in their order."""
        likely = np.arange(len(scores))
        if len(scores) > CONTENDERS:
            likely = np.argpartition(-scores, CONTENDERS)[:CONTENDERS]
            if self._beyond_scope is not None:
                likely = np.append(likely, self._beyond_scope)
        return np.unique(likely)

    def _nearest(self, likely: np.ndarray, embedding: np.ndarray) -> np.ndarray:
        """The cosine to the nearest example of each of these labels."""
        starts, examples = self.starts, self.examples
        first, behind = starts[likely].tolist(), starts[likely + 1].tolist()
        own = (examples[a:b] for a, b in zip(first, behind, strict=True))
        return np.array([(rows @ embedding).max() for rows in own], dtype=np.float32)

    def _probabilities(
        self, scores: np.ndarray, likely: np.ndarray, cosines: np.ndarray
    ) -> np.ndarray:
        """Of the likely labels; to the others the lowest cosine counts, so they stay behind."""
        nearest = np.full(len(scores), cosines.min(), dtype=np.float32)
        nearest[likely] = cosines
        scores = scores + nearest * self.weights.nearest_weight
        odds = np.exp(scores - scores.max())
        return np.asarray(odds[likely] / odds.sum())

    def _doubt(self, likely: np.ndarray, cosines: np.ndarray) -> np.ndarray:
        """What each label loses because something out of scope is nearly as near, or nearer."""
        if self._beyond_scope is None:
            return np.zeros_like(cosines)
        mine = likely == self._beyond_scope
        doubt = (MARGIN - (cosines - cosines[mine])).clip(0.0, None)
        doubt[mine] = 0.0
        return doubt

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
            **{f"idf_{name}": view.idf for name, view in self.views.items()},
        )
        words = {
            "labels": self.labels,
            "weights": vars(self.weights),
            "out_of_scope": self.out_of_scope,
            "vocabularies": {name: view.vocabulary for name, view in self.views.items()},
        }
        (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> HybridModel:
        words = json.loads((folder / "words.json").read_text("utf-8"))
        model = cls(Weights(**words["weights"]), out_of_scope=words["out_of_scope"])
        model._set_labels(words["labels"])
        with np.load(folder / "weights.npz", allow_pickle=False) as numbers:
            model.dense_weights = numbers["dense"]
            model.sparse_weights = numbers["sparse"]
            model.bias = numbers["bias"]
            model.examples = numbers["examples"].astype(np.float32)
            model.starts = numbers["starts"]
            model.views = {
                name: View.learnt(name, vocabulary, numbers[f"idf_{name}"])
                for name, vocabulary in words["vocabularies"].items()
            }
        return model


def _as_floats(halves: np.ndarray) -> np.ndarray:
    """Each 16-bit number as one of 32 bits; a table knows them all, and is seven times as fast."""
    return FLOAT_OF_HALF[halves.view(np.uint16)]
