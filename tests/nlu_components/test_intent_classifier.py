"""The classifier in Rasa's hands: trained, stored, loaded, and read by Rasa's own action."""

from __future__ import annotations

import pytest
from rasa.core.actions.action import ActionRetrieveResponse
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.embedding import SentenceEmbedder
from nlu_components.featurizer import MiniLMFeaturizer
from nlu_components.hybrid_model import Weights
from nlu_components.intent_classifier import QUESTIONS, RANKING_LENGTH, HybridIntentClassifier
from nlu_components.readings import READING, Reading
from tests.nlu_components.conftest import nodes_of

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

    def understand(self, text: str | None, reading: Reading | None = None) -> Message:
        heard = Message({TEXT: text})
        if reading is not None:
            heard.set(READING, reading.as_dict())
        (message,) = self.classifier.process(self.featurizer.process([heard]))
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


TWO_QUESTIONS = Reading(
    "what is the price and when are you open", parts=("what is the price", "when are you open")
)


def test_a_message_with_two_questions_names_their_topics_in_order(trained: Trained) -> None:
    message = trained.understand(TWO_QUESTIONS.whole, TWO_QUESTIONS)

    assert message.get(QUESTIONS) == ["faq/cost", "faq/hours"]
    assert QUESTIONS in message.output_properties
    assert message.get("intent")["name"] == "faq"
    response = message.get("response_selector")["faq"]["response"]
    assert response["intent_response_key"] == "faq/cost"
    assert response["confidence"] == message.get("intent")["confidence"]


def test_a_message_with_one_question_names_none(trained: Trained) -> None:
    assert trained.understand("what is the price").get(QUESTIONS) == []


def test_a_follow_up_is_answered_in_its_context(trained: Trained) -> None:
    reading = Reading("how about that", in_context="what is the price", last_topic="safety")

    message = trained.understand("how about that", reading)

    response = message.get("response_selector")["faq"]["response"]
    assert response["intent_response_key"] == "faq/cost"


def test_what_is_read_counts_not_what_was_typed(trained: Trained) -> None:
    typed = trained.understand("wat is teh prise", Reading("what is the price"))

    expected = trained.understand("what is the price")
    assert typed.get("intent") == expected.get("intent")
    assert typed.get("intent_ranking") == expected.get("intent_ranking")


@pytest.mark.parametrize("text", ["the price?", "hello", "write me a poem", "🐙"])
def test_loaded_it_says_what_it_said_when_it_was_trained(
    storage: ModelStorage, embedder: SentenceEmbedder, text: str
) -> None:
    trained = Trained(storage, embedder, loaded=False)
    before = trained.understand(text).get("intent_ranking")
    trained.classifier = HybridIntentClassifier.load(
        HybridIntentClassifier.get_default_config(),
        storage,
        Resource("classifier"),
        ExecutionContext(GraphSchema({})),
    )

    after = trained.understand(text).get("intent_ranking")

    assert [entry["name"] for entry in after] == [entry["name"] for entry in before]
    for one, other in zip(before, after, strict=True):
        assert one["confidence"] == pytest.approx(other["confidence"], abs=0.005)


def test_an_example_is_learnt_as_it_is_read(
    storage: ModelStorage, embedder: SentenceEmbedder
) -> None:
    trained = Trained(storage, embedder, loaded=False)
    mended = _example("what is the prise", "faq/cost")
    mended.set(READING, Reading("what is the price").as_dict())
    other = _example("good morning", "greet")

    examples = trained.featurizer.process_training_data(TrainingData([mended, other]))
    trained.classifier.train(examples)

    assert trained.classifier.model is not None
    words = trained.classifier.model.views["words"].vocabulary
    assert "price" in words
    assert "prise" not in words


def test_before_it_is_trained_it_has_no_opinion(
    storage: ModelStorage, embedder: SentenceEmbedder
) -> None:
    untrained = HybridIntentClassifier.create(
        HybridIntentClassifier.get_default_config(),
        storage,
        Resource("classifier"),
        ExecutionContext(GraphSchema({})),
    )
    featurizer = MiniLMFeaturizer("featurizer", {"alias": None}, embedder)

    (message,) = untrained.process(featurizer.process([Message({TEXT: "the price?"})]))

    assert message.get("intent") == {"name": None, "confidence": 0.0}


def test_the_settings_reach_the_model(storage: ModelStorage, embedder: SentenceEmbedder) -> None:
    trained = Trained(storage, embedder, loaded=False)
    trained.classifier.config = {
        **HybridIntentClassifier.get_default_config(),
        "embedding_scale": 3,
        "tfidf_weight": 1,
        "nearest_weight": 2,
        "C": 4,
        "out_of_scope": "greet",
    }

    trained.classifier.train(trained.examples())

    assert trained.classifier.model is not None
    assert trained.classifier.model.weights == Weights(3.0, 1.0, 2.0, 4.0)
    assert trained.classifier.model.out_of_scope == "greet"


def test_rasa_knows_it_by_its_name() -> None:
    nodes = nodes_of("nlu_components.intent_classifier.HybridIntentClassifier")

    assert HybridIntentClassifier in [node.uses for node in nodes]
    assert HybridIntentClassifier.required_components() == [Featurizer]
