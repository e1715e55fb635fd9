"""After words of crisis: help, the record, the end of the form, in this order, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.crisis.answers import AGAIN
from nlu_components.crisis.policy import NOTHING_ELSE, CrisisPolicy

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents:
      [crisis, faq, greet, human_handoff, delete_data, chitchat, go_back, goodbye, near_tie,
       nlu_fallback, not_what_i_asked, out_of_scope, skip, stop, tell_me_more, thank, why_ask]
    slots:
      answer: {type: text, mappings: [{type: from_text}]}
      crisis_category: {type: text, mappings: [{type: custom}]}
    forms: {questionnaire_form: {required_slots: [answer]}}
    actions: [action_record_crisis, utter_faq]
    responses:
      utter_crisis: [{text: Call 988 or 911.}]
      utter_faq/crisis_use: [{text: "No."}]
      utter_faq/cost: [{text: It depends.}]
    """
)
HELP_AND_RECORD = ["utter_crisis", "action_record_crisis"]


@pytest.fixture
def policy(storage: ModelStorage) -> CrisisPolicy:
    return CrisisPolicy.load(
        CrisisPolicy.get_default_config(),
        storage,
        Resource("crisis_policy"),
        ExecutionContext(GraphSchema({})),
    )


def said(intent: str, topic: str = "faq/cost") -> UserUttered:
    response = {"intent_response_key": topic}
    data: Any = {"response_selector": {"faq": {"response": response}}}
    return UserUttered("words", intent={"name": intent, "confidence": 1.0}, parse_data=data)


def tracker(*events: Event) -> DialogueStateTracker:
    made = DialogueStateTracker("visitor", DOMAIN.slots)
    for event in [ActionExecuted("action_listen"), *events]:
        made.update(event, DOMAIN)
    return made


def predicted(prediction: PolicyPrediction) -> str | None:
    if not any(prediction.probabilities):
        return None
    assert sum(prediction.probabilities) == 1.0
    return str(DOMAIN.action_names_or_texts[prediction.probabilities.index(1.0)])


def steps(policy: CrisisPolicy, conversation: DialogueStateTracker) -> list[str]:
    """What the policy has done, one action after the other, until the bot listens."""
    done: list[str] = []
    while (action := predicted(_ask(policy, conversation))) != "action_listen":
        assert action is not None
        assert len(done) < 10
        done.append(action)
        conversation.update(ActionExecuted(action), DOMAIN)
        if action == "action_deactivate_loop":
            conversation.update(ActiveLoop(None), DOMAIN)
    return done


def _ask(policy: CrisisPolicy, conversation: DialogueStateTracker) -> PolicyPrediction:
    return policy.predict_action_probabilities(conversation, DOMAIN)


def test_help_comes_first_then_the_record(policy: CrisisPolicy) -> None:
    assert steps(policy, tracker(said("crisis"))) == HELP_AND_RECORD


def test_in_a_form_the_form_ends_after_that(policy: CrisisPolicy) -> None:
    in_a_form = tracker(ActiveLoop("questionnaire_form"), said("crisis"))

    assert steps(policy, in_a_form) == [*HELP_AND_RECORD, "action_deactivate_loop"]


@pytest.mark.parametrize("form", [[], [ActiveLoop("questionnaire_form")]])
def test_who_asks_for_treatment_now_is_answered_last(
    policy: CrisisPolicy, form: list[Event]
) -> None:
    asked = tracker(*form, said("crisis", topic="faq/crisis_use"))

    done = steps(policy, asked)

    assert done[:2] == HELP_AND_RECORD
    assert done[-1] == "utter_faq"


def test_slots_that_rasa_fills_in_between_change_nothing(policy: CrisisPolicy) -> None:
    heard = tracker(said("crisis"), ActionExecuted("action_extract_slots"))

    assert steps(policy, heard) == HELP_AND_RECORD


def test_a_second_message_of_crisis_brings_help_again(policy: CrisisPolicy) -> None:
    conversation = tracker(said("crisis"))
    steps(policy, conversation)
    conversation.update(ActionExecuted("action_listen"), DOMAIN)

    conversation.update(said("crisis"), DOMAIN)

    assert steps(policy, conversation) == HELP_AND_RECORD


def after_help(policy: CrisisPolicy, *events: Event) -> DialogueStateTracker:
    """A conversation in which help was said last, and then these events."""
    conversation = tracker(said("crisis"))
    steps(policy, conversation)
    for event in [ActionExecuted("action_listen"), *events]:
        conversation.update(event, DOMAIN)
    return conversation


@pytest.mark.parametrize(
    "intent",
    [
        "chitchat",
        "go_back",
        "goodbye",
        "near_tie",
        "nlu_fallback",
        "not_what_i_asked",
        "out_of_scope",
        "skip",
        "stop",
        "tell_me_more",
        "thank",
        "why_ask",
    ],
)
def test_a_yes_no_ok_or_bye_after_help_brings_help_again_in_other_words(
    policy: CrisisPolicy, intent: str
) -> None:
    conversation = after_help(policy, said(intent))

    assert intent in NOTHING_ELSE
    assert _ask(policy, conversation).events == [SlotSet("crisis_category", AGAIN)]
    assert steps(policy, conversation) == HELP_AND_RECORD


@pytest.mark.parametrize("intent", NOTHING_ELSE)
def test_without_words_of_crisis_before_it_such_a_message_is_left_to_others(
    policy: CrisisPolicy, intent: str
) -> None:
    assert predicted(_ask(policy, tracker(said(intent)))) is None


def test_however_often_such_a_message_comes_it_brings_help(policy: CrisisPolicy) -> None:
    conversation = after_help(policy, said("goodbye"))

    for intent in ("chitchat", "thank", "nlu_fallback"):
        assert steps(policy, conversation) == HELP_AND_RECORD
        conversation.update(ActionExecuted("action_listen"), DOMAIN)
        conversation.update(said(intent), DOMAIN)

    assert steps(policy, conversation) == HELP_AND_RECORD


@pytest.mark.parametrize("intent", ["faq", "greet", "human_handoff", "delete_data"])
def test_who_asks_something_else_after_help_is_answered_as_ever(
    policy: CrisisPolicy, intent: str
) -> None:
    assert predicted(_ask(policy, after_help(policy, said(intent)))) is None


@pytest.mark.parametrize("intent", NOTHING_ELSE)
def test_when_something_else_was_answered_since_help_it_is_over(
    policy: CrisisPolicy, intent: str
) -> None:
    answered = [said("faq"), ActionExecuted("utter_faq"), ActionExecuted("action_listen")]

    assert predicted(_ask(policy, after_help(policy, *answered, said(intent)))) is None


@pytest.mark.parametrize("intent", NOTHING_ELSE)
def test_in_a_form_opened_since_help_such_a_message_answers_the_form(
    policy: CrisisPolicy, intent: str
) -> None:
    in_a_form = after_help(policy, ActiveLoop("questionnaire_form"), said(intent))

    assert predicted(_ask(policy, in_a_form)) is None


@pytest.mark.parametrize("intent", ["goodbye", "nlu_fallback"])
def test_when_the_form_ended_with_help_such_a_message_brings_help_again(
    policy: CrisisPolicy, intent: str
) -> None:
    conversation = tracker(ActiveLoop("questionnaire_form"), said("crisis"))
    steps(policy, conversation)
    conversation.update(ActionExecuted("action_listen"), DOMAIN)

    conversation.update(said(intent), DOMAIN)

    assert steps(policy, conversation) == HELP_AND_RECORD


def test_other_words_are_for_a_second_time_only(policy: CrisisPolicy) -> None:
    assert _ask(policy, tracker(said("crisis"))).events == []
    assert _ask(policy, after_help(policy, said("crisis"))).events == []


def test_a_forms_own_prediction_never_wins_over_help(policy: CrisisPolicy) -> None:
    prediction = _ask(policy, tracker(ActiveLoop("questionnaire_form"), said("crisis")))

    assert prediction.is_no_user_prediction
    assert prediction.policy_priority == 10


@pytest.mark.parametrize("intent", ["faq", "greet"])
def test_it_has_no_say_in_anything_else(policy: CrisisPolicy, intent: str) -> None:
    prediction = _ask(policy, tracker(said(intent, topic="faq/crisis_use")))

    assert predicted(prediction) is None
    assert not prediction.is_no_user_prediction


def test_it_has_no_say_before_the_first_message(policy: CrisisPolicy) -> None:
    assert predicted(_ask(policy, tracker())) is None


def test_a_message_nothing_was_understood_of_is_left_to_others(policy: CrisisPolicy) -> None:
    silent = UserUttered("", intent={"name": None, "confidence": 0.0})

    assert predicted(_ask(policy, tracker(silent))) is None


def test_there_is_nothing_to_train(policy: CrisisPolicy) -> None:
    assert policy.train([], DOMAIN) == Resource("crisis_policy")
