"""Rasa gets one sentence embedding for each message that has words."""

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
from tests.nlu_components.conftest import EMBEDDING


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
