"""Rasa's rules, and after them a check-in: a hint of danger never ends a turn unnoticed."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.crisis import memory
from nlu_components.crisis.policy import CHECK_IN, RECORD, which_reply
from nlu_components.crisis.sentences import SOFT


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class CheckInRulePolicy(RulePolicy):
    """The question is answered first, by whatever rule or form; then we ask how the visitor is.

    Only the policy that decides to listen knows that everything else has been said, so this
    stands in Rasa's own rule policy and not beside it.
    """

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


def _listens(prediction: PolicyPrediction, domain: Domain) -> bool:
    listening = domain.index_for_action(ACTION_LISTEN_NAME)
    return prediction.probabilities[listening] == max(prediction.probabilities) > 0
