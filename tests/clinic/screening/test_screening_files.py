"""The hand-written files: what stands in them is complete, and mistakes are named kindly."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from fhir.resources.R4B.questionnaire import Questionnaire as FhirQuestionnaire

from clinic.screening.engine import next_question, receive
from clinic.screening.item_file import OWN_WORDS
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire, QuestionnaireError, load_questionnaire
from clinic.screening.response import questionnaire_response
from clinic.screening.rules import RulesError, load_rules

SCREENING = Path(__file__).parents[3] / "screening"
NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)

HEAD = """\
resourceType: Questionnaire
id: small
url: https://clinic.example/fhir/Questionnaire/small
name: Small
version: "1"
title: A small one
status: draft
"""
COLOR = """\
item:
  - linkId: color
    type: choice
    short: Color
    text: Which color?
    why: To paint.
    answerOption:
      - valueCoding: {code: red, display: Red}
      - valueCoding: {code: blue, display: Blue}
"""
RULES = """\
version: "1"
outcomes:
  X: {urgency: 40, label: Hold, text: "Because {reasons}, wait."}
  G: {urgency: 10, label: General, text: Thank you.}
rules:
  - {id: red, code: X, when: {answer: color, is: red}, reason: you like red}
  - {id: all, code: G, when: {always: true}, reason: you answered}
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "written.yml"


def questionnaire_from(path: Path, text: str) -> Questionnaire:
    path.write_text(text, encoding="utf-8")
    return load_questionnaire(path)


@pytest.mark.parametrize("name", ["questionnaire.yml", "callback.yml"])
def test_every_question_says_why_and_has_its_label(name: str) -> None:
    for asked in load_questionnaire(SCREENING / name).questions:
        assert asked.item.why, asked.item.link_id
        assert asked.item.short, asked.item.link_id


@pytest.mark.parametrize("name", ["questionnaire.yml", "callback.yml"])
def test_without_our_own_words_the_file_is_a_valid_fhir_questionnaire(name: str) -> None:
    plain = without_own_words(yaml.safe_load((SCREENING / name).read_text(encoding="utf-8")))

    FhirQuestionnaire.model_validate(plain)


def without_own_words(written: object) -> object:
    if isinstance(written, dict):
        return {k: without_own_words(v) for k, v in written.items() if k not in OWN_WORDS}
    if isinstance(written, list):
        return [without_own_words(entry) for entry in written]
    return written


def test_every_safety_stop_can_be_answered_with_not_sure_or_skipped(
    questionnaire: Questionnaire,
) -> None:
    stops = [asked.item for asked in questionnaire.questions][5:16]

    for item in stops:
        codes = {option.code for option in item.options}
        assert not item.required
        assert codes & {"unsure", "unknown", "possible"}, item.link_id


def test_options_do_not_sound_like_an_emergency(questionnaire: Questionnaire) -> None:
    alarming = ("chest pain", "kill", "suicid", "die", "hurt", "harm", "overdos", "breathe")

    for asked in questionnaire.questions:
        for option in asked.item.options:
            assert not [word for word in alarming if word in option.label.casefold()]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD.replace("Questionnaire\n", "Survey\n", 1) + COLOR, "'resourceType' must be"),
        (HEAD + COLOR.replace("short:", "shrt:"), "Did you mean 'short'?"),
        (HEAD + COLOR.replace("    why: To paint.\n", ""), "question 'color': 'why' is missing"),
        (HEAD + COLOR.replace("    short: Color\n", ""), "question 'color': 'short' is missing"),
        (HEAD + COLOR.replace("choice", "choise"), "type 'choise' is not one of"),
        (
            HEAD + COLOR.replace("code: red", "code: no"),
            "valueCoding: 'code' must be text",
        ),
        (HEAD + COLOR.replace("display: Blue", "display: Red"), "'red' belongs to two options"),
        (HEAD + COLOR.replace("display: Blue", "display: Blue; dark"), "holds a ';'"),
        (HEAD + COLOR + COLOR.removeprefix("item:\n"), "used twice"),
        (HEAD + COLOR.replace("linkId: color", "linkId: review"), "keeps for itself"),
        (HEAD + COLOR.replace("short:", "required: maybe\n    short:"), "must be true or false"),
        (HEAD + COLOR.replace("short:", "reads: phone\n    short:"), "does not fit the type"),
        (HEAD + COLOR.replace("short:", "repeats: true\n    reads: choice\n    short:"), "belong"),
        (HEAD + COLOR.replace("short:", "text: Twice\n    short:"), "'text' is written twice"),
        (HEAD + COLOR.replace("short:", "- short:"), "line 11"),
        (HEAD.replace("draft", "ready") + COLOR, "status 'ready' is not one of"),
        (HEAD.replace('"1"', "1.0") + COLOR, "Put it in quotes"),
        (HEAD, "not one question"),
        ("", "belong here"),
        (
            HEAD + COLOR + "    enableWhen: [{question: later, operator: exists,"
            " answerBoolean: true}]\n",
            "waits for 'later'",
        ),
        (
            HEAD + COLOR + "    enableWhen: [{question: color, operator: is,"
            " answerBoolean: true}]\n",
            "operator 'is' is not one of",
        ),
    ],
)
def test_a_mistake_in_a_questionnaire_is_named_with_its_place(
    written: Path, text: str, message: str
) -> None:
    with pytest.raises(QuestionnaireError) as error:
        questionnaire_from(written, text)

    assert message in str(error.value)
    assert str(written) in str(error.value)


def test_a_missing_file_is_named(written: Path) -> None:
    with pytest.raises(QuestionnaireError, match="no such file"):
        load_questionnaire(written)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("is: red", "is: yes", "Put it in quotes"),
        ("is: red", "equals: red", "'equals' is not a word known here"),
        ("is: red", "is: red, below: 3", "exactly one of these"),
        ("is: red", "missing: false", "can only be true"),
        ("{answer: color, is: red}", "{any: []}", "'any' has nothing written under it"),
        ("{answer: color, is: red}", "{}", "'when' needs one of"),
        ("code: X", "code: Y", "rule 'red': code 'Y' is not one of the outcomes"),
        ("id: all", "id: red", "rule 'red' is written twice"),
        ("{always: true}", "{answer: color, missing: true}", "one rule must always fire"),
        ("label: General", "ends: true, label: General", "must stand before all others"),
        ("urgency: 40", "urgency: high", "must be a whole number"),
        ("{reasons}", "{reason}", "curly brackets"),
        ("reason: you like red", "", "'reason' is missing"),
    ],
)
def test_a_mistake_in_the_triage_table_is_named_with_its_place(
    written: Path, before: str, after: str, message: str
) -> None:
    written.write_text(RULES.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(RulesError) as error:
        load_rules(written)

    assert message in str(error.value)
    assert str(written) in str(error.value)


def test_groups_displays_and_yes_or_no_items_are_carried_too(written: Path) -> None:
    questionnaire = questionnaire_from(
        written,
        HEAD
        + """\
item:
  - {linkId: hello, type: display, text: Hello.}
  - linkId: weeks
    type: group
    text: Over the last 2 weeks
    item:
      - {linkId: rested, type: boolean, text: "Rested?", why: To know., short: Rested}
      - linkId: hours
        type: integer
        reads: number
        text: How many hours?
        why: To know.
        short: Hours
        enableWhen: [{question: rested, operator: "=", answerBoolean: true}]
""",
    )
    start = Progress.start(questionnaire)

    first = next_question(questionnaire, start)
    rested = receive(questionnaire, start, "yep", lenient=True).progress
    second = next_question(questionnaire, rested)
    tired = receive(questionnaire, start, "No", lenient=False).progress
    third = next_question(questionnaire, tired)
    response = questionnaire_response(questionnaire, rested, NOON)

    assert first is not None
    assert first.text == "Hello.\n\nOver the last 2 weeks\n\nRested?"
    assert first.options == ("Yes", "No")
    assert rested.value("rested") is True
    assert second is not None
    assert (second.link_id, second.text) == ("hours", "How many hours?")
    assert third is not None
    assert third.link_id == "review"
    assert response["item"] == [
        {
            "linkId": "weeks",
            "text": "Over the last 2 weeks",
            "item": [{"linkId": "rested", "text": "Rested?", "answer": [{"valueBoolean": True}]}],
        }
    ]
