"""Turn a sentence into 384 numbers. Knows onnxruntime, knows nothing of Rasa."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

LONGEST = 256
"""Tokens that are read of one message; the rest is left out, as the model was trained to."""

DIMENSIONS = 384


class MissingEmbeddingModel(Exception):
    """The folder holds no embedding model; `make run` or `make train` writes it."""


class SentenceEmbedder:
    """all-MiniLM-L6-v2, 8-bit."""

    def __init__(self, folder: Path) -> None:
        model, tokenizer = folder / "model.onnx", folder / "tokenizer.json"
        if not model.is_file() or not tokenizer.is_file():
            raise MissingEmbeddingModel(f"no embedding model in {folder}; run `make train`")
        self.session = open_model(model)
        self.tokenizer = load_tokenizer(folder)

    def embed(self, text: str) -> np.ndarray:
        """A vector of length 1, shape (384,), float32."""
        tokens = self.tokenizer.encode(text)
        inputs = {
            "input_ids": np.array([tokens.ids], dtype=np.int64),
            "attention_mask": np.array([tokens.attention_mask], dtype=np.int64),
        }
        return np.asarray(self.session.run(["embedding"], inputs)[0][0])


def open_model(path: Path) -> onnxruntime.InferenceSession:
    """The model on one thread: more cost processor time and gain nothing."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def load_tokenizer(folder: Path) -> Tokenizer:
    """The model's own tokenizer, for one sentence at a time."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # The file asks for padding to 128 tokens; one sentence needs none.
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return tokenizer
