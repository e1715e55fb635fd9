"""The classifier in Rasa's hands: trained, stored, loaded, and read by Rasa's own action."""

from __future__ import annotations

import pytest
from rasa.core.actions.action import ActionRetrieveResponse
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.embedding import SentenceEmbedder
from nlu_components.featurizer import MiniLMFeaturizer
from nlu_components.intent_classifier import RANKING_LENGTH, HybridIntentClassifier

EXAMPLES = {
    "faq/cost": ["how much does it cost", "what is the price", "is it expensive"],
    "faq/safety": ["is it safe", "what are the risks", "is it dangerous"],
    "faq/hours": ["when are you open", "opening hours", "are you open on sunday"],
    "greet": ["hello", "good morning", "hi there"],
    "human_handoff": ["can I talk to a person", "call me back", "I want a human"],
}


class Trained:
    """The classifier as Rasa has it: right after training, or loaded from its archive."""

    def __init__(self, storage: ModelStorage, embedder: SentenceEmbedder, *, loaded: bool) -> None:
        self.featurizer = MiniLMFeaturizer("featurizer", {"alias": None}, embedder)
        parts = (
            HybridIntentClassifier.get_default_config(),
            storage,
            Resource("classifier"),
            ExecutionContext(GraphSchema({})),
        )
        self.classifier = HybridIntentClassifier.create(*parts)
        self.classifier.train(self.examples())
        if loaded:
            self.classifier = HybridIntentClassifier.load(*parts)

    def understand(self, text: str | None) -> Message:
        (message,) = self.classifier.process(self.featurizer.process([Message({TEXT: text})]))
        return message

    def examples(self) -> TrainingData:
        examples = [_example(text, label) for label, texts in EXAMPLES.items() for text in texts]
        return self.featurizer.process_training_data(TrainingData(examples))


def _example(text: str, label: str) -> Message:
    key = {INTENT_RESPONSE_KEY: label} if "/" in label else {}
    return Message({TEXT: text, INTENT: label.split("/")[0], **key})


@pytest.fixture(params=[False, True], ids=["fresh", "loaded"])
def trained(
    storage: ModelStorage, embedder: SentenceEmbedder, request: pytest.FixtureRequest
) -> Trained:
    return Trained(storage, embedder, loaded=request.param)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("hello you", "greet"), ("please call me back", "human_handoff"), ("the price?", "faq")],
)
def test_an_intent_is_recognised(trained: Trained, text: str, intent: str) -> None:
    message = trained.understand(text)

    assert message.get("intent")["name"] == intent
    assert message.get("intent")["confidence"] > 0.45
    assert "intent" in message.output_properties


def test_the_ranking_names_each_intent_once_the_surest_first(trained: Trained) -> None:
    ranking = trained.understand("the price?").get("intent_ranking")

    assert [entry["name"] for entry in ranking].count("faq") == 1
    assert len(ranking) == 3
    confidences = [entry["confidence"] for entry in ranking]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize(
    ("text", "topic"),
    [("the price?", "cost"), ("any risks", "safety"), ("open on saturday?", "hours")],
)
def test_rasas_own_action_finds_the_topics_reply(trained: Trained, text: str, topic: str) -> None:
    output = trained.understand(text).as_dict(only_output_properties=True)
    heard = UserUttered(text, intent=output["intent"], parse_data={"text": text, **output})
    tracker = DialogueStateTracker.from_events("visitor", [heard])

    assert ActionRetrieveResponse("utter_faq").get_full_retrieval_name(tracker) == (
        f"utter_faq/{topic}"
    )


def test_the_retrieval_output_ranks_topics_and_nothing_else(trained: Trained) -> None:
    output = trained.understand("hello").get("response_selector")

    assert output["all_retrieval_intents"] == ["faq"]
    keys = [entry["intent_response_key"] for entry in output["faq"]["ranking"]]
    assert sorted(keys) == ["faq/cost", "faq/hours", "faq/safety"]
    assert len(keys) <= RANKING_LENGTH


@pytest.mark.parametrize("text", ["", None])
def test_no_text_is_no_intent(trained: Trained, text: str | None) -> None:
    message = trained.understand(text)

    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == []


def test_an_example_without_text_is_not_learnt_from(
    storage: ModelStorage, embedder: SentenceEmbedder
) -> None:
    trained = Trained(storage, embedder, loaded=False)
    examples = trained.examples().merge(TrainingData([Message({INTENT: "stop"})]))

    trained.classifier.train(examples)

    names = [entry["name"] for entry in trained.understand("stop").get("intent_ranking")]
    assert "stop" not in names
