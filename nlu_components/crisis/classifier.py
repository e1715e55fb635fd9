"""Hear what no phrase foresaw: how likely a text is plain danger, a hint of it, or ordinary.

Every file of crisis/sentences/ is one kind, and the classifier tells kinds apart: what is near a
joke and what is near grief are different things, though both are calm. How likely danger is, is
set right (Platt) on sentences that were kept from training, so that 0.3 means three of ten.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from nlu_components.crisis.sentences import HARD, NONE, Kind
from nlu_components.crisis.views import unmasked
from nlu_components.embedding import load_tokenizer, open_model

LONG = 45
"""Words. A longer message is also read in parts: one clause of danger must not be outvoted."""
PART = 30
"""Words of a part, about: sentences are put together until there are so many."""
STANDS_OUT = 0.1
"""The least share of all likelihood that names a category."""
SENTENCE_END = re.compile(r"(?<=[.?!;\n])\s+")


class MissingCrisisClassifier(Exception):
    """The folder holds no classifier; `make run` or `make train` writes it."""


@dataclass(frozen=True)
class Likelihood:
    """How likely a text is plain danger, and how likely plain danger or a hint; from 0 to 1."""

    hard: float
    crisis: float
    category: str = ""
    """The likeliest category, if it is a crisis; empty if none stands out."""


@dataclass(frozen=True)
class Platt:
    """Makes a log odds of ours a probability: 1 / (1 + exp(-(slope * log odds + offset)))."""

    slope: float
    offset: float

    def likely(self, probability: float) -> float:
        bounded = min(max(probability, 1e-6), 1 - 1e-6)
        log_odds = float(np.log(bounded / (1 - bounded)))
        return float(1 / (1 + np.exp(-(self.slope * log_odds + self.offset))))


@dataclass(frozen=True)
class Head:
    """What makes kinds of a meaning: their outcomes and categories, and the learnt weights."""

    outcomes: np.ndarray
    categories: np.ndarray
    weights: np.ndarray
    """Meaning (384) by kinds."""
    bias: np.ndarray
    hard: Platt
    crisis: Platt

    @classmethod
    def load(cls, folder: Path) -> Head:
        """Read `classifier.json`, which says what the kinds are, and `adapter.npz`."""
        if not (folder / "classifier.json").is_file():
            raise MissingCrisisClassifier(
                f"nothing was learnt in {folder}; run `make train-crisis`"
            )
        about: dict[str, Any] = json.loads((folder / "classifier.json").read_text("utf-8"))
        with np.load(folder / "adapter.npz") as learnt:
            weights, bias = learnt["head"], learnt["bias"]
        return cls(
            np.array([kind["outcome"] for kind in about["kinds"]]),
            np.array([kind["category"] for kind in about["kinds"]]),
            weights.astype(np.float32),
            bias.astype(np.float32),
            Platt(**about["calibration"]["hard"]),
            Platt(**about["calibration"]["crisis"]),
        )

    def read(self, meaning: np.ndarray) -> Likelihood:
        """What a meaning of 384 numbers is likely to be."""
        scores = meaning @ self.weights + self.bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        return Likelihood(
            hard=self.hard.likely(float(likely[self._is_hard].sum())),
            crisis=self.crisis.likely(float(likely[self._is_crisis].sum())),
            category=self._category(likely),
        )

    @cached_property
    def _is_hard(self) -> np.ndarray:
        return np.asarray(self.outcomes == HARD)

    @cached_property
    def _is_crisis(self) -> np.ndarray:
        return np.asarray(self.outcomes != NONE)

    @cached_property
    def _kinds_of(self) -> dict[str, np.ndarray]:
        """Which kinds belong to each category."""
        named = dict.fromkeys(str(name) for name in self.categories if name)
        return {name: np.asarray(self.categories == name) for name in named}

    def _category(self, likely: np.ndarray) -> str:
        shares = {name: float(likely[kinds].sum()) for name, kinds in self._kinds_of.items()}
        best = max(shares, key=lambda name: shares[name])
        # Kinds without a category (Spanish, slang) say nothing about it; what little is left
        # must not name one.
        return best if shares[best] >= STANDS_OUT else ""


def kinds_of(kinds: list[Kind]) -> list[str]:
    """What the classifier tells apart, for each file: its category and outcome, or the file.

    Files of the same danger are one thing to it; every file of calm sentences is one of its own.
    """
    return [
        kind.name if kind.outcome == NONE else f"{kind.category or 'any'} {kind.outcome}"
        for kind in kinds
    ]


class CrisisClassifier:
    """Reads a message whole and, if it is long, in parts; the most alarming reading counts."""

    def __init__(self, model: Path, head: Head) -> None:
        if not (model / "model.onnx").is_file():
            raise MissingCrisisClassifier(f"no crisis classifier in {model}; run `make train`")
        self._session: onnxruntime.InferenceSession = open_model(model / "model.onnx")
        self._tokenizer: Tokenizer = load_tokenizer(model)
        self._head = head

    @classmethod
    def load(cls, model: Path, learnt: Path) -> CrisisClassifier:
        """
        Args:
            model: the folder of the encoder with the adapter built in, made by `make train`.
            learnt: crisis/classifier/, where adapter and head lie.
        """
        return cls(model, Head.load(learnt))

    def likelihood(self, text: str) -> Likelihood:
        """How likely danger is in the text, as it stands or without its disguise."""
        heard = [self._read(reading) for reading in readings_of(text)]
        worst = max(heard, key=lambda likely: likely.crisis)
        return Likelihood(max(likely.hard for likely in heard), worst.crisis, worst.category)

    def _read(self, text: str) -> Likelihood:
        tokens = self._tokenizer.encode(text)
        inputs = {
            "input_ids": np.array([tokens.ids], dtype=np.int64),
            "attention_mask": np.array([tokens.attention_mask], dtype=np.int64),
        }
        return self._head.read(np.asarray(self._session.run(["meaning"], inputs)[0][0]))


def readings_of(text: str) -> list[str]:
    """The text; its parts if it is long; and the same without disguise if it wears one."""
    plain = unmasked(text)
    readings = [*_with_parts(text), *(_with_parts(plain) if plain else [])]
    return list(dict.fromkeys(readings))


def _with_parts(text: str) -> list[str]:
    if len(text.split()) <= LONG:
        return [text]
    parts: list[str] = []
    together: list[str] = []
    for piece in _pieces(text):
        together += piece
        if len(together) >= PART:
            parts.append(" ".join(together))
            together = []
    return [text, *parts, *([" ".join(together)] if together else [])]


def _pieces(text: str) -> list[list[str]]:
    """Sentences as words; a sentence without an end is cut."""
    sentences = [sentence.split() for sentence in SENTENCE_END.split(text)]
    return [
        words[start : start + PART] for words in sentences for start in range(0, len(words), PART)
    ]
