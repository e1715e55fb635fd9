"""Decides what follows words of crisis: help first, and no form goes on by itself.

And what follows a message to a person of the clinic: help after words of crisis, else silence,
unless it answers our own question about danger or orders us to erase.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import RESPONSE_SELECTOR_PROPERTY_NAME
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from nlu_components.crisis import memory
from nlu_components.crisis.answers import UNCLEAR, reply_key
from nlu_components.crisis.sentences import HARD, SOFT
from nlu_components.live import may_answer_the_bot, was_said_to_a_person

CRISIS_INTENT = "crisis"
SAFE_INTENT = "im_safe"
DELETE_INTENT = "delete_data"
REPLY_SLOT = "crisis_reply"
"""Picks the variation of a reply: category, language, and whether it was said before."""
REPLY = "utter_crisis"
CHECK_IN = "utter_check_in"
GLAD = "utter_glad_safe"
RECORD = "action_record_crisis"
RETURN = "action_back_to_question"
DELETE = "action_delete_data"
ASK = "action_ask_questionnaire_answer"
ANSWER = "utter_faq"
FORM_SLOT = "questionnaire_answer"
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
# To a hint that is no question “I did not understand” would be a slap; the check-in answers it.
NOT_UNDERSTOOD = ("chitchat", "goodbye", "near_tie", "nlu_fallback", "out_of_scope")
# "I'm in crisis, can I get it now?" wants help first, and then its answer: no.
ANSWERED_AFTER_HELP = "faq/crisis_use"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class CrisisPolicy(Policy):
    """After words of crisis: the hotlines, the record for staff, the end of any form.

    While a person writes with the visitor: those hotlines and the record, and what is said to
    our own question about danger; and an order to erase. Nothing else at all.

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
        """Take over from words of crisis, or to a person, until the bot listens again."""
        probabilities = self._default_predictions(domain)
        steps = _steps(tracker)
        if steps is None:
            return self._prediction(probabilities)
        action = _next(steps, tracker)
        probabilities[domain.index_for_action(action)] = 1.0
        events = [*which_reply(tracker, action), *_nothing_answered(tracker)]
        # A form's own prediction is marked so; without the mark it would win over ours.
        return self._prediction(probabilities, events=events, is_no_user_prediction=True)


def which_reply(tracker: DialogueStateTracker, action: Text) -> List[Event]:
    """Picks the words of a reply about danger; nothing for any other action."""
    kinds = {REPLY: "crisis", CHECK_IN: "check_in", GLAD: "check_in"}
    if action not in kinds:
        return []
    heard = memory.judgement_of(tracker.latest_message)
    asked = memory.asked_before(tracker.events)
    category = heard.get("category") or (asked.category if asked else UNCLEAR)
    if action == REPLY and heard.get("outcome") != HARD and asked:
        category = asked.category  # what answers our question changes no subject
    language = heard.get("language") or (asked.language if asked else "en")
    again = memory.was_said_before(tracker.events, kinds[action], category)
    return [SlotSet(REPLY_SLOT, reply_key(category, language, again=again and action != GLAD))]


def _next(steps: List[Text], tracker: DialogueStateTracker) -> Text:
    """The first of our steps that has not been taken since the visitor's message."""
    taken = list(memory.actions_of_turn(tracker.events))
    return next((action for action in steps if action not in taken), ACTION_LISTEN_NAME)


def _nothing_answered(tracker: DialogueStateTracker) -> List[Event]:
    """Takes out of an open form what Rasa put there before any policy was asked."""
    live = was_said_to_a_person(tracker.latest_message)
    return [SlotSet(FORM_SLOT, None)] if live and tracker.get_slot(FORM_SLOT) else []


def _steps(tracker: DialogueStateTracker) -> Optional[List[Text]]:
    """What follows this message; None if it is not ours to answer."""
    message = tracker.latest_message
    if message and was_said_to_a_person(message):
        return _beside_a_person(tracker, message)
    intent = message.intent.get("name") if message else None
    # As it was when the message came: what we do to the form must not change what follows.
    form = memory.form_before(tracker.events)
    if intent == CRISIS_INTENT:
        return _help(message, form)
    if intent == SAFE_INTENT:
        return _back(tracker, form)
    if form:
        # An open form is the visitor's own wish: what is said there answers its question.
        return None
    asked = memory.asked_before(tracker.events)
    if _is_not_all_clear(asked, intent):
        return [REPLY, RECORD]
    if memory.judgement_of(message).get("outcome") == SOFT and intent in NOT_UNDERSTOOD:
        return [CHECK_IN, RECORD]
    return None


def _beside_a_person(tracker: DialogueStateTracker, message: UserUttered) -> List[Text]:
    """Help comes at once, whoever reads; of a hint only staff are told, who can ask themselves.

    What we asked ourselves about danger, we hear the answer to, until a person has spoken. A form
    stays as it is, even then: it goes on when the visitor, or who helps them, is done. An order to
    erase is carried out: the action says nothing where it is none.
    """
    intent = message.intent.get("name")
    heard = memory.judgement_of(message).get("outcome")
    asked = None
    if may_answer_the_bot(message.metadata):
        asked = memory.asked_before(tracker.events)
    if heard == HARD or _is_not_all_clear(asked, intent):
        return [REPLY, RECORD]
    said = [GLAD] if asked and intent == SAFE_INTENT else []
    recorded = [RECORD] if heard == SOFT else []
    return [*said, *recorded, *([DELETE] if intent == DELETE_INTENT else [])]


def _is_not_all_clear(asked: Optional[memory.Asked], intent: Optional[Text]) -> bool:
    """Whether help is asked about again: what came after it means nothing by itself."""
    return asked is not None and asked.kind == "crisis" and intent in NOTHING_ELSE


def _help(message: Optional[UserUttered], form: Optional[Text]) -> List[Text]:
    ends_the_form = [ACTION_DEACTIVATE_LOOP_NAME] if form else []
    answers = [ANSWER] if message and _asks_for_treatment_now(message) else []
    return [REPLY, RECORD, *ends_the_form, *answers]


def _back(tracker: DialogueStateTracker, form: Optional[Text]) -> List[Text]:
    """To exactly where the visitor was, at their own word."""
    if form:
        return [GLAD, ASK]
    asked = memory.asked_before(tracker.events)
    return [GLAD] if asked and asked.kind == "check_in" else [GLAD, RETURN]


def _asks_for_treatment_now(message: UserUttered) -> bool:
    retrieval = (message.parse_data or {}).get(RESPONSE_SELECTOR_PROPERTY_NAME) or {}
    best = retrieval.get("faq", {}).get("response", {})
    return bool(best.get("intent_response_key") == ANSWERED_AFTER_HELP)
