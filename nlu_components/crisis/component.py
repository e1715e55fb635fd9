"""The crisis judge as the last part of Rasa's pipeline. All of Rasa is here."""

from __future__ import annotations

import logging
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu_components.crisis import memory
from nlu_components.crisis.answers import UNCLEAR
from nlu_components.crisis.classifier import CrisisClassifier
from nlu_components.crisis.detector import CrisisDetector
from nlu_components.crisis.judgement import CrisisJudge, Judgement, Situation, Thresholds
from nlu_components.crisis.language import ENGLISH, Languages
from nlu_components.crisis.phrases import load_phrases
from nlu_components.crisis.policy import CRISIS_INTENT, SAFE_INTENT
from nlu_components.crisis.replies import SAFE, SafetyReplies
from nlu_components.crisis.sentences import HARD, NONE
from nlu_components.live import is_live, may_answer_the_bot

log = logging.getLogger(__name__)

LIMITS = ("hard", "soft", "spanish_soft", "watched_soft", "doubt")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CrisisDetectorComponent(GraphComponent):
    """Writes beside the intent what danger was heard; plain danger becomes the intent `crisis`.

    Stands last in the pipeline, so that no classifier overrules it. A hint leaves the intent as
    it is: the question is answered, and the policies add a check-in.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        return {
            "phrases": "crisis/phrases",
            "languages": "crisis/languages.yml",
            "classifier": "crisis/classifier",
            # The encoder with the classifier's adapter built in, made before training.
            "model": "models/crisis",
            # See Thresholds; picked on the development sentences (`make bench-crisis`).
            "hard": 0.85,
            "soft": 0.5,
            "spanish_soft": 0.65,
            "watched_soft": 0.25,
            "doubt": 0.1,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrisisDetectorComponent:
        """Stop the start over a broken phrase file: better no bot than a deaf one."""
        return cls(load_judge(config))

    def __init__(self, judge: CrisisJudge) -> None:
        self._judge = judge

    def process(
        self, messages: List[Message], tracker: Optional[DialogueStateTracker] = None
    ) -> List[Message]:
        """Judge every message that has text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                heard = self._hear(text, tracker, message.get("metadata"))
                message.set(memory.JUDGEMENT, asdict(heard), add_to_output=True)
                _mark(message, heard)
        return messages

    def _hear(
        self,
        text: Text,
        tracker: Optional[DialogueStateTracker],
        metadata: Optional[Mapping[Text, Any]],
    ) -> Judgement:
        """What was heard, or `unclear` if the judge itself broke on this message.

        An unreadable message may be a cry for help, so the visitor must see 911 and 988. But it
        says nothing about the visitor, so nobody is recorded as suicidal: `unclear` has its own
        answer, and the next message is read as usual.
        """
        try:
            if tracker is not None and memory.is_pressed(text, tracker.events):
                return Judgement(NONE, "", ENGLISH)
            return self._judge.judge(text, _situation(tracker, metadata))
        except Exception as error:  # whatever it is, the visitor must still see help
            log.error("crisis detector failed error=%s", type(error).__name__)
            return Judgement(HARD, UNCLEAR, ENGLISH)


def load_judge(config: Dict[Text, Any]) -> CrisisJudge:
    """The judge that this part of config.yml describes."""
    phrases = load_phrases(Path(config["phrases"]))
    limits = {name: float(config[name]) for name in LIMITS}
    return CrisisJudge(
        CrisisDetector(phrases),
        SafetyReplies(phrases),
        CrisisClassifier.load(Path(config["model"]), Path(config["classifier"])),
        Languages(Path(config["languages"])),
        Thresholds(**limits),
    )


def _situation(
    tracker: Optional[DialogueStateTracker], metadata: Optional[Mapping[Text, Any]]
) -> Situation:
    if tracker is None:
        return Situation()
    watched = memory.turns_to_watch(tracker.events) > 0
    if not may_answer_the_bot(metadata):
        # What is said to a person answers no question of the bot's.
        return Situation(watched=watched)
    asked = memory.asked_last(tracker.events)
    # In a form a yes some messages later answers its question, unless the form is silent.
    in_a_form = tracker.active_loop_name and not is_live(metadata)
    waiting = None if in_a_form else memory.open_check_in(tracker.events)
    return Situation(
        watched=watched,
        checked_in_on=asked.category if asked and asked.kind == "check_in" else "",
        unanswered_check_in_on=waiting.category if waiting else "",
        language=asked.language if asked else ENGLISH,
    )


def _mark(message: Message, heard: Judgement) -> None:
    if heard.outcome == HARD:
        _set_intent(message, CRISIS_INTENT)
    elif heard.reply == SAFE:
        _set_intent(message, SAFE_INTENT)


def _set_intent(message: Message, name: Text) -> None:
    """Put it before whatever was understood; what was, stays in the ranking."""
    intent = {"name": name, "confidence": 1.0}
    others = [
        ranked for ranked in message.get(INTENT_RANKING_KEY) or [] if ranked.get("name") != name
    ]
    message.set(INTENT, intent, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [dict(intent), *others], add_to_output=True)
