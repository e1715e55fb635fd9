"""The real detector and the real phrases, loaded once."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if find_spec("spacy") is None:  # these tests run in Rasa's environment only
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from nlu_components.crisis.detector import CrisisDetector

CRISIS = Path(__file__).parents[2] / "crisis"


@pytest.fixture(scope="session")
def detector() -> CrisisDetector:
    from nlu_components.crisis.detector import CrisisDetector

    return CrisisDetector.from_folder(CRISIS / "phrases")
