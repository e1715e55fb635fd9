"""A hint of danger beside anything else: first what was asked for, then how the visitor is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph

from nlu_components.crisis.check_in import CheckInRulePolicy, _may_follow_words
from nlu_components.crisis.policy import CrisisPolicy
from tests.nlu_components.conftest import HOME
from tests.nlu_components.test_policy import HELP_AND_RECORD, LISTEN, said, what_it_does

# What the importer and Rasa add to domain.yml while training, as far as the rules name it.
ADDED = Domain.from_dict(
    {
        "intents": ["faq", "nlu_fallback"],
        "actions": ["utter_chitchat"],
        "responses": {
            name: [{"text": "Words."}]
            for name in (
                *("utter_crisis", "utter_check_in", "utter_glad_safe"),
                *("utter_book_appointment", "utter_human_handoff", "utter_faq/cost"),
            )
        },
    }
)
CHECK_IN = ["utter_check_in", "action_record_crisis"]


class Dialogue:
    """Both policies as config.yml has them, trained on the real rules, and Rasa's own choice."""

    def __init__(self, folder: Path) -> None:
        self.domain = Domain.load(str(HOME / "domain.yml")).merge(ADDED)
        storage, context = LocalModelStorage(folder), ExecutionContext(GraphSchema({}))
        default, resource = CrisisPolicy.get_default_config(), Resource("policies")
        self.crisis = CrisisPolicy.load(default, storage, resource, context)
        settings = {
            **CheckInRulePolicy.get_default_config(),
            "core_fallback_threshold": 0.3,
            "core_fallback_action_name": "utter_fallback",
            "enable_fallback_prediction": True,
        }
        self.rules = CheckInRulePolicy.create(settings, storage, resource, context)
        reader = YAMLStoryReader(self.domain)
        rules = sorted((HOME / "data" / "rules").glob("*.yml"))
        graph = StoryGraph([step for path in rules for step in reader.read_from_file(str(path))])
        self.rules.train(TrainingDataGenerator(graph, self.domain).generate(), self.domain)
        self.loaded = CheckInRulePolicy.load(settings, storage, resource, context)
        self.choice = DefaultPolicyPredictionEnsemble()

    def start(self, *events: Event) -> DialogueStateTracker:
        tracker = DialogueStateTracker("visitor", self.domain.slots)
        self.update(tracker, LISTEN, *events)
        return tracker

    def update(self, tracker: DialogueStateTracker, *events: Event) -> None:
        for event in events:
            tracker.update(event, self.domain)

    def answer(self, tracker: DialogueStateTracker, *events: Event) -> list[str]:
        """What the bot does after these events, until it listens."""
        self.update(tracker, *events)
        done: list[str] = []
        while True:
            both = [p.predict_action_probabilities(tracker, self.domain) for p in self.policies]
            best = self.choice.combine_predictions(both, tracker, self.domain)
            action = self.domain.action_names_or_texts[best.max_confidence_index]
            self.update(tracker, *best.events)
            if action == "action_listen":
                self.update(tracker, LISTEN)
                return done
            assert len(done) < 10, done
            done.append(action)
            self.update(tracker, *what_it_does(action, tracker, best))
            if action == "questionnaire_form":
                self.update(tracker, SlotSet("requested_slot", "questionnaire_answer"))

    @property
    def policies(self) -> Sequence[CrisisPolicy | CheckInRulePolicy]:
        return (self.crisis, self.rules)


@pytest.fixture(scope="module")
def dialogue(tmp_path_factory: pytest.TempPathFactory) -> Dialogue:
    return Dialogue(tmp_path_factory.mktemp("policies"))


def in_a_form(dialogue: Dialogue) -> DialogueStateTracker:
    tracker = dialogue.start()
    started = dialogue.answer(tracker, said("start_screening"))
    assert started == ["action_start_screening", "questionnaire_form"]
    return tracker


@pytest.mark.parametrize(
    ("intent", "asked_for"),
    [
        ("faq", "action_answer"),
        ("greet", "utter_greet"),
        ("delete_data", "action_delete_data"),
        ("thank", "utter_thank"),
        ("stop", "action_stop_waiting"),
        ("tell_me_more", "action_tell_more"),
        ("resume_screening", "action_resume_questionnaire"),
        ("book_appointment", "utter_book_appointment"),
    ],
)
def test_what_was_asked_for_comes_first_then_the_check_in_and_the_record(
    dialogue: Dialogue, intent: str, asked_for: str
) -> None:
    done = dialogue.answer(dialogue.start(), said(intent, outcome="soft", category="suicide"))

    assert done == [asked_for, *CHECK_IN]


@pytest.mark.parametrize("intent", ["faq", "greet", "nlu_fallback"])
def test_without_a_hint_nobody_is_asked(dialogue: Dialogue, intent: str) -> None:
    done = dialogue.answer(dialogue.start(), said(intent))

    assert len(done) == 1
    assert not set(done) & set(CHECK_IN)


def test_a_hint_that_nothing_else_was_understood_of_brings_the_check_in_only(
    dialogue: Dialogue,
) -> None:
    done = dialogue.answer(dialogue.start(), said("nlu_fallback", outcome="soft"))

    assert done == CHECK_IN


def test_the_check_in_is_about_what_was_heard(dialogue: Dialogue) -> None:
    tracker = dialogue.start()

    dialogue.answer(tracker, said("faq", outcome="soft", category="psychosis", language="es"))

    assert tracker.get_slot("crisis_reply") == "psychosis.es"


def test_the_next_question_is_answered_as_ever(dialogue: Dialogue) -> None:
    tracker = dialogue.start()
    dialogue.answer(tracker, said("faq", outcome="soft", category="suicide"))

    assert dialogue.answer(tracker, said("faq")) == ["action_answer"]


def test_a_second_hint_is_asked_about_in_other_words(dialogue: Dialogue) -> None:
    tracker = dialogue.start()
    for _ in range(2):
        done = dialogue.answer(tracker, said("faq", outcome="soft", category="suicide"))
        assert done == ["action_answer", *CHECK_IN]

    assert tracker.get_slot("crisis_reply") == "suicide.en.again"


def test_a_hint_in_a_form_is_an_answer_first(dialogue: Dialogue) -> None:
    tracker = in_a_form(dialogue)

    done = dialogue.answer(tracker, said("nlu_fallback", outcome="soft", category="suicide"))

    assert done == ["questionnaire_form", *CHECK_IN]
    assert tracker.active_loop_name == "questionnaire_form"


def test_the_form_goes_on_after_the_check_in(dialogue: Dialogue) -> None:
    tracker = in_a_form(dialogue)
    dialogue.answer(tracker, said("nlu_fallback", outcome="soft", category="suicide"))

    assert dialogue.answer(tracker, said("nlu_fallback")) == ["questionnaire_form"]


def test_a_hint_that_opens_the_questions_is_asked_about_after_the_first(
    dialogue: Dialogue,
) -> None:
    done = dialogue.answer(dialogue.start(), said("start_screening", outcome="soft"))

    assert done == ["action_start_screening", "questionnaire_form", *CHECK_IN]


def test_who_stops_the_questions_with_a_hint_is_asked_when_all_is_closed(
    dialogue: Dialogue,
) -> None:
    tracker = in_a_form(dialogue)
    closes = [ActiveLoop(None), SlotSet("requested_slot", None)]

    dialogue.update(tracker, said("stop", outcome="soft", category="suicide"))
    done = dialogue.answer(tracker, ActionExecuted("questionnaire_form"), *closes)

    assert done == ["action_finish_questionnaire", *CHECK_IN]


def test_a_wish_for_a_person_beside_a_hint_is_granted_first(dialogue: Dialogue) -> None:
    done = dialogue.answer(dialogue.start(), said("human_handoff", outcome="soft"))

    assert done == ["action_request_person", *CHECK_IN]


def test_who_is_safe_in_a_form_fills_in_nothing(dialogue: Dialogue) -> None:
    tracker = in_a_form(dialogue)
    dialogue.answer(tracker, said("nlu_fallback", outcome="soft", category="suicide"))

    done = dialogue.answer(tracker, said("im_safe"))

    assert done == ["utter_glad_safe", "action_ask_questionnaire_answer"]
    assert dialogue.answer(tracker, said("nlu_fallback")) == ["questionnaire_form"]


def test_plain_danger_in_a_form_ends_it_with_help(dialogue: Dialogue) -> None:
    tracker = in_a_form(dialogue)

    done = dialogue.answer(tracker, said("crisis", category="overdose"))

    assert done == [*HELP_AND_RECORD, "action_deactivate_loop"]
    assert tracker.get_slot("crisis_reply") == "overdose.en"
    assert tracker.active_loop_name is None


def test_a_yes_to_the_check_in_brings_help(dialogue: Dialogue) -> None:
    tracker = dialogue.start()
    dialogue.answer(tracker, said("faq", outcome="soft", category="suicide"))

    done = dialogue.answer(tracker, said("crisis", category="suicide"))

    assert done == HELP_AND_RECORD


def test_a_hint_right_after_help_brings_help_in_other_words(dialogue: Dialogue) -> None:
    tracker = dialogue.start()
    dialogue.answer(tracker, said("crisis", category="suicide"))

    done = dialogue.answer(tracker, said("nlu_fallback", outcome="soft", category="suicide"))

    assert done == HELP_AND_RECORD
    assert tracker.get_slot("crisis_reply") == "suicide.en.again"


def test_who_is_safe_after_help_goes_back(dialogue: Dialogue) -> None:
    tracker = dialogue.start()
    dialogue.answer(tracker, said("crisis"))

    assert dialogue.answer(tracker, said("im_safe")) == [
        "utter_glad_safe",
        "action_back_to_question",
    ]


def test_back_in_the_form_the_question_is_asked_once(dialogue: Dialogue) -> None:
    tracker = in_a_form(dialogue)
    dialogue.answer(tracker, said("crisis"))

    dialogue.update(tracker, said("im_safe"))
    glad = ActionExecuted("utter_glad_safe")
    went_back = [ActionExecuted("action_back_to_question"), ActionExecuted("questionnaire_form")]
    done = dialogue.answer(tracker, glad, *went_back, ActiveLoop("questionnaire_form"))

    assert done == []


def test_a_hint_in_the_last_answer_is_asked_about_when_all_is_saved(dialogue: Dialogue) -> None:
    tracker = in_a_form(dialogue)
    closes = [ActiveLoop(None), SlotSet("requested_slot", None)]

    dialogue.update(tracker, said("nlu_fallback", outcome="soft", category="suicide"))
    done = dialogue.answer(tracker, ActionExecuted("questionnaire_form"), *closes)

    assert done == ["action_finish_questionnaire", *CHECK_IN]


SAID = (
    "faq",
    "greet",
    "nlu_fallback",
    "start_screening",
    "stop",
    "skip",
    "thank",
    "why_ask",
    "go_back",
)


@pytest.mark.parametrize("seed", range(4))
def test_reading_only_the_end_of_a_conversation_decides_as_reading_all_of_it(
    dialogue: Dialogue, seed: int
) -> None:
    chance = random.Random(seed)
    tracker = dialogue.start()
    for _ in range(12):
        intent = chance.choice(SAID)
        hints = chance.random() < 0.2
        dialogue.answer(tracker, said(intent, outcome="soft" if hints else "none"))
    events = list(tracker.events)

    for behind in range(1, len(events) + 1):
        before = DialogueStateTracker.from_events(
            "visitor", events[:behind], dialogue.domain.slots, domain=dialogue.domain
        )
        all_of_it = dialogue.rules.predict_action_probabilities(before, dialogue.domain)
        end_of_it = dialogue.loaded.predict_action_probabilities(before, dialogue.domain)

        assert vars(end_of_it) == vars(all_of_it), behind


def test_a_loaded_policy_reads_no_words_and_no_more_than_its_longest_rule(
    dialogue: Dialogue,
) -> None:
    assert not dialogue.loaded.reads_words
    assert dialogue.loaded.longest_rule is not None
    assert dialogue.loaded.longest_rule < 10


def test_a_rule_without_an_intent_may_follow_words() -> None:
    listened = {"prev_action": {"action_name": "action_listen"}}

    assert _may_follow_words(listened)
    assert _may_follow_words({**listened, "user": {"text": "hello"}})
    assert not _may_follow_words({**listened, "user": {"intent": "greet"}})
    assert not _may_follow_words({"prev_action": {"action_name": "utter_greet"}})
