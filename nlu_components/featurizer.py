"""Gives Rasa the sentence embedding as a dense feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.embedding import SentenceEmbedder
from nlu_components.readings import VECTORS, Vectors, reading_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiniLMFeaturizer(DenseFeaturizer, GraphComponent):
    """One embedding for each reading of a message; there are none for single tokens.

    Rasa's own feature is that of the whole message. The others stand beside it, where the
    classifier asks for them.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Rasa checks that a tokenizer stands before every featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        return {
            **DenseFeaturizer.get_default_config(),
            # The folder that `make run` or `make train` wrote (setup/encoder_model.py).
            "folder": "models/embedding",
        }

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        """Whether the folder holds the model is known when it is opened, in `create`."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MiniLMFeaturizer:
        """See parent class for full docstring."""
        embedder = SentenceEmbedder(Path(config["folder"]))
        return cls(execution_context.node_name, config, embedder)

    def __init__(self, name: Text, config: Dict[Text, Any], embedder: SentenceEmbedder) -> None:
        super().__init__(name, config)
        self.embedder = embedder

    def process(self, messages: List[Message]) -> List[Message]:
        """Embed the whole of every message that has text; its other readings when asked for."""
        for message in messages:
            if message.get(TEXT):
                vectors = Vectors(self.embedder.embed)
                message.set(VECTORS, vectors)
                self._add_feature(message, vectors[reading_of(message).whole])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature of the whole text to the examples, in place."""
        for message in training_data.training_examples:
            if message.get(TEXT):
                self._add_feature(message, self.embedder.embed(reading_of(message).whole))
        return training_data

    def _add_feature(self, message: Message, vector: np.ndarray) -> None:
        sentence = vector.reshape(1, -1)
        message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
