"""The recipe for a question about a date in docs/screening.md works as it is written."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from clinic import questionnaires
from clinic.screening.engine import next_question, receive
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import load_questionnaire
from clinic.screening.rules import Ruleset, load_rules
from clinic.screening.summary import summary
from clinic.screening.triage import triage, unknown_words
from tests.clinic.screening.conftest import CALM
from tests.clinic.screening.test_screening_files import without_own_words

HOUSE = Path(__file__).parents[2]
BEFORE = "  - linkId: pregnancy\n"
NEW = "last_dose"


@pytest.fixture(scope="module")
def edits() -> list[str]:
    """The two pieces of YAML, as somebody would copy them."""
    written = (HOUSE / "docs" / "screening.md").read_text("utf-8")
    recipe = written.split("## Ask for a date")[1].split("\n## ")[0]
    found = re.findall(r"```yaml\n(.*?)```", recipe, re.DOTALL)
    assert len(found) == 2
    return found


@pytest.fixture(scope="module")
def edited(edits: list[str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Form, Ruleset]:
    folder = tmp_path_factory.mktemp("edited") / "screening"
    shutil.copytree(HOUSE / "screening", folder)
    questions, rules = folder / "questionnaire.yml", folder / "triage.yml"
    written = questions.read_text("utf-8")
    assert written.count(BEFORE) == 1
    questions.write_text(written.replace(BEFORE, f"{edits[0]}\n{BEFORE}"), "utf-8")
    rules.write_text(f"{rules.read_text('utf-8')}\n{edits[1]}", "utf-8")
    ours = questionnaires.form(questionnaires.SCREENING)
    asked = load_questionnaire(questions, questionnaires.local_dates())
    return replace(ours, questionnaire=asked), load_rules(rules)


def answered(form: Form, text: str) -> Progress:
    progress = Progress.start(form.questionnaire)
    while (question := next_question(form, progress)) and question.link_id != "review":
        said = text if question.link_id == NEW else CALM[question.link_id]
        received = receive(form, progress, said, lenient=True)
        assert received.problem is None, question.link_id
        progress = received.progress
    return progress


def test_the_question_is_asked_understood_and_written_in_words(
    edited: tuple[Form, Ruleset],
) -> None:
    form, ruleset = edited
    forms = (form, questionnaires.form(questionnaires.CALLBACK))

    assert unknown_words(ruleset, forms) == ()
    assert dict(summary(form, answered(form, "March 5, 2024")))["Last dose"] == "5 March 2024"


@pytest.mark.parametrize(("days", "fires"), [(14, True), (15, False)])
def test_the_rule_looks_back_from_today(
    edited: tuple[Form, Ruleset], days: int, fires: bool
) -> None:
    form, ruleset = edited
    day = form.questionnaire.dates.today() - timedelta(days=days)

    outcome = triage(ruleset, facts_of(form, answered(form, day.isoformat())))

    assert outcome is not None
    assert ("r_last_dose" in [reason.rule for reason in outcome.reasons]) is fires


def test_without_our_own_words_it_is_plain_fhir(edits: list[str]) -> None:
    item: Any = yaml.safe_load(edits[0])

    FhirQuestionnaire.model_validate(
        {
            "resourceType": "Questionnaire",
            "status": "draft",
            "item": without_own_words(item),
        }
    )
