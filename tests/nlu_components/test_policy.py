"""After words of crisis: help, the record, the end of the form, in this order, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.crisis.policy import NOT_UNDERSTOOD, NOTHING_ELSE, CrisisPolicy

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents:
      [crisis, im_safe, faq, greet, human_handoff, delete_data, start_screening, chitchat, go_back,
       goodbye, near_tie, nlu_fallback, not_what_i_asked, out_of_scope, skip, stop, tell_me_more,
       thank, why_ask]
    slots:
      answer: {type: text, mappings: [{type: from_text}]}
      crisis_reply: {type: text, influence_conversation: false, mappings: [{type: custom}]}
    forms: {questionnaire_form: {required_slots: [answer]}}
    actions:
      [action_record_crisis, action_back_to_question, action_ask_questionnaire_answer, utter_faq]
    responses:
      utter_crisis: [{text: Call 988 or 911.}]
      utter_check_in: [{text: Are you thinking about ending your life?}]
      utter_glad_safe: [{text: I am glad.}]
      utter_faq/crisis_use: [{text: "No."}]
      utter_faq/cost: [{text: It depends.}]
    """
)
HELP_AND_RECORD = ["utter_crisis", "action_record_crisis"]
CHECK_IN_AND_RECORD = ["utter_check_in", "action_record_crisis"]
FORM = ActiveLoop("questionnaire_form")
LISTEN = ActionExecuted("action_listen")


@pytest.fixture
def policy(storage: ModelStorage) -> CrisisPolicy:
    return CrisisPolicy.load(
        CrisisPolicy.get_default_config(),
        storage,
        Resource("crisis_policy"),
        ExecutionContext(GraphSchema({})),
    )


def said(
    intent: str | None,
    *,
    outcome: str = "",
    category: str = "",
    language: str = "en",
    topic: str = "faq/cost",
    live: bool = False,
    answers: str | None = None,
) -> UserUttered:
    """A message as the crisis component leaves it; a crisis is about suicide if none is named.

    live: it was said to a person of the clinic.
    answers: who spoke last before it, `bot` or `staff`.
    """
    if intent == "crisis":
        outcome, category = "hard", category or "suicide"
    heard = {"outcome": outcome or "none", "category": category, "language": language}
    response = {"intent_response_key": topic}
    data: Any = {"response_selector": {"faq": {"response": response}}, "crisis": heard}
    return UserUttered(
        "words",
        intent={"name": intent, "confidence": 1.0},
        parse_data=data,
        metadata={"key": "key-0001", "live": live, "answers": answers},
    )


def tracker(*events: Event) -> DialogueStateTracker:
    made = DialogueStateTracker("visitor", DOMAIN.slots)
    update(made, LISTEN, *events)
    return made


def update(conversation: DialogueStateTracker, *events: Event) -> None:
    for event in events:
        conversation.update(event, DOMAIN)


def predicted(prediction: PolicyPrediction) -> str | None:
    if not any(prediction.probabilities):
        return None
    assert sum(prediction.probabilities) == 1.0
    return str(DOMAIN.action_names_or_texts[prediction.probabilities.index(1.0)])


def steps(policy: CrisisPolicy, conversation: DialogueStateTracker) -> list[str]:
    """What the policy has done, one action after the other, until the bot listens."""
    done: list[str] = []
    while (action := predicted(prediction := _ask(policy, conversation))) != "action_listen":
        assert action is not None
        assert len(done) < 10
        done.append(action)
        update(conversation, *prediction.events, *what_it_does(action, conversation, prediction))
    update(conversation, LISTEN)
    return done


def what_it_does(
    action: str, conversation: DialogueStateTracker, prediction: PolicyPrediction
) -> list[Event]:
    """The events that Rasa adds when it runs the action."""
    events: list[Event] = [ActionExecuted(action)]
    kind = {"utter_crisis": "crisis", "utter_check_in": "check_in"}.get(action)
    if kind:
        (picked,) = (e.value for e in prediction.events if isinstance(e, SlotSet))
        category, language = picked.split(".")[:2]
        payload = {"type": kind, "category": category, "language": language}
        events.append(BotUttered("Help.", {"custom": payload}))
    if action == "questionnaire_form":
        events.append(FORM)
    if action == "action_deactivate_loop":
        events.append(ActiveLoop(None))
    return events


def _ask(policy: CrisisPolicy, conversation: DialogueStateTracker) -> PolicyPrediction:
    return policy.predict_action_probabilities(conversation, DOMAIN)


def picked_reply(policy: CrisisPolicy, conversation: DialogueStateTracker) -> str:
    """The variation of the reply that is said next."""
    (slot,) = _ask(policy, conversation).events
    assert isinstance(slot, SlotSet)
    assert slot.key == "crisis_reply"
    return str(slot.value)


def after_help(policy: CrisisPolicy, *events: Event, form: bool = False) -> DialogueStateTracker:
    """A conversation in which help was said last, and then these events."""
    conversation = tracker(*([FORM] if form else []), said("crisis"))
    steps(policy, conversation)
    update(conversation, *events)
    return conversation


def after_a_check_in(
    policy: CrisisPolicy, *events: Event, category: str = "suicide"
) -> DialogueStateTracker:
    conversation = tracker(said("nlu_fallback", outcome="soft", category=category))
    steps(policy, conversation)
    update(conversation, *events)
    return conversation


# Plain danger


def test_help_comes_first_then_the_record(policy: CrisisPolicy) -> None:
    assert steps(policy, tracker(said("crisis"))) == HELP_AND_RECORD


def test_in_a_form_the_form_ends_after_that(policy: CrisisPolicy) -> None:
    in_a_form = tracker(FORM, said("crisis"))

    assert steps(policy, in_a_form) == [*HELP_AND_RECORD, "action_deactivate_loop"]


@pytest.mark.parametrize("form", [[], [FORM]])
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
    conversation = after_help(policy, said("crisis"))

    assert steps(policy, conversation) == HELP_AND_RECORD


# Which words


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("category", ["overdose", "unclear"])
def test_the_words_are_those_of_the_category_in_the_visitors_language(
    policy: CrisisPolicy, category: str, language: str
) -> None:
    heard = tracker(said("crisis", category=category, language=language))

    assert picked_reply(policy, heard) == f"{category}.{language}"


def test_a_second_time_the_words_are_others(policy: CrisisPolicy) -> None:
    assert picked_reply(policy, after_help(policy, said("crisis"))) == "suicide.en.again"


def test_a_new_danger_is_a_first_time_whatever_came_before(policy: CrisisPolicy) -> None:
    conversation = after_help(policy, said("crisis", category="overdose"))

    assert picked_reply(policy, conversation) == "overdose.en"

    steps(policy, conversation)
    update(conversation, said("crisis", category="suicide"))
    assert picked_reply(policy, conversation) == "suicide.en.again"


def test_a_check_in_is_no_crisis_reply_before(policy: CrisisPolicy) -> None:
    conversation = after_a_check_in(policy, said("crisis"))

    assert picked_reply(policy, conversation) == "suicide.en"


def test_a_second_check_in_asks_in_other_words(policy: CrisisPolicy) -> None:
    hint = said("nlu_fallback", outcome="soft", category="suicide")
    conversation = after_a_check_in(policy, said("greet"), LISTEN, hint)

    assert picked_reply(policy, conversation) == "suicide.en.again"


def test_only_a_reply_about_danger_picks_words(policy: CrisisPolicy) -> None:
    conversation = tracker(said("crisis"))
    prediction = _ask(policy, conversation)
    update(
        conversation, *prediction.events, *what_it_does("utter_crisis", conversation, prediction)
    )

    assert predicted(_ask(policy, conversation)) == "action_record_crisis"
    assert _ask(policy, conversation).events == []


# After help


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
    assert picked_reply(policy, conversation) == "suicide.en.again"
    assert steps(policy, conversation) == HELP_AND_RECORD


@pytest.mark.parametrize("intent", NOTHING_ELSE)
def test_without_words_of_crisis_before_it_such_a_message_is_left_to_others(
    policy: CrisisPolicy, intent: str
) -> None:
    assert predicted(_ask(policy, tracker(said(intent)))) is None


@pytest.mark.parametrize("intent", NOTHING_ELSE)
def test_after_a_check_in_such_a_message_is_left_to_others(
    policy: CrisisPolicy, intent: str
) -> None:
    assert predicted(_ask(policy, after_a_check_in(policy, said(intent)))) is None


def test_however_often_such_a_message_comes_it_brings_help(policy: CrisisPolicy) -> None:
    conversation = after_help(policy, said("goodbye"))

    for intent in ("chitchat", "thank", "nlu_fallback"):
        assert steps(policy, conversation) == HELP_AND_RECORD
        update(conversation, said(intent))

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
    answered = [said("faq"), ActionExecuted("utter_faq"), LISTEN]

    assert predicted(_ask(policy, after_help(policy, *answered, said(intent)))) is None


@pytest.mark.parametrize("intent", NOTHING_ELSE)
def test_in_a_form_opened_since_help_such_a_message_answers_the_form(
    policy: CrisisPolicy, intent: str
) -> None:
    assert predicted(_ask(policy, after_help(policy, FORM, said(intent)))) is None


@pytest.mark.parametrize("intent", ["goodbye", "nlu_fallback"])
def test_when_the_form_ended_with_help_such_a_message_brings_help_again(
    policy: CrisisPolicy, intent: str
) -> None:
    conversation = after_help(policy, said(intent), form=True)

    assert steps(policy, conversation) == HELP_AND_RECORD


# A hint of danger


@pytest.mark.parametrize("intent", NOT_UNDERSTOOD)
def test_a_hint_that_is_no_question_brings_a_check_in_and_no_shrug(
    policy: CrisisPolicy, intent: str
) -> None:
    hinted = tracker(said(intent, outcome="soft", category="psychosis"))

    assert picked_reply(policy, hinted) == "psychosis.en"
    assert steps(policy, hinted) == CHECK_IN_AND_RECORD


@pytest.mark.parametrize("intent", ["faq", "greet", "human_handoff", "delete_data"])
def test_a_hint_beside_a_question_is_left_to_the_rules(policy: CrisisPolicy, intent: str) -> None:
    assert predicted(_ask(policy, tracker(said(intent, outcome="soft")))) is None


def test_a_hint_in_a_form_is_left_to_the_form(policy: CrisisPolicy) -> None:
    assert predicted(_ask(policy, tracker(FORM, said("nlu_fallback", outcome="soft")))) is None


def test_a_hint_right_after_help_brings_help_again(policy: CrisisPolicy) -> None:
    hinted = after_help(policy, said("nlu_fallback", outcome="soft", category="suicide"))

    assert steps(policy, hinted) == HELP_AND_RECORD


def test_a_yes_after_a_check_in_brings_help(policy: CrisisPolicy) -> None:
    conversation = after_a_check_in(
        policy, said("crisis", category="overdose"), category="overdose"
    )

    assert picked_reply(policy, conversation) == "overdose.en"
    assert steps(policy, conversation) == HELP_AND_RECORD


# "I'm safe"


def test_who_is_safe_after_a_check_in_is_told_that_we_are_glad(policy: CrisisPolicy) -> None:
    conversation = after_a_check_in(policy, said("im_safe"))

    assert picked_reply(policy, conversation) == "suicide.en"
    assert steps(policy, conversation) == ["utter_glad_safe"]


def test_we_are_glad_in_the_language_of_the_button(policy: CrisisPolicy) -> None:
    conversation = after_a_check_in(policy, said("im_safe", language="es"))

    assert picked_reply(policy, conversation) == "suicide.es"


def test_we_are_as_glad_the_second_time(policy: CrisisPolicy) -> None:
    hint = said("nlu_fallback", outcome="soft", category="suicide")
    conversation = after_a_check_in(policy, said("im_safe"))
    steps(policy, conversation)
    update(conversation, hint)
    steps(policy, conversation)

    update(conversation, said("im_safe"))

    assert picked_reply(policy, conversation) == "suicide.en"


@pytest.mark.parametrize("form", [True, False])
def test_who_is_safe_after_a_crisis_goes_back_to_where_they_were(
    policy: CrisisPolicy, form: bool
) -> None:
    conversation = after_help(policy, said("im_safe"), form=form)

    assert steps(policy, conversation) == ["utter_glad_safe", "action_back_to_question"]


def test_who_says_so_unasked_goes_back_too(policy: CrisisPolicy) -> None:
    assert steps(policy, tracker(said("im_safe"))) == ["utter_glad_safe", "action_back_to_question"]


def test_in_a_form_we_are_glad_and_the_question_is_asked_again(policy: CrisisPolicy) -> None:
    in_a_form = tracker(FORM, said("im_safe"))

    done = steps(policy, in_a_form)

    # Never the form itself: it would take these words for the answer.
    assert done == ["utter_glad_safe", "action_ask_questionnaire_answer"]
    assert in_a_form.active_loop_name == "questionnaire_form"


# Everything else


def test_a_forms_own_prediction_never_wins_over_help(policy: CrisisPolicy) -> None:
    prediction = _ask(policy, tracker(FORM, said("crisis")))

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
