"""Gives Rasa the sentence embedding as a dense feature."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Text, Type

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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiniLMFeaturizer(DenseFeaturizer, GraphComponent):
    """One embedding for each sentence; there are none for single tokens."""

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Rasa checks that a tokenizer stands before every featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        return {
            **DenseFeaturizer.get_default_config(),
            # The folder that `python -m setup.embedding_model` wrote.
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
        """Add the feature to every message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                self._add_embedding(message, text)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for the training examples, in place."""
        self.process(training_data.training_examples)
        return training_data

    def _add_embedding(self, message: Message, text: Text) -> None:
        vector = self.embedder.embed(text).reshape(1, -1)
        message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
