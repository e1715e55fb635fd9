"""The real embedding model: alike in meaning is near, and any text is taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu_components.embedding import DIMENSIONS, MissingEmbeddingModel, SentenceEmbedder


@pytest.mark.parametrize("text", ["how much does it cost", "", "   ", "🐙", "ß " * 5000])
def test_any_text_becomes_a_vector_of_length_one(embedder: SentenceEmbedder, text: str) -> None:
    vector = embedder.embed(text)

    assert vector.shape == (DIMENSIONS,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("sentence", "alike", "other"),
    [
        ("how much does it cost", "what is the price", "is it dangerous"),
        ("is it safe", "what are the risks", "where do I park"),
        ("who drives me home", "do I need a ride", "which insurance pays"),
    ],
)
def test_sentences_alike_in_meaning_are_nearer(
    embedder: SentenceEmbedder, sentence: str, alike: str, other: str
) -> None:
    vector = embedder.embed(sentence)

    assert vector @ embedder.embed(alike) > vector @ embedder.embed(other) + 0.1


def test_the_same_text_is_the_same_vector_whatever_came_before(embedder: SentenceEmbedder) -> None:
    first = embedder.embed("is it safe")
    embedder.embed("a much longer sentence in between " * 20)

    assert np.array_equal(embedder.embed("is it safe"), first)


def test_a_folder_without_the_model_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}", "utf-8")

    with pytest.raises(MissingEmbeddingModel, match="run `make train`"):
        SentenceEmbedder(tmp_path)
