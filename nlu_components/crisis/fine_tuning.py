"""Teach the sentence encoder what danger sounds like, and keep what it learnt small.

The encoder was made to tell subjects apart, and "I lost my brother to suicide" and "I am about to
lose my life to it" have the same subject. All its layers learn; then of what was added to each
matrix the part of low rank is kept (as in LoRA, Hu et al. 2021, https://arxiv.org/abs/2106.09685).
So what was learnt is a file of a few megabytes. Knows TensorFlow; for training only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from nlu_components.crisis.adapter import Weights, adapter_of, with_adapter

LAYERS, HEADS, HIDDEN = 6, 12, 384
LAYER_NORM_EPSILON = 1e-12
BATCH = 32
EPOCHS = 4
LEARNING_RATE = 1e-4
HEAD_LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.01
WARM_UP_STEPS = 100
LABEL_SMOOTHING = 0.05
DROPOUT = 0.1
AVERAGED_STEPS = 500
"""About so many of the last steps are averaged: what only the last sentences taught is noise."""


@dataclass(frozen=True)
class Tuned:
    """What was learnt: the adapter by name, and the head: meaning (384) by kinds, and a bias."""

    adapter: Weights
    head: np.ndarray
    bias: np.ndarray


class Encoder:
    """BERT as the product runs it; the layers can learn, the words they begin with stay."""

    def __init__(self, weights: Weights) -> None:
        self.fixed = {
            name: tf.constant(value)
            for name, value in weights.items()
            if name.startswith("embeddings.")
        }
        self.layers = {
            name: tf.Variable(value)
            for name, value in weights.items()
            if name.startswith("encoder.layer.")
        }

    def meaning(self, tokens: tf.Tensor, mask: tf.Tensor, dropout: float = 0.0) -> tf.Tensor:
        """Sentences by 384: the mean of each sentence's tokens after the last layer."""
        x = _dropped(self._embed(tokens), dropout)
        for layer in range(LAYERS):
            x = self._layer(x, mask, f"encoder.layer.{layer}", dropout)
        return tf.reduce_sum(x * mask[:, :, None], 1) / tf.reduce_sum(mask, 1, keepdims=True)

    def _embed(self, tokens: tf.Tensor) -> tf.Tensor:
        words = tf.gather(self.fixed["embeddings.word_embeddings.weight"], tokens)
        places = self.fixed["embeddings.position_embeddings.weight"][: tf.shape(tokens)[1]]
        x = words + places + self.fixed["embeddings.token_type_embeddings.weight"][0]
        name = "embeddings.LayerNorm"
        return _norm(x, self.fixed[f"{name}.weight"], self.fixed[f"{name}.bias"])

    def _linear(self, x: tf.Tensor, name: str) -> tf.Tensor:
        known = tf.matmul(x, self.layers[f"{name}.weight"], transpose_b=True)
        return known + self.layers[f"{name}.bias"]

    def _normed(self, x: tf.Tensor, name: str) -> tf.Tensor:
        return _norm(x, self.layers[f"{name}.weight"], self.layers[f"{name}.bias"])

    def _layer(self, x: tf.Tensor, mask: tf.Tensor, name: str, dropout: float) -> tf.Tensor:
        shape = tf.shape(x)

        def heads(part: str) -> tf.Tensor:
            value = self._linear(x, f"{name}.attention.self.{part}")
            split = tf.reshape(value, (shape[0], shape[1], HEADS, HIDDEN // HEADS))
            return tf.transpose(split, (0, 2, 1, 3))

        scores = tf.matmul(heads("query"), heads("key"), transpose_b=True)
        hidden = (1.0 - mask[:, None, None, :]) * -1e9
        shares = tf.nn.softmax(scores / np.sqrt(HIDDEN // HEADS) + hidden)
        mixed = tf.transpose(tf.matmul(shares, heads("value")), (0, 2, 1, 3))
        joined = tf.reshape(mixed, shape)
        attended = self._normed(
            _dropped(self._linear(joined, f"{name}.attention.output.dense"), dropout) + x,
            f"{name}.attention.output.LayerNorm",
        )
        wide = tf.nn.gelu(self._linear(attended, f"{name}.intermediate.dense"))
        narrow = _dropped(self._linear(wide, f"{name}.output.dense"), dropout)
        return self._normed(narrow + attended, f"{name}.output.LayerNorm")


def fine_tune(
    sentences: Sequence[Sequence[int]],
    labels: np.ndarray,
    weights: Weights,
    *,
    say: Callable[[str], None] = lambda words: None,
) -> Tuned:
    """Train the encoder's layers and a head on top of them.

    Args:
        sentences: the tokens of each, as the encoder's own tokenizer gives them.
        labels: the number of each sentence's kind, from 0 on.
        weights: the encoder's, by their own names, 32-bit.
        say: is told about each epoch.
    """
    tf.keras.utils.set_random_seed(988)
    chance = np.random.RandomState(988)
    kinds = int(labels.max()) + 1
    counts = np.bincount(labels, minlength=kinds)
    # Rare kinds count more, but not so much that a handful of sentences outweighs a thousand.
    weight_of = np.sqrt(len(labels) / kinds / np.maximum(counts, 1)).astype(np.float32)
    encoder = Encoder(weights)
    head = tf.Variable(tf.random.normal((HIDDEN, kinds), stddev=0.02))
    bias = tf.Variable(tf.zeros(kinds))
    layers = list(encoder.layers.values())
    steps = EPOCHS * (len(sentences) // BATCH + 1)
    body = _optimiser(LEARNING_RATE, steps, layers)
    top = _optimiser(HEAD_LEARNING_RATE, steps, [head, bias])
    averages = [tf.Variable(value) for value in [*layers, head, bias]]

    @tf.function(reduce_retracing=True, autograph=False)
    def step(tokens: tf.Tensor, mask: tf.Tensor, wanted: tf.Tensor, weight: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            meaning = _dropped(encoder.meaning(tokens, mask, DROPOUT), DROPOUT)
            losses = tf.keras.losses.categorical_crossentropy(
                tf.one_hot(wanted, kinds),
                meaning @ head + bias,
                from_logits=True,
                label_smoothing=LABEL_SMOOTHING,
            )
            loss = tf.reduce_sum(losses * weight) / tf.reduce_sum(weight)
        of_layers, of_head = tape.gradient(loss, [layers, [head, bias]])
        body.apply_gradients(zip(of_layers, layers, strict=True))
        top.apply_gradients(zip(of_head, [head, bias], strict=True))
        for average, value in zip(averages, [*layers, head, bias], strict=True):
            average.assign_add((value - average) / AVERAGED_STEPS)
        return loss

    for epoch in range(1, EPOCHS + 1):
        losses = []
        for batch in _batches(sentences, chance):
            tokens, mask = padded([sentences[place] for place in batch])
            wanted = labels[batch]
            losses.append(
                float(
                    step(
                        tf.constant(tokens),
                        tf.constant(mask),
                        tf.constant(wanted),
                        tf.constant(weight_of[wanted]),
                    )
                )
            )
        say(f"epoch {epoch} of {EPOCHS}, loss {np.mean(losses):.3f}")
    *of_layers, of_head, of_bias = (average.numpy() for average in averages)
    new = dict(zip(encoder.layers, of_layers, strict=True))
    return Tuned(adapter_of(weights, new), of_head, of_bias)


def _optimiser(
    rate: float, steps: int, variables: Sequence[tf.Variable]
) -> tf.keras.optimizers.Optimizer:
    schedule = _Schedule(rate, steps)
    optimiser = tf.keras.optimizers.AdamW(schedule, weight_decay=WEIGHT_DECAY, jit_compile=False)
    optimiser.build(variables)
    return optimiser


def scores(sentences: Sequence[Sequence[int]], weights: Weights, tuned: Tuned) -> np.ndarray:
    """Sentences by kinds: what the tuned encoder and its head make of each."""
    encoder = Encoder(with_adapter(weights, tuned.adapter))
    found = []
    for start in range(0, len(sentences), BATCH):
        tokens, mask = padded(sentences[start : start + BATCH])
        meaning = encoder.meaning(tf.constant(tokens), tf.constant(mask)).numpy()
        found.append(meaning @ tuned.head + tuned.bias)
    return np.concatenate(found)


class _Schedule(tf.keras.optimizers.schedules.LearningRateSchedule):
    """Rises over the first steps, then falls to nothing in a straight line."""

    def __init__(self, rate: float, steps: int) -> None:
        self.rate, self.steps = rate, steps

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        done = tf.cast(step, tf.float32)
        rise = tf.minimum(1.0, done / WARM_UP_STEPS)
        return self.rate * rise * tf.maximum(0.0, 1.0 - done / self.steps)


def _batches(
    sentences: Sequence[Sequence[int]], chance: np.random.RandomState
) -> Iterator[np.ndarray]:
    """Sentences of about the same length together, so that little is padded."""
    lengths = np.array([len(tokens) for tokens in sentences])
    order = np.argsort(lengths + chance.rand(len(lengths)) * 6)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(batches)
    yield from batches


def padded(sentences: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Tokens and mask, both sentences by tokens of the longest."""
    longest = max(len(tokens) for tokens in sentences)
    tokens = np.zeros((len(sentences), longest), dtype=np.int32)
    mask = np.zeros((len(sentences), longest), dtype=np.float32)
    for row, sentence in enumerate(sentences):
        tokens[row, : len(sentence)] = sentence
        mask[row, : len(sentence)] = 1.0
    return tokens, mask


def _dropped(x: tf.Tensor, share: float) -> tf.Tensor:
    return tf.nn.dropout(x, share) if share else x


def _norm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + LAYER_NORM_EPSILON) * weight + bias
