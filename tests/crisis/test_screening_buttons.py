"""The words of the screening's buttons do not sound like danger, typed by hand either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from nlu_components.crisis.judgement import CrisisJudge

SCREENING = Path(__file__).parents[2] / "screening"
QUESTIONNAIRES = ("questionnaire.yml", "callback.yml")


def items(written: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in written.get("item", []):
        yield item
        yield from items(item)


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((SCREENING / name).read_text("utf-8"))
    return content


QUESTIONS = [item for name in QUESTIONNAIRES for item in items(read(name))]
SHORT = {item["linkId"]: item["short"] for item in QUESTIONS if "short" in item}
OPTIONS = {
    option["valueCoding"]["display"]
    for item in QUESTIONS
    for option in item.get("answerOption", [])
    if "valueCoding" in option
}
CHANGES = {
    f"Change: {SHORT[link_id]}"
    for one in read("contradictions.yml")["contradictions"]
    for link_id in one["about"]
}
OWN = {"Both are right", "Keep my answer", "Yes, send it", "Change an answer", "None of these"}


@pytest.mark.parametrize("label", sorted(OPTIONS | set(SHORT.values()) | CHANGES | OWN))
def test_a_button_does_not_sound_like_danger(judge: CrisisJudge, label: str) -> None:
    assert judge.judge(label).outcome == "none"
