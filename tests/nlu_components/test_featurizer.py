"""Rasa gets one sentence embedding for each message that has words; its other readings on demand.

The vectors go with the message and stay nowhere else.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.embedding import MissingEmbeddingModel, SentenceEmbedder
from nlu_components.featurizer import MiniLMFeaturizer
from nlu_components.readings import READING, Reading, vectors_of
from tests.nlu_components.conftest import EMBEDDING, nodes_of


def create(storage: ModelStorage, folder: Path) -> MiniLMFeaturizer:
    return MiniLMFeaturizer.create(
        {**MiniLMFeaturizer.get_default_config(), "folder": str(folder)},
        storage,
        Resource("featurizer"),
        ExecutionContext(GraphSchema({}), node_name="featurizer"),
    )


def test_a_message_carries_its_embedding(storage: ModelStorage, embedder: SentenceEmbedder) -> None:
    (message,) = create(storage, EMBEDDING).process([Message({TEXT: "is it safe"})])

    tokens, sentence = message.get_dense_features(TEXT)
    assert tokens is None
    assert sentence is not None
    assert np.array_equal(sentence.features, [embedder.embed("is it safe")])


@pytest.mark.parametrize("text", [None, ""])
def test_a_message_without_text_stays_as_it_is(storage: ModelStorage, text: str | None) -> None:
    (message,) = create(storage, EMBEDDING).process([Message({TEXT: text})])

    assert message.features == []
    assert vectors_of(message) == {}


def test_training_examples_get_the_same_embedding_as_messages(storage: ModelStorage) -> None:
    featurizer = create(storage, EMBEDDING)
    example, message = Message.build("is it safe", "faq"), Message({TEXT: "is it safe"})

    featurizer.process_training_data(TrainingData([example]))
    featurizer.process([message])

    (learnt,), (heard,) = example.features, message.features
    assert np.array_equal(learnt.features, heard.features)
    assert learnt.origin == heard.origin


def test_without_the_embedding_model_it_does_not_start(
    storage: ModelStorage, tmp_path: Path
) -> None:
    with pytest.raises(MissingEmbeddingModel):
        create(storage, tmp_path / "nothing")


def test_every_reading_has_its_vector_and_rasa_gets_that_of_the_whole(
    storage: ModelStorage, embedder: SentenceEmbedder
) -> None:
    reading = Reading("is it safe and how much", "is TMS safe and how much", ("is it safe",))
    message = Message({TEXT: "is it saef and how much", READING: reading.as_dict()})

    create(storage, EMBEDDING).process([message])

    vectors = vectors_of(message)
    for text in (reading.whole, reading.in_context, *reading.parts):
        assert text is not None
        assert np.array_equal(vectors[text], embedder.embed(text))
    (feature,) = message.features
    assert np.array_equal(feature.features, [vectors[reading.whole]])


def test_a_part_that_nobody_asks_for_is_never_embedded(storage: ModelStorage) -> None:
    featurizer, embedded = create(storage, EMBEDDING), []
    embed = featurizer.embedder.embed

    def embed_and_count(text: str) -> np.ndarray:
        embedded.append(text)
        return embed(text)

    featurizer.embedder.embed = embed_and_count  # type: ignore[method-assign]
    reading = Reading("is it safe and how much", None, ("is it safe", "how much"))
    message = Message({TEXT: reading.whole, READING: reading.as_dict()})

    featurizer.process([message])
    assert embedded == [reading.whole]

    for _ in range(2):
        vectors_of(message)["how much"]
    assert embedded == [reading.whole, "how much"]


def test_without_a_reader_the_text_itself_is_read(
    storage: ModelStorage, embedder: SentenceEmbedder
) -> None:
    (message,) = create(storage, EMBEDDING).process([Message({TEXT: "is it safe"})])

    ((text, vector),) = vectors_of(message).items()
    assert text == "is it safe"
    assert np.array_equal(vector, embedder.embed("is it safe"))


def test_a_mended_example_is_embedded_as_it_is_read(
    storage: ModelStorage, embedder: SentenceEmbedder
) -> None:
    example = Message({TEXT: "is it saef", READING: Reading("is it safe").as_dict()})

    create(storage, EMBEDDING).process_training_data(TrainingData([example]))

    (feature,) = example.features
    assert np.array_equal(feature.features, [embedder.embed("is it safe")])


def test_vectors_are_not_told_to_the_outside(storage: ModelStorage) -> None:
    (message,) = create(storage, EMBEDDING).process([Message({TEXT: "is it safe"})])

    assert message.as_dict(only_output_properties=True) == {TEXT: "is it safe"}


def test_rasa_knows_it_by_its_name() -> None:
    nodes = nodes_of("WhitespaceTokenizer", "nlu_components.featurizer.MiniLMFeaturizer")

    assert MiniLMFeaturizer in [node.uses for node in nodes]
