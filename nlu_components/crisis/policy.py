"""Decides what follows words of crisis: help first, and no form goes on by itself."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.core.constants import (
    ACTION_DEACTIVATE_LOOP_NAME,
    ACTION_EXTRACT_SLOTS,
    ACTION_LISTEN_NAME,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.crisis.answers import AGAIN

CRISIS_INTENT = "crisis"
CATEGORY_SLOT = "crisis_category"
REPLY = "utter_crisis"
RECORD = "action_record_crisis"
ANSWER = "utter_faq"
# What a visitor says to “Are you safe right now?”, in words that mean nothing by themselves:
# yes, no, maybe. Whoever asks something else or wants to go on is answered as ever.
NOTHING_ELSE = (
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
)
# "I'm in crisis, can I get it now?" wants help first, and then its answer: no.
ANSWERED_AFTER_HELP = "faq/crisis_use"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class CrisisPolicy(Policy):
    """After words of crisis: the hotlines, the record for staff, the end of any form.

    Help is said by Rasa itself, so it needs neither the action server nor a database, and it
    comes before the record, so that a failing record cannot hold it up.
    """

    @staticmethod
    def supported_data() -> SupportedData:
        """It learns nothing, so it needs no training data of any kind."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """See parent class for full docstring."""
        # Above Rasa's highest, the 6 of RulePolicy.
        return {"priority": 10}

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrisisPolicy:
        """There is nothing to load: the rules are these lines."""
        return cls(config, model_storage, resource, execution_context)

    def train(
        self,
        training_trackers: List[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing is learnt."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Take over from words of crisis until the bot listens again; else abstain."""
        message = tracker.latest_message
        probabilities = self._default_predictions(domain)
        if message is None or not _steps(tracker):
            return self._prediction(probabilities)
        action = next_action(tracker)
        probabilities[domain.index_for_action(action)] = 1.0
        events: List[Event] = []
        if action == REPLY and message.intent.get("name") != CRISIS_INTENT:
            # A second time in other words: the slot picks the variation of the reply.
            events.append(SlotSet(CATEGORY_SLOT, AGAIN))
        # A form's own prediction is marked so; without the mark it would win over ours.
        return self._prediction(probabilities, events=events, is_no_user_prediction=True)


def next_action(tracker: DialogueStateTracker) -> Text:
    """The first of our steps that has not been taken since the visitor's message."""
    taken = _actions_of_turn(tracker.applied_events(), 0)
    for action in _steps(tracker):
        if action not in taken:
            return action
    return ACTION_LISTEN_NAME


def _steps(tracker: DialogueStateTracker) -> List[Text]:
    """What follows this message; nothing if it is not ours to answer."""
    intent = tracker.latest_message.intent.get("name") if tracker.latest_message else None
    if intent != CRISIS_INTENT:
        # An open form is the visitor's own wish: what is said there answers its question.
        answers_us = (
            intent in NOTHING_ELSE and not tracker.active_loop_name and _help_was_said_last(tracker)
        )
        return [REPLY, RECORD] if answers_us else []
    steps = [REPLY, RECORD]
    if tracker.active_loop_name:
        steps.append(ACTION_DEACTIVATE_LOOP_NAME)
    if tracker.latest_message and _asks_for_treatment_now(tracker.latest_message):
        steps.append(ANSWER)
    return steps


def _asks_for_treatment_now(message: UserUttered) -> bool:
    retrieval = (message.parse_data or {}).get(RESPONSE_SELECTOR_PROPERTY_NAME) or {}
    best = retrieval.get("faq", {}).get("response", {})
    return bool(best.get("intent_response_key") == ANSWERED_AFTER_HELP)


def _help_was_said_last(tracker: DialogueStateTracker) -> bool:
    """Whether the visitor's message before this one brought help."""
    # All events: the applied ones leave out what was said while a form was open.
    return REPLY in _actions_of_turn(tracker.events, 1)


def _actions_of_turn(events: Iterable[Event], turns_back: int) -> List[Text]:
    """What the bot did after the visitor's last message, or so many messages before it."""
    actions: List[Text] = []
    messages = 0
    for event in reversed(list(events)):
        if isinstance(event, UserUttered):
            if messages == turns_back:
                break
            messages += 1
        elif isinstance(event, ActionExecuted) and messages == turns_back:
            actions.append(event.action_name)
    return [action for action in actions if action != ACTION_EXTRACT_SLOTS]
