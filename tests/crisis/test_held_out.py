"""How much is heard in sentences that no phrase and no training sentence was made from.

The figures by kind are in benchmarks/crisis/results.md; these bounds only keep them from sinking.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from nlu_components.crisis.judgement import CrisisJudge

HELD_OUT = Path(__file__).parent / "held_out"

LEAST_HEARD = {"development": 0.92, "test": 0.88}
MOST_HARD_ALARMS = {"development": 0.02, "test": 0.03}
MOST_ALARMS = {"development": 0.09, "test": 0.15}
NOTHING_MISSED = ("suicide_explicit", "overdose", "medical_emergency")
MOST_MISSED_OF_THESE = {"development": 0.03, "test": 0.08}

halves = pytest.mark.parametrize("half", ["development", "test"])


def sentences(half: str, group: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each sentence; `group` is crisis or calm."""
    content = yaml.safe_load((HELD_OUT / f"{half}.yml").read_text(encoding="utf-8"))
    return ((kind, str(text)) for kind, texts in content[group].items() for text in texts)


def share(outcomes: list[str], *wanted: str) -> float:
    return sum(outcome in wanted for outcome in outcomes) / len(outcomes)


@halves
def test_most_unseen_words_of_danger_are_heard(judge: CrisisJudge, half: str) -> None:
    heard = [judge.judge(text).outcome for _, text in sentences(half, "crisis")]

    assert share(heard, "hard", "soft") >= LEAST_HEARD[half]


@halves
def test_plain_danger_to_life_is_hardly_ever_missed(judge: CrisisJudge, half: str) -> None:
    plain = [text for kind, text in sentences(half, "crisis") if kind in NOTHING_MISSED]

    heard = [judge.judge(text).outcome for text in plain]

    assert share(heard, "none") <= MOST_MISSED_OF_THESE[half]


@halves
def test_few_unseen_calm_sentences_alarm(judge: CrisisJudge, half: str) -> None:
    heard = [judge.judge(text).outcome for _, text in sentences(half, "calm")]

    assert share(heard, "hard") <= MOST_HARD_ALARMS[half]
    assert share(heard, "hard", "soft") <= MOST_ALARMS[half]
