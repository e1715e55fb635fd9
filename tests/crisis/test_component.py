"""The component in real Rasa messages: danger wins, everything else stays as it was."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from nlu_components.crisis.component import CrisisDetectorComponent
from nlu_components.crisis.judgement import CrisisJudge, Judgement, Situation
from nlu_components.crisis.strict_yaml import CrisisFileError
from tests.crisis.conftest import JudgeWho, settings_of_the_component

CRY = "i want to kill myself"


def understood(text: str | None, **more: Any) -> Message:
    """A message as the parts of the pipeline before ours leave it."""
    fields: dict[str, Any] = {
        "text": text,
        "intent": {"name": "faq", "confidence": 0.9},
        "intent_ranking": [
            {"name": "faq", "confidence": 0.9},
            {"name": "crisis", "confidence": 0.05},
        ],
        "entities": [{"entity": "city", "value": "Boise", "start": 0, "end": 5}],
        "response_selector": {"faq": {"response": {"intent_response_key": "faq/cost"}}},
    }
    return Message(data={**fields, **more}, output_properties=set(fields))


def tracker(*events: Event) -> DialogueStateTracker:
    domain = Domain.from_dict(
        {"slots": {"crisis_watch": {"type": "any", "mappings": [{"type": "custom"}]}}}
    )
    made = DialogueStateTracker("visitor", domain.slots)
    for event in events:
        made.update(event, domain)
    return made


def asked(kind: str, category: str = "overdose") -> list[Event]:
    """A turn in which the bot asked about danger."""
    heard: Any = {"crisis": {"outcome": "soft", "category": category}}
    payload = {"type": kind, "category": category, "language": "en"}
    return [UserUttered("words", parse_data=heard), BotUttered("Safe?", {"custom": payload})]


@pytest.fixture
def component(judge_who: JudgeWho) -> CrisisDetectorComponent:
    """One whose classifier hears nothing plainly, and everything a little."""
    return CrisisDetectorComponent(judge_who(hears=0.1))


@pytest.fixture
def component_with_hints(judge_who: JudgeWho) -> CrisisDetectorComponent:
    """One whose classifier hears a hint in everything."""
    return CrisisDetectorComponent(judge_who(hears=0.6, category="suicide"))


def test_plain_danger_becomes_the_crisis_intent(component: CrisisDetectorComponent) -> None:
    (message,) = component.process([understood(f"how much is it, {CRY}")])

    output = message.as_dict(only_output_properties=True)
    assert output["intent"] == {"name": "crisis", "confidence": 1.0}
    assert output["intent_ranking"] == [
        {"name": "crisis", "confidence": 1.0},
        {"name": "faq", "confidence": 0.9},
    ]


def test_what_was_heard_stands_beside_the_intent(component: CrisisDetectorComponent) -> None:
    (message,) = component.process([understood(CRY)])

    output = message.as_dict(only_output_properties=True)
    assert output["crisis"] == {
        "outcome": "hard",
        "category": "suicide",
        "language": "en",
        "reply": "",
        "only_likely": False,
    }


def test_other_outputs_stay_as_they_were(component: CrisisDetectorComponent) -> None:
    before = understood(CRY).as_dict()

    (message,) = component.process([understood(CRY)])

    assert message.get("response_selector") == before["response_selector"]
    assert message.get("entities") == before["entities"]


def test_a_hint_leaves_what_was_understood_alone(
    component_with_hints: CrisisDetectorComponent,
) -> None:
    before = understood("how much is it").as_dict()

    (message,) = component_with_hints.process([understood("how much is it")])

    heard = message.as_dict()
    assert heard.pop("crisis")["outcome"] == "soft"
    assert heard == before


def test_an_ordinary_message_is_only_judged(component: CrisisDetectorComponent) -> None:
    before = understood("how much is it").as_dict()

    (message,) = component.process([understood("how much is it")])

    heard = message.as_dict()
    assert heard.pop("crisis")["outcome"] == "none"
    assert heard == before


@pytest.mark.parametrize("text", [None, ""])
def test_a_message_without_text_is_not_touched(
    component: CrisisDetectorComponent, text: str | None
) -> None:
    before = understood(text).as_dict()

    (message,) = component.process([understood(text)])

    assert message.as_dict() == before


def test_a_message_that_nothing_was_understood_of_still_alarms(
    component: CrisisDetectorComponent,
) -> None:
    (message,) = component.process([Message(data={"text": CRY})])

    assert message.get("intent")["name"] == "crisis"


def test_every_message_is_judged(component: CrisisDetectorComponent) -> None:
    first, second = component.process([understood("how much is it"), understood(CRY)])

    assert first.get("intent")["name"] == "faq"
    assert second.get("intent")["name"] == "crisis"


def test_who_is_safe_says_so_by_an_intent_of_its_own(component: CrisisDetectorComponent) -> None:
    (message,) = component.process([understood("I'm safe, back to my question")])

    assert message.get("intent") == {"name": "im_safe", "confidence": 1.0}
    assert [ranked["name"] for ranked in message.get("intent_ranking")] == [
        "im_safe",
        "faq",
        "crisis",
    ]


def test_a_no_after_a_check_in_is_an_all_clear(component: CrisisDetectorComponent) -> None:
    (message,) = component.process([understood("no")], tracker(*asked("check_in")))

    assert message.get("intent")["name"] == "im_safe"
    assert message.get("crisis")["reply"] == "safe"


def test_a_yes_after_a_check_in_is_a_crisis_of_its_category(
    component: CrisisDetectorComponent,
) -> None:
    (message,) = component.process([understood("yes")], tracker(*asked("check_in")))

    assert message.get("intent")["name"] == "crisis"
    assert message.get("crisis")["category"] == "overdose"


def test_a_yes_some_messages_after_a_check_in_still_answers_it(
    component: CrisisDetectorComponent,
) -> None:
    conversation = tracker(*asked("check_in"), UserUttered("what?"))

    (message,) = component.process([understood("yes i am")], conversation)

    assert message.get("intent")["name"] == "crisis"


@pytest.mark.parametrize(
    "events",
    [[], asked("crisis"), [*asked("check_in"), *[UserUttered("hello")] * 4]],
    ids=["at the start", "after help", "long after the check-in"],
)
@pytest.mark.parametrize("text", ["no", "yes"])
def test_else_yes_and_no_are_what_they_were(
    component: CrisisDetectorComponent, text: str, events: list[Event]
) -> None:
    (message,) = component.process([understood(text)], tracker(*events))

    assert message.get("intent")["name"] == "faq"


def test_while_we_watch_less_is_a_hint(judge_who: JudgeWho) -> None:
    component = CrisisDetectorComponent(judge_who(hears=0.3))
    heard: Any = {"crisis": {"outcome": "hard"}}
    calm = [UserUttered("words") for _ in range(9)]
    watched = tracker(UserUttered("words", parse_data=heard), *calm)
    no_more = tracker(UserUttered("words", parse_data=heard), *calm, UserUttered("words"))

    outcomes = [
        component.process([understood("how much is it")], when)[0].get("crisis")["outcome"]
        for when in (None, watched, no_more)
    ]

    assert outcomes == ["none", "soft", "none"]


def test_a_watch_that_outlived_a_restart_goes_on(judge_who: JudgeWho) -> None:
    component = CrisisDetectorComponent(judge_who(hears=0.3))
    restarted = tracker(SlotSet("crisis_watch", 3))

    (message,) = component.process([understood("how much is it")], restarted)

    assert message.get("crisis")["outcome"] == "soft"


# While a person of the clinic writes with the visitor


def heard(
    component: CrisisDetectorComponent,
    text: str,
    conversation: DialogueStateTracker,
    *,
    live: bool = True,
) -> dict[str, Any]:
    (message,) = component.process([understood(text, metadata={"live": live})], conversation)
    return {**message.get("crisis"), "intent": message.get("intent")["name"]}


@pytest.mark.parametrize("text", ["yes", "no", "yes i am", "maybe"])
@pytest.mark.parametrize("since", [0, 1], ids=["at once", "a message later"])
def test_a_yes_to_a_person_does_not_answer_the_bots_check_in(
    component: CrisisDetectorComponent, text: str, since: int
) -> None:
    conversation = tracker(*asked("check_in"), *[UserUttered("what?")] * since)

    assert heard(component, text, conversation)["intent"] == "faq"


@pytest.mark.parametrize("text", ["yes", "no"])
@pytest.mark.parametrize("kind", ["check_in", "crisis"])
def test_nor_does_one_to_the_bot_after_something_was_said_to_a_person(
    component: CrisisDetectorComponent, text: str, kind: str
) -> None:
    to_a_person = UserUttered("hello", metadata={"live": True, "answers": "staff"})
    conversation = tracker(*asked(kind), to_a_person)

    assert heard(component, text, conversation, live=False)["intent"] == "faq"


def test_plain_danger_is_heard_whoever_reads(component: CrisisDetectorComponent) -> None:
    assert heard(component, CRY, tracker())["intent"] == "crisis"


def test_after_danger_said_to_a_person_hints_are_heard_more_easily(judge_who: JudgeWho) -> None:
    component = CrisisDetectorComponent(judge_who(hears=0.3))
    danger: Any = {"crisis": {"outcome": "hard"}}
    watched = tracker(UserUttered("words", parse_data=danger, metadata={"live": True}))

    assert heard(component, "how much is it", watched)["outcome"] == "soft"
    assert heard(component, "how much is it", watched, live=False)["outcome"] == "soft"


class BreaksOnce:
    """A judge that fails on its first message only."""

    def __init__(self) -> None:
        self.calls = 0

    def judge(self, text: str, situation: Situation) -> Judgement:
        self.calls += 1
        if self.calls == 1:
            raise RuntimeError(f"cannot read {text}")
        return Judgement("none", "", "en")


def test_if_the_judge_breaks_the_visitor_sees_help_and_the_next_message_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    component = CrisisDetectorComponent(cast(CrisisJudge, BreaksOnce()))

    with caplog.at_level(logging.ERROR):
        first, second = component.process([understood("my secret"), understood("how much")])

    assert first.get("intent")["name"] == "crisis"
    assert (first.get("crisis")["outcome"], first.get("crisis")["category"]) == ("hard", "unclear")
    assert second.get("intent")["name"] == "faq"
    assert "RuntimeError" in caplog.text
    assert "my secret" not in caplog.text


def create(tmp_path: Path, **settings: Any) -> CrisisDetectorComponent:
    return CrisisDetectorComponent.create(
        {**CrisisDetectorComponent.get_default_config(), **settings},
        LocalModelStorage(tmp_path),
        Resource("crisis"),
        ExecutionContext(GraphSchema({})),
    )


def test_it_is_made_from_what_stands_in_the_config(tmp_path: Path) -> None:
    component = create(tmp_path, **settings_of_the_component())

    cry, question = component.process([understood(CRY), understood("how much is it")])

    assert cry.get("crisis")["category"] == "suicide"
    assert question.get("crisis")["outcome"] == "none"


def test_what_config_says_is_what_the_component_would_do_by_itself() -> None:
    settings = settings_of_the_component()
    del settings["name"]

    assert settings == CrisisDetectorComponent.get_default_config()


def test_it_does_not_start_without_its_phrases(tmp_path: Path) -> None:
    with pytest.raises(CrisisFileError, match=r"words\.yml"):
        create(tmp_path, phrases=str(tmp_path))


def test_if_the_memory_breaks_the_visitor_sees_help_too(judge_who: JudgeWho) -> None:
    component = CrisisDetectorComponent(judge_who())
    broken = tracker(SlotSet("crisis_watch", "many"))

    (message,) = component.process([understood("how much is it")], broken)

    assert message.get("crisis")["category"] == "unclear"


def test_a_button_that_the_bot_offered_is_an_answer_and_typed_words_are_still_searched(
    component_with_hints: CrisisDetectorComponent,
) -> None:
    payload = {"type": "question", "field": "heart", "options": ["Angina", "Stroke"]}
    said = UserUttered("start", parse_data=cast(Any, {}))
    offered = tracker(said, BotUttered("Which?", {"custom": payload}))

    (pressed,) = component_with_hints.process([understood("Angina; Stroke")], offered)
    (typed,) = component_with_hints.process([understood("Angina, and I am tired")], offered)

    assert pressed.get("crisis")["outcome"] == "none"
    assert typed.get("crisis")["outcome"] == "soft"
