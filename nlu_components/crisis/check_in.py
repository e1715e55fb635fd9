"""Rasa's rules, and after them a check-in: a hint of danger never ends a turn unnoticed."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from nlu_components.crisis import memory
from nlu_components.crisis.policy import CHECK_IN, RECORD, which_reply
from nlu_components.crisis.sentences import SOFT

_RULES = (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class CheckInRulePolicy(RulePolicy):
    """The question is answered first, by whatever rule or form; then we ask how the visitor is.

    Only the policy that decides to listen knows that everything else has been said, so this
    stands in Rasa's own rule policy and not beside it.
    """

    reads_words = True
    """Whether some rule may look at the words of a message, not only at what was understood."""
    longest_rule: Optional[int] = None
    """States; None while it learns."""

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CheckInRulePolicy:
        """See parent class for full docstring."""
        policy: CheckInRulePolicy = super().load(
            config, model_storage, resource, execution_context, **kwargs
        )
        looked_up = (policy.lookup.get(name) or {} for name in _RULES)
        rules = [json.loads(rule) for lookup in looked_up for rule in lookup]
        if rules:
            policy.reads_words = any(_may_follow_words(rule[-1]) for rule in rules if rule)
            policy.longest_rule = max(map(len, rules))
        return policy

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> Tuple[Optional[Text], Optional[Text], bool]:
        """Rasa looks twice after each message, first at its words; our rules have none."""
        if use_text_for_last_user_input and not self.reads_words:
            return None, None, False
        found: Tuple[Optional[Text], Optional[Text], bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        return found

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: Optional[Dict[Text, Any]] = None,
    ) -> List[State]:
        """As many of the last states as the longest rule has, and one: none looks further back."""
        if self.longest_rule is None:
            every: List[State] = super()._prediction_states(
                tracker, domain, use_text_for_last_user_input, rule_only_data
            )
            return every
        states = last_states(tracker, domain, self.longest_rule + 1)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[Text, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """What the rules say; where they would listen, the check-in that is still due."""
        taken = list(memory.actions_of_turn(tracker.events))
        if CHECK_IN in taken:
            # No rule knows what follows a check-in; the form it may stand in would run again.
            return self._only(ACTION_LISTEN_NAME if RECORD in taken else RECORD, tracker, domain)
        prediction = super().predict_action_probabilities(
            tracker, domain, rule_only_data=rule_only_data, **kwargs
        )
        heard = memory.judgement_of(tracker.latest_message).get("outcome")
        is_due = heard == SOFT and not memory.is_only_an_answer(tracker.events)
        if is_due and _listens(prediction, domain):
            return self._only(CHECK_IN, tracker, domain)
        return prediction

    def _only(
        self, action: Text, tracker: DialogueStateTracker, domain: Domain
    ) -> PolicyPrediction:
        probabilities: List[float] = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(
            probabilities, events=which_reply(tracker, action), is_no_user_prediction=True
        )


def last_states(tracker: DialogueStateTracker, domain: Domain, most: int) -> List[State]:
    """The last states of a conversation, as Rasa makes all of them."""
    actions = sum(isinstance(event, ActionExecuted) for event in tracker.applied_events())
    earlier = islice(tracker.generate_all_prior_trackers(), max(0, actions + 1 - most), None)
    return [domain._clean_state(domain.get_active_state(prior)) for prior, _ in earlier]


def _may_follow_words(last: State) -> bool:
    """Whether a rule that ends in this state can be met before anything was understood."""
    heard = last.get(USER, {}).get(INTENT)
    listened = last.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == ACTION_LISTEN_NAME
    return listened and heard in (None, SHOULD_NOT_BE_SET)


def _listens(prediction: PolicyPrediction, domain: Domain) -> bool:
    listening = domain.index_for_action(ACTION_LISTEN_NAME)
    return prediction.probabilities[listening] == max(prediction.probabilities) > 0
