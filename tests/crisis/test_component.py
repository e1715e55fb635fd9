"""The component in real Rasa messages: crisis wins, everything else stays as it was."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from nlu_components.crisis.component import CrisisDetectorComponent
from nlu_components.crisis.detector import CrisisDetector, Finding
from nlu_components.crisis.strict_yaml import CrisisFileError
from tests.crisis.conftest import CRISIS


@pytest.fixture
def component(detector: CrisisDetector) -> CrisisDetectorComponent:
    return CrisisDetectorComponent(detector)


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


def create(tmp_path: Path, folder: str) -> CrisisDetectorComponent:
    return CrisisDetectorComponent.create(
        {**CrisisDetectorComponent.get_default_config(), "folder": folder},
        LocalModelStorage(tmp_path),
        Resource("crisis"),
        ExecutionContext(GraphSchema({})),
    )


def test_words_of_crisis_become_the_crisis_intent(component: CrisisDetectorComponent) -> None:
    text = "how much is it, i want to kill myself"

    (message,) = component.process([understood(text)])

    output = message.as_dict(only_output_properties=True)
    assert output["intent"] == {"name": "crisis", "confidence": 1.0}
    assert output["intent_ranking"] == [
        {"name": "crisis", "confidence": 1.0},
        {"name": "faq", "confidence": 0.9},
    ]
    assert output["entities"][-1] == {
        "entity": "crisis_category",
        "value": "suicide",
        "start": 0,
        "end": len(text),
        "extractor": "CrisisDetectorComponent",
    }


def test_other_outputs_stay_as_they_were(component: CrisisDetectorComponent) -> None:
    before = understood("i want to kill myself").as_dict()

    (message,) = component.process([understood("i want to kill myself")])

    assert message.get("response_selector") == before["response_selector"]
    assert message.get("entities")[:-1] == before["entities"]


def test_an_ordinary_message_is_not_touched(component: CrisisDetectorComponent) -> None:
    before = understood("how much is it").as_dict()

    (message,) = component.process([understood("how much is it")])

    assert message.as_dict() == before


@pytest.mark.parametrize("text", [None, ""])
def test_a_message_without_text_is_not_touched(
    component: CrisisDetectorComponent, text: str | None
) -> None:
    (message,) = component.process([understood(text)])

    assert message.get("intent")["name"] == "faq"


def test_a_message_that_nothing_was_understood_of_still_alarms(
    component: CrisisDetectorComponent,
) -> None:
    (message,) = component.process([Message(data={"text": "i want to kill myself"})])

    assert message.get("intent")["name"] == "crisis"
    assert len(message.get("entities")) == 1


def test_a_crisis_that_only_the_classifier_heard_is_unclear(
    component: CrisisDetectorComponent,
) -> None:
    heard = {"name": "crisis", "confidence": 0.8}

    (message,) = component.process([understood("the blue hour came", intent=heard)])

    assert message.get("intent") == {"name": "crisis", "confidence": 1.0}
    assert message.get("entities")[-1]["value"] == "unclear"


def test_a_crisis_that_the_classifier_only_suspects_is_not_understood(
    component: CrisisDetectorComponent,
) -> None:
    suspected = {"name": "crisis", "confidence": 0.26}

    (message,) = component.process([understood("the blue hour came", intent=suspected)])

    assert message.get("intent") == {"name": "nlu_fallback", "confidence": 0.26}


def test_a_crisis_that_the_classifier_hears_behind_other_intents_is_one(
    component: CrisisDetectorComponent,
) -> None:
    unsure = {"name": "nlu_fallback", "confidence": 0.5}
    said = understood("the blue hour came", intent=unsure)
    said.set("intent_ranking", [unsure, {"name": "crisis", "confidence": 0.4}])

    (message,) = component.process([said])

    assert message.get("intent")["name"] == "crisis"
    assert message.get("entities")[-1]["value"] == "unclear"


class BreaksOnce:
    """A detector that fails on its first message only."""

    def __init__(self) -> None:
        self.calls = 0

    def find(self, text: str) -> Finding | None:
        self.calls += 1
        if self.calls == 1:
            raise RuntimeError(f"cannot read {text}")
        return None


def test_if_the_detector_breaks_the_visitor_sees_help_and_the_next_message_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    component = CrisisDetectorComponent(cast(CrisisDetector, BreaksOnce()))

    with caplog.at_level(logging.ERROR):
        first, second = component.process([understood("my secret"), understood("how much")])

    assert first.get("intent")["name"] == "crisis"
    assert first.get("entities")[-1]["value"] == "unclear"
    assert second.get("intent")["name"] == "faq"
    assert "RuntimeError" in caplog.text
    assert "my secret" not in caplog.text


def test_it_is_made_from_the_folder_in_the_config(tmp_path: Path) -> None:
    component = create(tmp_path, folder=str(CRISIS / "phrases"))

    (message,) = component.process([understood("he hits me")])

    assert message.get("entities")[-1]["value"] == "abuse"


def test_it_does_not_start_without_its_phrases(tmp_path: Path) -> None:
    with pytest.raises(CrisisFileError, match=r"words\.yml"):
        create(tmp_path, folder=str(tmp_path))
