"""What staff taught trains at once: the file that is exported goes through Rasa's own reader."""

from __future__ import annotations

import shutil
from pathlib import Path

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu_components.importer import FrontDeskImporter
from tests.nlu_components.conftest import HOME

# As tests/clinic/test_taught.py exports it.
EXAMPLE = HOME / "tests" / "nlu_components" / "taught_example.yml"


def training_data(folder: Path) -> TrainingData:
    """All of the product's own data, with the exported file where a developer puts it."""
    nlu = folder / "data" / "nlu"
    shutil.copytree(HOME / "data" / "nlu", nlu)
    shutil.copy(EXAMPLE, nlu / "taught.yml")
    made = FrontDeskImporter(
        domain_path=str(HOME / "domain.yml"),
        training_data_paths=[str(folder / "data")],
        topics=str(HOME / "data" / "faq"),
        crisis=str(HOME / "crisis"),
        clinic=str(HOME / "clinic.yml"),
    )
    return made.get_nlu_data()


def test_every_exported_sentence_arrives_under_its_intent_word_for_word(tmp_path: Path) -> None:
    data = training_data(tmp_path)

    learnt = {
        example.get(TEXT): (example.get(INTENT), example.get(INTENT_RESPONSE_KEY))
        for example in data.training_examples
    }
    expected = {
        "so what would the whole thing set my wallet back": ("faq", "faq/cost"),
        "ballpark figure for the lot, if you please: cheap or dear?": ("faq", "faq/cost"),
        "put me through to somebody who breathes": ("human_handoff", None),
        "do you sell # gift vouchers - or 'coupons'": ("out_of_scope", None),
    }
    assert {text: learnt.get(text) for text in expected} == expected
    assert len(learnt) > 11_000  # beside all that was there
