"""The first look at a message: typing slips, what a follow-up points at, and its parts."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any, Dict, List, Optional, Text, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.context import in_context
from nlu_components.embedding import load_tokenizer
from nlu_components.questions import parts_of
from nlu_components.readings import READING, Reading
from nlu_components.spelling import Speller, english_words
from nlu_components.topics import load_topics

REMEMBERED_ANSWERS = 6
"""A pointer reaches back over so many answers; people forget what they spoke of before."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageReader(GraphComponent):
    """Writes a reading beside the text. The text itself stays as the visitor typed it.

    Crisis detection reads the text, never the reading: nothing here can hide a cry for help.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Stands after the tokenizer, before the featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        return {
            # Holds the tokenizer, whose words count as English.
            "folder": "models/embedding",
            # Holds the topics, some of which say what “it” means after their answer.
            "topics": "data/faq",
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        """See parent class for full docstring."""
        return cls(config, model_storage, resource)

    def __init__(
        self,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        speller: Optional[Speller] = None,
        subjects: Optional[Dict[Text, Text]] = None,
    ) -> None:
        self.config = config
        self._model_storage = model_storage
        self._resource = resource
        self.speller = speller or Speller({}, frozenset())
        self.subjects = subjects or {}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the words of the examples, and what each topic is about."""
        sentences = [m.get(TEXT) for m in training_data.intent_examples if m.get(TEXT)]
        self.speller = Speller.learn(sentences, self._english())
        topics = load_topics(Path(self.config["topics"]))
        self.subjects = {topic.slug: topic.about for topic in topics if topic.about}
        self.persist()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Mend the slips of the examples too, in place: both sides are read alike."""
        for message in training_data.training_examples:
            if message.get(TEXT):
                reading = Reading(self.speller.correct(message.get(TEXT)))
                message.set(READING, reading.as_dict())
        return training_data

    def process(
        self, messages: List[Message], tracker: Optional[DialogueStateTracker] = None
    ) -> List[Message]:
        """Add a reading to every message that has text."""
        for message in messages:
            if message.get(TEXT):
                message.set(READING, self._read(message.get(TEXT), tracker).as_dict())
        return messages

    def _read(self, text: Text, tracker: Optional[DialogueStateTracker]) -> Reading:
        whole = self.speller.correct(text)
        answered = _answered_topics(tracker)
        spoken_of = next((slug for slug in answered if slug in self.subjects), None)
        return Reading(
            whole,
            in_context=in_context(whole, self.subjects[spoken_of]) if spoken_of else None,
            parts=tuple(parts_of(whole)),
            last_topic=answered[0] if answered else None,
            subject_topic=spoken_of,
            readable=self.speller.is_readable(whole),
        )

    def _english(self) -> frozenset[str]:
        return frozenset(english_words(load_tokenizer(Path(self.config["folder"])).get_vocab()))

    def persist(self) -> None:
        """Write the words into Rasa's model archive."""
        with self._model_storage.write_to(self._resource) as folder:
            words = {"ours": self.speller.ours, "subjects": self.subjects}
            (Path(folder) / "words.json").write_text(json.dumps(words), "utf-8")

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageReader:
        """See parent class for full docstring."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((Path(folder) / "words.json").read_text("utf-8"))
        reader = cls(config, model_storage, resource, subjects=words["subjects"])
        reader.speller = Speller(words["ours"], reader._english())
        return reader


def _answered_topics(tracker: Optional[DialogueStateTracker]) -> List[Text]:
    """The slugs of the last answers, the latest first."""
    said = (e for e in reversed(tracker.events if tracker else []) if isinstance(e, BotUttered))
    slugs = (((event.data or {}).get("custom") or {}).get("topic") for event in said)
    return list(islice(filter(None, slugs), REMEMBERED_ANSWERS))
