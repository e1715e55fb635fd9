"""Gives Rasa the intent, and the topic in the form that its retrieval action reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    INTENT_RESPONSE_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.hybrid_model import HybridModel, Scored, Weights
from nlu_components.readings import reading_of, vectors_of
from nlu_components.understanding import Sureness, Understood, understand

RANKING_LENGTH = 10
QUESTIONS = "questions"
"""The output that names every topic of a message with several questions, in their order."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HybridIntentClassifier(GraphComponent, IntentClassifier):
    """Classifies over full labels (`faq/cost`), so that no response selector is needed.

    A hundred topics are then a hundred labels of one model and one rule of dialogue.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Stands after a featurizer that gives one dense vector for each sentence."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        return {
            # Unit vectors underfit; five times as long was measured best.
            "embedding_scale": 5.0,
            # How much the words themselves count beside the meaning.
            "tfidf_weight": 2.0,
            # How much a near example of a label counts beside the regression.
            "nearest_weight": 5.0,
            # Inverse strength of regularisation.
            "C": 1.0,
            # The intent of what nobody here may answer; what is near to it is trusted less.
            "out_of_scope": "out_of_scope",
            # See `Sureness`.
            "answer_threshold": 0.6,
            "part_threshold": 0.7,
            "part_among": 12,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HybridIntentClassifier:
        """See parent class for full docstring."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[HybridModel] = None,
    ) -> None:
        self.config = config
        self._model_storage = model_storage
        self._resource = resource
        self.model = model
        self.sure = Sureness(
            answer=float(config["answer_threshold"]),
            part=float(config["part_threshold"]),
            among=int(config["part_among"]),
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the model on every example that has an intent and a text, and persist it."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        weights = Weights(
            embedding_scale=float(self.config["embedding_scale"]),
            tfidf_weight=float(self.config["tfidf_weight"]),
            nearest_weight=float(self.config["nearest_weight"]),
            c=float(self.config["C"]),
        )
        self.model = HybridModel(weights, out_of_scope=self.config["out_of_scope"])
        self.model.fit(
            [reading_of(message).whole for message in examples],
            np.vstack([_embedding(message) for message in examples]),
            [message.get(INTENT_RESPONSE_KEY) or message.get(INTENT) for message in examples],
        )
        self.persist()
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent, ranking, questions and, for topics, the retrieval output."""
        for message in messages:
            embedding = _embedding(message)
            if self.model is None or embedding is None:
                message.set(INTENT, _as_intent(None, 0.0), add_to_output=True)
                message.set(INTENT_RANKING_KEY, [], add_to_output=True)
                continue
            _write(message, self._understand(self.model, message, embedding))
        return messages

    def _understand(self, model: HybridModel, message: Message, whole: np.ndarray) -> Understood:
        reading = reading_of(message)
        vectors = vectors_of(message)
        vectors.setdefault(reading.whole, whole)
        return understand(reading, lambda text: model.rank(text, vectors[text]), self.sure)

    def persist(self) -> None:
        """Write the model into Rasa's model archive."""
        if self.model is not None:
            with self._model_storage.write_to(self._resource) as folder:
                self.model.save(Path(folder))

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HybridIntentClassifier:
        """See parent class for full docstring."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, HybridModel.load(Path(folder)))


def _embedding(message: Message) -> Optional[np.ndarray]:
    if not message.get(TEXT):
        return None
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else np.asarray(sentence.features)[0]


def _as_intent(name: Optional[Text], confidence: float) -> Dict[Text, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}


def _write(message: Message, understood: Understood) -> None:
    ranking = understood.ranking
    best: Dict[Text, float] = {}
    for scored in ranking:
        best.setdefault(scored.label.split("/")[0], scored.confidence)
    intents = [_as_intent(name, confidence) for name, confidence in best.items()]
    message.set(INTENT, intents[0], add_to_output=True)
    message.set(INTENT_RANKING_KEY, intents[:RANKING_LENGTH], add_to_output=True)
    message.set(QUESTIONS, understood.questions, add_to_output=True)
    message.set(RESPONSE_SELECTOR_PROPERTY_NAME, _retrieval(ranking), add_to_output=True)


def _retrieval(ranking: List[Scored]) -> Dict[Text, Any]:
    """What Rasa's ResponseSelector would have said, one entry for each retrieval intent."""
    output: Dict[Text, Any] = {"all_retrieval_intents": []}
    for scored in ranking:
        intent, _, topic = scored.label.partition("/")
        if not topic:
            continue
        if intent not in output:
            output["all_retrieval_intents"].append(intent)
            output[intent] = {
                "response": {
                    "responses": None,
                    "confidence": scored.confidence,
                    "intent_response_key": scored.label,
                    "utter_action": f"utter_{scored.label}",
                },
                "ranking": [],
            }
        if len(output[intent]["ranking"]) < RANKING_LENGTH:
            output[intent]["ranking"].append(
                {"confidence": scored.confidence, "intent_response_key": scored.label}
            )
    return output
