"""What is not clear is not answered: the bot says so, or asks which of two topics is meant."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.training_data.message import Message

from nlu_components.fallback import HonestFallbackClassifier
from tests.nlu_components.conftest import nodes_of


@pytest.fixture
def fallback(storage: ModelStorage) -> HonestFallbackClassifier:
    return HonestFallbackClassifier.create(
        {"threshold": 0.5, "sure": 0.65, "tie_ratio": 0.8, "tie_floor": 0.35},
        storage,
        Resource("fallback"),
        ExecutionContext(GraphSchema({})),
    )


def made(storage: ModelStorage, **settings: Any) -> HonestFallbackClassifier:
    """One with the usual bounds, except for these."""
    config = {**HonestFallbackClassifier.get_default_config(), **settings}
    context = ExecutionContext(GraphSchema({}))
    return HonestFallbackClassifier.create(config, storage, Resource("fallback"), context)


def understood(name: str | None, *confidences: float, questions: list[str] | None = None) -> Any:
    """A message as the classifier leaves it; beside a topic stand others with these confidences."""
    intent = {"name": name, "confidence": confidences[0]}
    topics = [
        {"confidence": confidence, "intent_response_key": f"faq/topic_{place}"}
        for place, confidence in enumerate(confidences)
    ]
    return Message(
        {
            "text": "words",
            "intent": intent,
            "intent_ranking": [intent, {"name": "stop", "confidence": 0.01}],
            "response_selector": {"all_retrieval_intents": ["faq"], "faq": {"ranking": topics}},
            "questions": questions or [],
        }
    )


def judged(fallback: HonestFallbackClassifier, message: Message) -> str | None:
    (same,) = fallback.process([message])
    assert same is message
    name: str | None = message.get("intent")["name"]
    return name


@pytest.mark.parametrize("intent", ["faq", "greet"])
def test_what_is_clear_stays_as_it_is(fallback: HonestFallbackClassifier, intent: str) -> None:
    message = understood(intent, 0.9, 0.1)
    before = message.as_dict()

    fallback.process([message])

    assert message.as_dict() == before


@pytest.mark.parametrize(
    ("intent", "confidences", "judgement"),
    [
        ("faq", (0.49, 0.1), "nlu_fallback"),
        ("faq", (0.5, 0.1), "faq"),
        ("greet", (0.49,), "nlu_fallback"),
        ("greet", (0.5,), "greet"),
        (None, (0.0,), "nlu_fallback"),
    ],
)
def test_from_the_threshold_on_something_is_understood(
    fallback: HonestFallbackClassifier,
    intent: str | None,
    confidences: tuple[float, ...],
    judgement: str,
) -> None:
    assert judged(fallback, understood(intent, *confidences)) == judgement


@pytest.mark.parametrize(
    ("confidences", "judgement"),
    [
        ((0.6, 0.48), "near_tie"),  # exactly the share that makes a tie
        ((0.6, 0.47), "faq"),
        ((0.64, 0.64), "near_tie"),
        ((0.65, 0.65), "faq"),  # sure enough to answer, however near the next is
        ((0.4, 0.39), "near_tie"),  # too unsure to answer, not too unsure to offer
        ((0.35, 0.35), "near_tie"),
        ((0.34, 0.34), "nlu_fallback"),
        ((0.4,), "nlu_fallback"),  # nothing to choose between
    ],
)
def test_between_two_topics_the_visitor_is_asked(
    fallback: HonestFallbackClassifier, confidences: tuple[float, ...], judgement: str
) -> None:
    assert judged(fallback, understood("faq", *confidences)) == judgement


def test_topics_behind_another_intent_are_no_tie(fallback: HonestFallbackClassifier) -> None:
    message = understood("greet", 0.6, 0.59)

    assert judged(fallback, message) == "greet"


def test_several_questions_that_were_understood_are_left_alone(
    fallback: HonestFallbackClassifier,
) -> None:
    message = understood("faq", 0.3, 0.3, questions=["faq/cost", "faq/safety"])

    assert judged(fallback, message) == "faq"


def test_the_new_intent_leads_the_ranking_and_is_as_sure_as_the_old_was_not(
    fallback: HonestFallbackClassifier,
) -> None:
    message = understood("faq", 0.4, 0.1)

    fallback.process([message])

    output = message.as_dict(only_output_properties=True)
    assert output["intent"] == {"name": "nlu_fallback", "confidence": pytest.approx(0.6)}
    assert [intent["name"] for intent in output["intent_ranking"]] == [
        "nlu_fallback",
        "faq",
        "stop",
    ]


def test_between_two_topics_both_can_still_be_read(fallback: HonestFallbackClassifier) -> None:
    message = understood("faq", 0.6, 0.59)
    before = message.get("response_selector")

    fallback.process([message])

    assert message.get("response_selector") == before


@pytest.mark.parametrize("text", [None, ""])
def test_a_message_that_nobody_has_classified_is_not_understood(
    fallback: HonestFallbackClassifier, text: str | None
) -> None:
    assert judged(fallback, Message({"text": text})) == "nlu_fallback"


def test_the_bounds_can_be_set(storage: ModelStorage) -> None:
    config = {"threshold": 0.9, "sure": 0.9, "tie_ratio": 0.1, "tie_floor": 0.8}
    strict = HonestFallbackClassifier.create(
        config, storage, Resource("fallback"), ExecutionContext(GraphSchema({}))
    )

    assert judged(strict, understood("greet", 0.89)) == "nlu_fallback"
    assert judged(strict, understood("faq", 0.85, 0.1)) == "near_tie"


@pytest.mark.parametrize(
    ("intent", "confidence", "judgement"),
    [
        ("chitchat", 0.79, "nlu_fallback"),
        ("chitchat", 0.8, "chitchat"),
        ("delete_data", 0.69, "nlu_fallback"),
        ("delete_data", 0.7, "delete_data"),
        ("greet", 0.5, "greet"),  # for the others the threshold of all
        ("faq", 0.5, "faq"),
        (None, 0.0, "nlu_fallback"),
    ],
)
def test_some_intents_must_be_surer_than_others(
    storage: ModelStorage, intent: str | None, confidence: float, judgement: str
) -> None:
    higher = {"chitchat": 0.8, "delete_data": 0.7}
    strict = made(storage, threshold=0.5, higher=higher)

    assert judged(strict, understood(intent, confidence)) == judgement


@pytest.mark.parametrize("intent", ["chitchat", "delete_data"])
def test_small_talk_and_an_order_to_erase_must_be_surer_unless_set_otherwise(
    storage: ModelStorage, intent: str
) -> None:
    usual = made(storage)
    between = (usual.config["threshold"] + usual.config["higher"][intent]) / 2

    assert usual.config["threshold"] < usual.config["higher"][intent]
    assert judged(usual, understood(intent, between)) == "nlu_fallback"
    assert judged(usual, understood("greet", between)) == "greet"
    assert judged(usual, understood(intent, usual.config["higher"][intent])) == intent


def test_it_stands_after_the_classifier_it_judges() -> None:
    classifier, fallback = (
        "nlu_components.intent_classifier.HybridIntentClassifier",
        "nlu_components.fallback.HonestFallbackClassifier",
    )

    nodes = nodes_of(classifier, fallback)

    assert HonestFallbackClassifier in [node.uses for node in nodes]
    assert HonestFallbackClassifier.required_components() == [IntentClassifier]
