"""The crisis detector as the last part of Rasa's pipeline. All of Rasa is here."""

import logging
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu_components.crisis.answers import UNCLEAR
from nlu_components.crisis.detector import CrisisDetector

log = logging.getLogger(__name__)

CRISIS_INTENT = "crisis"
CATEGORY_ENTITY = "crisis_category"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CrisisDetectorComponent(GraphComponent):
    """Turns a message with words of crisis into the intent `crisis`, whatever it was before.

    Stands last in the pipeline, so that no classifier overrules it. Leaves every other
    output alone.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "folder": "crisis/phrases",
            # How likely the classifier must find a crisis, at whatever place of its ranking,
            # where no phrase was found. A missed cry for help weighs more than an alarm: of 38
            # sentences that only sound like danger (`dev` half of tests/crisis/held_out.yml) 6
            # alarm, and of 1,051 ordinary ones (tests/understanding/development/) none.
            "classifier_threshold": 0.3,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "CrisisDetectorComponent":
        # A broken phrase file stops the start here: better no bot than a deaf one.
        detector = CrisisDetector.from_folder(Path(config["folder"]))
        return cls(detector, float(config["classifier_threshold"]))

    def __init__(self, detector: CrisisDetector, classifier_threshold: float = 0.3) -> None:
        self._detector = detector
        self._classifier_threshold = classifier_threshold

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            category = self._category(text) if text else None
            if category is None and _from_classifier(message) >= self._classifier_threshold:
                # Only the classifier heard it; of what kind it is, nobody can say.
                category = UNCLEAR
            if category is None and _is_taken_for_crisis(message):
                _mark_as_not_understood(message)
            if category is not None:
                _mark_as_crisis(message, category, end=len(text or ""))
        return messages

    def _category(self, text: Text) -> Optional[Text]:
        """The category, nothing, or `unclear` if the detector itself broke on this message.

        An unreadable message may be a cry for help, so the visitor must see 911 and 988. But it
        says nothing about the visitor, so nobody is recorded as suicidal: `unclear` has its own
        answer, and the next message is read as usual.
        """
        try:
            finding = self._detector.find(text)
        except Exception as error:  # whatever it is, the visitor must still see help
            log.error("crisis detector failed error=%s", type(error).__name__)
            return UNCLEAR
        return None if finding is None else finding.category


def _from_classifier(message: Message) -> float:
    """How sure the classifier is of a crisis, whatever it or the fallback put before it."""
    ranking = [message.get(INTENT) or {}, *(message.get(INTENT_RANKING_KEY) or [])]
    found = [entry["confidence"] for entry in ranking if entry.get("name") == CRISIS_INTENT]
    return max(found, default=0.0)


def _is_taken_for_crisis(message: Message) -> bool:
    return bool((message.get(INTENT) or {}).get("name") == CRISIS_INTENT)


def _mark_as_not_understood(message: Message) -> None:
    """Neither sure enough for an alarm nor anything else: the honest fallback."""
    confidence = message.get(INTENT)["confidence"]
    intent = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": confidence}
    message.set(INTENT, intent, add_to_output=True)


def _mark_as_crisis(message: Message, category: Text, end: int) -> None:
    intent = {"name": CRISIS_INTENT, "confidence": 1.0}
    others = [
        ranked
        for ranked in message.get(INTENT_RANKING_KEY) or []
        if ranked.get("name") != CRISIS_INTENT
    ]
    entity = {
        "entity": CATEGORY_ENTITY,
        "value": category,
        "start": 0,
        "end": end,
        "extractor": CrisisDetectorComponent.__name__,
    }
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [dict(intent), *others], add_to_output=True)
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), entity], add_to_output=True)
