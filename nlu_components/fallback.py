"""Says so when the bot is not sure: not understood, or a choice between two topics."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text, Tuple, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message

from nlu_components.intent_classifier import QUESTIONS
from nlu_components.topics import TOPIC_INTENT

NEAR_TIE = "near_tie"
"""The intent of a message between two topics: the visitor is asked which one is meant."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class HonestFallbackClassifier(GraphComponent, IntentClassifier):
    """Rasa's FallbackClassifier, with ties between topics instead of between intents.

    To Rasa every topic is the one intent `faq`, so its own ambiguity threshold sees none of them.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Stands after the classifier it judges."""
        return [IntentClassifier]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        return {
            # Below this an honest “I do not know” is better than an answer.
            "threshold": 0.6,
            # Small talk that is none, and an order to erase that is none, do harm.
            "higher": {"chitchat": 0.75, "delete_data": 0.75},
            # From this on the best topic is answered, however near the next one is.
            "sure": 0.7,
            # A next topic with this share of the best one's confidence is as likely meant.
            "tie_ratio": 0.7,
            # Below this not even a choice of two is worth offering.
            "tie_floor": 0.35,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HonestFallbackClassifier:
        """See parent class for full docstring."""
        return cls(config)

    def __init__(self, config: Dict[Text, Any]) -> None:
        self.config = config

    def process(self, messages: List[Message]) -> List[Message]:
        """Replace the intent of every message that is not clear enough."""
        for message in messages:
            intent = self._instead(message)
            if intent is not None:
                _replace(message, intent)
        return messages

    def _instead(self, message: Message) -> Optional[Text]:
        if message.get(QUESTIONS):
            return None
        confidence = (message.get(INTENT) or {}).get(PREDICTED_CONFIDENCE_KEY, 0.0)
        if self._is_tie(message, confidence):
            return NEAR_TIE
        if confidence < self._threshold(message):
            return DEFAULT_NLU_FALLBACK_INTENT_NAME
        return None

    def _threshold(self, message: Message) -> float:
        name = (message.get(INTENT) or {}).get(INTENT_NAME_KEY)
        return float(self.config.get("higher", {}).get(name, self.config["threshold"]))

    def _is_tie(self, message: Message, confidence: float) -> bool:
        if (message.get(INTENT) or {}).get(INTENT_NAME_KEY) != TOPIC_INTENT:
            return False
        best, second = _two_topics(message)
        between = float(self.config["tie_floor"]) <= confidence < float(self.config["sure"])
        return between and second >= float(self.config["tie_ratio"]) * best


def _two_topics(message: Message) -> Tuple[float, float]:
    """The confidence of the best topic and of the next one."""
    retrieval = (message.get(RESPONSE_SELECTOR_PROPERTY_NAME) or {}).get(TOPIC_INTENT) or {}
    ranked = [entry["confidence"] for entry in retrieval.get("ranking", [])] + [0.0, 0.0]
    return ranked[0], ranked[1]


def _replace(message: Message, name: Text) -> None:
    confidence = (message.get(INTENT) or {}).get(PREDICTED_CONFIDENCE_KEY, 0.0)
    intent = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: 1.0 - confidence}
    message.set(INTENT, intent, add_to_output=True)
    ranking = [intent, *(message.get(INTENT_RANKING_KEY) or [])]
    message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
