"""Train the crisis classifier: `python -m nlu_components.crisis.train --help`.

Takes about a quarter of an hour on two cores, and is done when crisis/sentences have changed, not
at every start: what was measured is what runs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from nlu_components.crisis.classifier import kinds_of
from nlu_components.crisis.sentences import HARD, NONE, Kind, load_sentences
from nlu_components.crisis.views import plain
from nlu_components.topics import load_topics

LONGEST = 128
"""Tokens of a training sentence."""
KEPT_BACK = 10
"""Of so many sentences one is kept from training; the probabilities are set right on these."""

ABOUT_A_CRISIS = ("crisis", "crisis_use")
"""Topics whose questions are no ordinary ones: who asks for a hotline may need it."""

Example = tuple[str, str]
"""A sentence and the name of its kind."""


def main() -> None:
    """Train, set the probabilities right, and write adapter.npz and classifier.json."""
    line = argparse.ArgumentParser(description=__doc__)
    line.add_argument("--sentences", type=Path, default=Path("crisis/sentences"))
    line.add_argument("--topics", type=Path, default=Path("data/faq"))
    line.add_argument("--intents", type=Path, default=Path("data/nlu"))
    line.add_argument("--encoder", type=Path, required=True, help="weights of the encoder (.npz)")
    line.add_argument("--tokenizer", type=Path, default=Path("models/embedding"))
    line.add_argument("--to", type=Path, default=Path("crisis/classifier"))
    asked = line.parse_args()
    # Here, because they take seconds, and `--help` should not.
    from nlu_components.crisis import fine_tuning
    from nlu_components.embedding import load_tokenizer

    written = load_sentences(asked.sentences)
    kinds = [*written, *ordinary(asked.topics, asked.intents, besides=written)]
    learning, kept_back = split(kinds)
    names = sorted({name for _, name in learning})
    tokenizer = load_tokenizer(asked.tokenizer)
    tokenizer.enable_truncation(LONGEST)

    def tokens(examples: list[Example]) -> list[list[int]]:
        return [tokenizer.encode(sentence).ids for sentence, _ in examples]

    with np.load(asked.encoder) as stored:
        weights = {name: stored[name] for name in stored.files}
    started = time.monotonic()
    print(
        f"{len(learning)} sentences of {len(names)} kinds, {len(kept_back)} kept back", flush=True
    )
    tuned = fine_tuning.fine_tune(
        tokens(learning),
        np.array([names.index(name) for _, name in learning]),
        weights,
        say=lambda words: print(f"{words}, {time.monotonic() - started:.0f} s", flush=True),
    )
    scores = fine_tuning.scores(tokens(kept_back), weights, tuned)
    about = {
        "sentences": {
            "count": sum(len(kind.sentences) for kind in written),
            "fingerprint": fingerprint(written),
        },
        **describe(kinds, names, scores, [name for _, name in kept_back]),
    }
    asked.to.mkdir(parents=True, exist_ok=True)
    small = {name: value.astype(np.float16) for name, value in tuned.adapter.items()}
    np.savez_compressed(asked.to / "adapter.npz", head=tuned.head, bias=tuned.bias, **small)
    text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    (asked.to / "classifier.json").write_text(text, "utf-8")


def ordinary(topics: Path, intents: Path, *, besides: list[Kind]) -> list[Kind]:
    """What visitors ask and say on any day: the examples of topics and intents.

    Without what asks for help in a crisis, and what stands among the sentences already.
    """
    taken = {plain(sentence) for kind in besides for sentence in kind.sentences}
    questions = [
        question
        for topic in load_topics(topics)
        if topic.slug not in ABOUT_A_CRISIS
        for question in topic.questions
    ]
    kinds = {"ordinary question": questions}
    for path in sorted(intents.glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            lines = [line.strip() for line in entry["examples"].splitlines()]
            said = [line.removeprefix("- ") for line in lines if line]
            kinds.setdefault(f"ordinary {entry['intent'].split('/')[0]}", []).extend(said)
    return [
        Kind(name, NONE, "", tuple(s for s in dict.fromkeys(said) if plain(s) not in taken))
        for name, said in kinds.items()
    ]


def split(kinds: list[Kind]) -> tuple[list[Example], list[Example]]:
    """What is learnt from, and what is kept back; a sentence is always on the same side."""
    learning: list[Example] = []
    kept_back: list[Example] = []
    for kind, name in zip(kinds, kinds_of(kinds), strict=True):
        for sentence in kind.sentences:
            digest = hashlib.sha256(sentence.encode()).digest()
            side = kept_back if digest[0] % KEPT_BACK == 0 else learning
            side.append((sentence, name))
    return learning, kept_back


def describe(
    kinds: list[Kind], names: list[str], scores: np.ndarray, truth: list[str]
) -> dict[str, Any]:
    """What people and the classifier need to know of what was trained."""
    about = {name: kind for kind, name in zip(kinds, kinds_of(kinds), strict=True)}
    outcomes = np.array([about[name].outcome for name in names])
    true_outcomes = np.array([about[name].outcome for name in truth])
    likely = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return {
        "calibration": {
            "hard": platt(likely[:, outcomes == HARD].sum(axis=1), true_outcomes == HARD),
            "crisis": platt(likely[:, outcomes != NONE].sum(axis=1), true_outcomes != NONE),
        },
        "kinds": [
            {"name": name, "outcome": about[name].outcome, "category": about[name].category}
            for name in names
        ],
    }


def fingerprint(kinds: list[Kind]) -> str:
    """Changes when any sentence, its outcome or its category does."""
    digest = hashlib.sha256()
    for kind in kinds:
        digest.update("\n".join((kind.name, kind.outcome, kind.category, *kind.sentences)).encode())
    return digest.hexdigest()


def platt(likely: np.ndarray, is_so: np.ndarray) -> dict[str, float]:
    """Slope and offset that make log odds agree with how often it is so."""
    from sklearn.linear_model import LogisticRegression

    bounded = np.clip(likely, 1e-6, 1 - 1e-6)
    log_odds = np.log(bounded / (1 - bounded))[:, None]
    fitted = LogisticRegression(C=1e6).fit(log_odds, is_so)
    return {"slope": float(fitted.coef_[0][0]), "offset": float(fitted.intercept_[0])}


if __name__ == "__main__":
    main()
