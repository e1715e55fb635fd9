"""One text is weighed exactly as scikit-learn weighs it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu_components import tfidf
from nlu_components.tfidf import VIEWS, View

LEARNT_FROM = [
    "how much is it",
    "Is it safe, and is it SAFE for me?",
    "¿cuánto cuesta?",
    "what does one visit cost",
    "a b c d",
]
TEXTS = [
    *LEARNT_FROM,
    "",
    "🐙",
    "x",
    "much much much of it is safe",
    "  safe\n\tvisit  ",
    "İstanbul ﬁne ½ ß",
    "nothing-known_here 12345",
    "is it " * 300,
]


@pytest.fixture(scope="module")
def learnt() -> dict[str, TfidfVectorizer]:
    return {name: tfidf.vectorizer(name).fit(LEARNT_FROM) for name in VIEWS}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_weighs_what_it_weighs_in_scikit_learn(
    learnt: dict[str, TfidfVectorizer], text: str
) -> None:
    views = [View.learnt(name, view.vocabulary_, view.idf_) for name, view in learnt.items()]
    theirs = hstack([view.transform([text]) for view in learnt.values()]).tocsr()
    theirs.sort_indices()

    columns, weights = tfidf.read(views, text)

    assert columns.tolist() == theirs.indices.tolist()
    assert np.allclose(weights, theirs.data, rtol=1e-12, atol=0.0)
