"""The recipe in docs/screening.md works as it is written: two edits, and the question is there."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clinic import questionnaires
from clinic.screening.engine import change, next_question, receive
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import load_questionnaire
from clinic.screening.response import questionnaire_response
from clinic.screening.rules import Ruleset, load_rules
from clinic.screening.summary import summary
from clinic.screening.triage import triage, unknown_words
from tests.clinic.screening.conftest import CALM

HOUSE = Path(__file__).parents[2]
BEFORE = "  - linkId: pregnancy\n"
NEW = "metal_implant"


@pytest.fixture(scope="module")
def edits() -> list[str]:
    """The two pieces of YAML, as somebody would copy them."""
    recipe = (HOUSE / "docs" / "screening.md").read_text("utf-8").split("## What happens")[0]
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
    form = replace(
        questionnaires.form(questionnaires.SCREENING), questionnaire=load_questionnaire(questions)
    )
    return form, load_rules(rules)


def answered(form: Form, text: str) -> Progress:
    progress = Progress.start(form.questionnaire)
    while (question := next_question(form, progress)) and question.link_id != "review":
        said = text if question.link_id == NEW else CALM[question.link_id]
        received = receive(form, progress, said, lenient=True)
        assert received.problem is None, question.link_id
        progress = received.progress
    return progress


def test_both_files_still_load_and_the_rule_speaks_of_the_question(
    edited: tuple[Form, Ruleset],
) -> None:
    form, ruleset = edited
    forms = (form, questionnaires.form(questionnaires.CALLBACK))

    assert form.questionnaire.item(NEW)
    assert unknown_words(ruleset, forms) == ()


@pytest.mark.parametrize(("said", "value"), [("yep", "yes"), ("nah", "no"), ("no idea", "unsure")])
def test_the_new_question_is_asked_and_understands_everyday_words(
    edited: tuple[Form, Ruleset], said: str, value: str
) -> None:
    form, _ = edited

    assert answered(form, said).value(NEW) == value


def test_the_new_answer_can_be_changed_is_summed_up_and_leaves_as_fhir(
    edited: tuple[Form, Ruleset],
) -> None:
    form, _ = edited
    changed = change(form, answered(form, "no"), [NEW], "yes").progress

    response = questionnaire_response(form, changed, datetime(2026, 1, 31, tzinfo=UTC))

    assert dict(summary(form, changed))["Metal implant"] == "Yes"
    assert NEW in str(response)


def test_the_new_rule_fires_with_its_reason(edited: tuple[Form, Ruleset]) -> None:
    form, ruleset = edited

    outcome = triage(ruleset, facts_of(form, answered(form, "yes")))
    calm = triage(ruleset, facts_of(form, answered(form, "no")))

    assert outcome is not None
    assert calm is not None
    assert (outcome.code, outcome.reasons[0].rule) == ("R", "r_metal_implant")
    assert "a metal implant in your head" in outcome.text
    assert "r_metal_implant" not in [reason.rule for reason in calm.reasons]
