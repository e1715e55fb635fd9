"""Beside the text stands a reading: slips mended, pointers resolved, questions taken apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import PLACEHOLDER_TRACKER
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.message_reader import REMEMBERED_ANSWERS, MessageReader
from nlu_components.readings import READING, Reading, reading_of
from tests.nlu_components.conftest import EMBEDDING, nodes_of
from tests.nlu_components.test_topics import entry, write

EXAMPLES = ["how much does ketamine cost", "is ketamine safe", "insurance coverage"]


class Trained:
    """The reader as Rasa has it: right after training, or loaded from its archive."""

    def __init__(self, storage: ModelStorage, folder: Path, *, loaded: bool) -> None:
        topics = folder / "faq"
        topics.mkdir()
        write(topics, entry("cost"), entry("im_injection", about="an IM injection"))
        parts: tuple[Any, ...] = (
            {
                **MessageReader.get_default_config(),
                "folder": str(EMBEDDING),
                "topics": str(topics),
            },
            storage,
            Resource("reader"),
            ExecutionContext(GraphSchema({})),
        )
        self.reader = MessageReader.create(*parts)
        examples = [Message({TEXT: text, INTENT: "faq"}) for text in EXAMPLES]
        assert self.reader.train(TrainingData(examples)) == Resource("reader")
        if loaded:
            self.reader = MessageReader.load(*parts)

    def read(self, text: str, *events: Event) -> Reading:
        tracker = DialogueStateTracker.from_events("visitor", list(events))
        (message,) = self.reader.process([Message({TEXT: text})], tracker)
        assert message.get(TEXT) == text
        return reading_of(message)


@pytest.fixture(params=[False, True], ids=["fresh", "loaded"])
def trained(storage: ModelStorage, tmp_path: Path, request: pytest.FixtureRequest) -> Trained:
    return Trained(storage, tmp_path, loaded=request.param)


def answered(topic: str) -> BotUttered:
    custom = {"type": "answer", "topic": topic}
    return BotUttered("It depends.", {"custom": custom, "buttons": None})


def test_slips_are_mended_beside_the_text(trained: Trained) -> None:
    assert trained.read("is ketmaine safe?") == Reading("is ketamine safe?")


def test_a_word_of_the_models_vocabulary_is_no_slip(trained: Trained) -> None:
    assert trained.read("is the sage safe").whole == "is the sage safe"


def test_questions_are_taken_apart_after_slips_are_mended(trained: Trained) -> None:
    reading = trained.read("is ketmaine safe? what does it cost?")

    assert reading.parts == ("is ketamine safe?", "what does it cost?")


def test_a_pointer_is_resolved_with_the_last_answer(trained: Trained) -> None:
    reading = trained.read("is it saef?", answered("im_injection"))

    assert reading.in_context == "is an IM injection safe?"
    assert reading.last_topic == "im_injection"


def test_an_answer_that_leaves_open_what_it_is_keeps_the_subject_before(trained: Trained) -> None:
    reading = trained.read("is it safe?", answered("im_injection"), answered("cost"))

    assert reading.in_context == "is an IM injection safe?"
    assert reading.last_topic == "cost"


def test_what_was_spoken_of_long_ago_is_forgotten(trained: Trained) -> None:
    since = [answered("cost")] * (REMEMBERED_ANSWERS - 1)

    assert trained.read("is it safe?", answered("im_injection"), *since).in_context is not None
    assert trained.read("is it safe?", answered("im_injection"), *since, *since).in_context is None


@pytest.mark.parametrize(
    "event",
    [
        BotUttered("Hello."),
        BotUttered("Hello.", {}),
        BotUttered("Hello.", {"custom": None}),
        BotUttered("Hello.", {"custom": {"type": "crisis"}}),
        BotUttered("Hello.", {"custom": {"topic": None}}),
        UserUttered("an IM injection"),
    ],
)
def test_what_is_no_answer_to_a_topic_is_passed_over(trained: Trained, event: Event) -> None:
    reading = trained.read("is it safe?", answered("im_injection"), event)

    assert reading.last_topic == "im_injection"
    assert reading.in_context == "is an IM injection safe?"


def test_a_topic_that_no_longer_exists_has_no_subject(trained: Trained) -> None:
    reading = trained.read("is it safe?", answered("a_topic_of_last_year"))

    assert reading.in_context is None


def test_before_the_first_answer_nothing_is_pointed_at(trained: Trained) -> None:
    (without,) = trained.reader.process([Message({TEXT: "is it safe?"})])

    assert reading_of(without) == Reading("is it safe?")
    assert trained.read("is it safe?") == Reading("is it safe?")


@pytest.mark.parametrize("text", ["", None])
def test_a_message_without_text_has_no_reading(trained: Trained, text: str | None) -> None:
    (message,) = trained.reader.process([Message({TEXT: text})])

    assert message.get(READING) is None
    assert reading_of(message) == Reading("")


def test_a_reading_is_not_told_to_the_outside(trained: Trained) -> None:
    (message,) = trained.reader.process([Message({TEXT: "is ketmaine safe?"})])

    assert READING not in message.as_dict(only_output_properties=True)


def test_examples_are_mended_like_messages_and_their_text_stays(trained: Trained) -> None:
    example, empty = Message({TEXT: "ketmaine cost", INTENT: "faq"}), Message({INTENT: "stop"})

    trained.reader.process_training_data(TrainingData([example, empty]))

    assert reading_of(example) == Reading("ketamine cost")
    assert example.get(TEXT) == "ketmaine cost"
    assert empty.get(READING) is None


def test_an_example_without_text_is_not_learnt_from(trained: Trained) -> None:
    examples = [Message({TEXT: "ketamine", INTENT: "faq"}), Message({INTENT: "stop"})]

    trained.reader.train(TrainingData(examples))

    assert trained.reader.speller.ours == {"ketamine": 1}


def test_what_is_kept_are_our_words_and_subjects_only(
    trained: Trained, storage: ModelStorage
) -> None:
    with storage.read_from(Resource("reader")) as folder:
        assert [path.name for path in folder.iterdir()] == ["words.json"]
    assert trained.reader.subjects == {"im_injection": "an IM injection"}


def test_it_stands_after_a_tokenizer_and_rasa_hands_it_the_conversation() -> None:
    nodes = nodes_of("WhitespaceTokenizer", "nlu_components.message_reader.MessageReader")

    (node,) = [node for node in nodes if node.uses is MessageReader]
    assert node.needs["tracker"] == PLACEHOLDER_TRACKER
    assert MessageReader.required_components() == [Tokenizer]


@pytest.mark.parametrize(
    "reading",
    [Reading(""), Reading("whole", "in context", ("one", "two"), "cost")],
)
def test_a_reading_survives_the_message_it_travels_in(reading: Reading) -> None:
    message = Message({TEXT: "text", READING: reading.as_dict()})

    assert reading_of(message) == reading
