"""The real phrases and the real classifier, loaded once, and a judge whose classifier is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
import yaml

if find_spec("spacy") is None:  # these tests run in Rasa's environment only
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from nlu_components.crisis.classifier import CrisisClassifier, Likelihood
    from nlu_components.crisis.detector import CrisisDetector
    from nlu_components.crisis.judgement import CrisisJudge
    from nlu_components.crisis.language import Languages
    from nlu_components.crisis.phrases import PhraseBook
    from nlu_components.crisis.replies import SafetyReplies

HOME = Path(__file__).parents[2]
CRISIS = HOME / "crisis"

THRESHOLDS = {
    "hard": 0.9,
    "soft": 0.5,
    "spanish_soft": 0.7,
    "watched_soft": 0.25,
    "doubt": 0.05,
}
"""For tests that choose what the classifier hears; what runs stands in config.yml."""


@pytest.fixture(scope="session")
def phrases() -> PhraseBook:
    from nlu_components.crisis.phrases import load_phrases

    return load_phrases(CRISIS / "phrases")


@pytest.fixture(scope="session")
def detector(phrases: PhraseBook) -> CrisisDetector:
    from nlu_components.crisis.detector import CrisisDetector

    return CrisisDetector(phrases)


@pytest.fixture(scope="session")
def replies(phrases: PhraseBook) -> SafetyReplies:
    from nlu_components.crisis.replies import SafetyReplies

    return SafetyReplies(phrases)


@pytest.fixture(scope="session")
def languages() -> Languages:
    from nlu_components.crisis.language import Languages

    return Languages(CRISIS / "languages.yml")


@dataclass(frozen=True)
class Hears:
    """A classifier that finds every text equally likely."""

    heard: Likelihood

    def likelihood(self, text: str) -> Likelihood:
        return self.heard


JudgeWho = Callable[..., "CrisisJudge"]


@pytest.fixture(scope="session")
def judge_who(detector: CrisisDetector, replies: SafetyReplies, languages: Languages) -> JudgeWho:
    """Makes a judge with real phrases, whose classifier hears what the test says."""
    from nlu_components.crisis.classifier import Likelihood
    from nlu_components.crisis.judgement import CrisisJudge, Thresholds

    def made(*, hears: float = 0.0, hears_hard: float = 0.0, category: str = "") -> CrisisJudge:
        heard = Likelihood(hard=hears_hard, crisis=max(hears, hears_hard), category=category)
        classifier = cast("CrisisClassifier", Hears(heard))
        return CrisisJudge(detector, replies, classifier, languages, Thresholds(**THRESHOLDS))

    return made


def settings_of_the_component() -> dict[str, Any]:
    """What config.yml says about the crisis component."""
    pipeline = yaml.safe_load((HOME / "config.yml").read_text("utf-8"))["pipeline"]
    (settings,) = (part for part in pipeline if part["name"].endswith("CrisisDetectorComponent"))
    return dict(settings)


@pytest.fixture(scope="session")
def judge() -> CrisisJudge:
    """The judge as it runs; `make train` makes the encoder that it needs."""
    from nlu_components.crisis.component import load_judge

    return load_judge(settings_of_the_component())
