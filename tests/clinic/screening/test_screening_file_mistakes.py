"""A mistake in a hand-written file stops the start, and is named kindly and with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic.screening.contradictions import ContradictionsError, load_contradictions
from clinic.screening.questionnaire import Questionnaire, QuestionnaireError, load_questionnaire
from clinic.screening.rules import RulesError, load_rules

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
SHADES = """\
  - linkId: shade
    type: integer
    reads: number
    short: Shade
    text: How dark?
    why: To paint.
"""
MEANT = """\
  - {linkId: meant, type: open-choice, repeats: true, confirms: pills, short: Meant, text: "Is it?",
     why: Safety.}
"""
PILLS = """\
  - {linkId: pills, type: open-choice, reads: medicines, short: Pills, text: "Which?", why: Safety.}
"""
RULES = """\
version: "1"
outcomes:
  X: {urgency: 40, contact_within: 1 open day, label: Hold, text: "Because {reasons}, wait."}
  G: {urgency: 10, contact_within: never, label: General, text: Thank you.}
rules:
  - {id: red, code: X, when: {answer: color, is: red}, reason: you like red}
  - {id: all, code: G, when: {always: true}, reason: you answered}
"""
CONTRADICTIONS = """\
version: "1"
contradictions:
  - id: red_but_blue
    when: {all: [{answer: color, is: red}, {answer: sky, is: blue}]}
    about: [color, sky]
    ask: Red or blue?
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "written.yml"


def questionnaire_from(path: Path, text: str) -> Questionnaire:
    path.write_text(text, encoding="utf-8")
    return load_questionnaire(path)


# --- Mistakes in a questionnaire ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD.replace("Questionnaire\n", "Survey\n", 1) + COLOR, "'resourceType' must be"),
        (HEAD + COLOR.replace("short:", "shrt:"), "Did you mean 'short'?"),
        (HEAD + COLOR.replace("    why: To paint.\n", ""), "question 'color': 'why' is missing"),
        (HEAD + COLOR.replace("    short: Color\n", ""), "question 'color': 'short' is missing"),
        (HEAD + COLOR.replace("choice", "choise"), "type 'choise' is not one of"),
        (HEAD + COLOR.replace("code: red", "code: no"), "valueCoding: 'code' must be text"),
        (HEAD + COLOR.replace(", display: Red", ""), "'display' is missing"),
        (HEAD + COLOR.replace("display: Blue", "display: Red"), "'red' belongs to two options"),
        (HEAD + COLOR.replace("display: Blue", "display: Blue; dark"), "holds a ';'"),
        (HEAD + COLOR + COLOR.removeprefix("item:\n"), "used twice"),
        (HEAD + COLOR + SHADES.replace("Shade", "color"), "'short: color' is used twice"),
        (HEAD + COLOR.replace("linkId: color", "linkId: review"), "keeps for itself"),
        (HEAD + COLOR.replace("linkId: color", "linkId: change"), "keeps for itself"),
        (HEAD + COLOR.replace("short:", "required: maybe\n    short:"), "must be true or false"),
        (HEAD + COLOR.replace("short:", "reads: phone\n    short:"), "does not fit the type"),
        (HEAD + COLOR.replace("short:", "repeats: true\n    reads: choice\n    short:"), "belong"),
        (HEAD + COLOR.replace("short:", "text: Twice\n    short:"), "'text' is written twice"),
        (HEAD + COLOR.replace("short:", "- short:"), "line 11"),
        (HEAD + COLOR[: COLOR.index("      - valueCoding: {code: blue")], "at least two"),
        (HEAD.replace("draft", "ready") + COLOR, "status 'ready' is not one of"),
        (HEAD.replace('"1"', "1.0") + COLOR, "Put it in quotes"),
        (HEAD, "not one question"),
        ("", "belong here"),
    ],
)
def test_a_mistake_in_a_questionnaire_is_named_with_its_place(
    written: Path, text: str, message: str
) -> None:
    with pytest.raises(QuestionnaireError) as error:
        questionnaire_from(written, text)

    assert message in str(error.value)
    assert str(written) in str(error.value)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("why:", "named: my color\n    why:", "'named' must be a list of texts"),
        ("why:", "named: [yes]\n    why:", "'named' must be a list of texts"),
        ("why:", "textVersion: 2\n    why:", "'textVersion' must be text. Put it in quotes"),
        ("why:", "help: 988\n    why:", "'help' must be text"),
        ("why:", "help: ''\n    why:", "'help' is empty"),
        ("why:", "stem: [Last week]\n    why:", "'stem' must be text"),
        ("why:", "past: maybe\n    why:", "'past' must be true or false"),
        ("why:", "explicit: perhaps\n    why:", "'explicit' must be true or false"),
        ("why:", "confirm: pills\n    why:", "Did you mean 'confirms'?"),
        ("why:", "minValue: low\n    why:", "'minValue' must be a whole number"),
        ("why:", "maxLength: long\n    why:", "'maxLength' must be a whole number"),
        ("display: Red}", "display: Red}\n        points: one", "'points' must be a whole number"),
        ("display: Red}", "display: Red}\n        point: 1", "Did you mean 'points'?"),
        (
            "display: Red}",
            "display: Red}\n        atLeastDays: soon",
            "'atLeastDays' must be a whole number",
        ),
        ("display: Red}", "display: Red}\n        takes: 7", "'takes' must be text"),
        ("display: Red}", "display: Red}\n        exclusive: 1", "'exclusive' must be true"),
        ("display: Red}", "display: Red}\n        also: reddish", "'also' must be a list"),
        ("display: Red}", "display: Red}\n        also: [blue]", "'blue' belongs to two options"),
        ("type: choice", "type: choice\n    reads: medicines", "does not fit the type"),
        ("type: choice", "type: choice\n    reads: blood_pressure", "does not fit the type"),
        ("reads: number", "reads: duration", "does not fit the type"),
    ],
)
def test_a_mistake_in_our_own_words_is_named_with_its_place(
    written: Path, before: str, after: str, message: str
) -> None:
    text = HEAD + COLOR + SHADES
    assert before in text

    with pytest.raises(QuestionnaireError) as error:
        questionnaire_from(written, text.replace(before, after, 1))

    assert message in str(error.value)
    assert "question '" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            COLOR + "    enableWhen: [{question: later, operator: exists, answerBoolean: true}]\n",
            "question 'color': it waits for 'later', which comes no earlier",
        ),
        (
            COLOR
            + "    enableWhen: [{question: shade, operator: '>', answerInteger: 3}]\n"
            + SHADES,
            "question 'color': it waits for 'shade', which comes no earlier",
        ),
        (
            COLOR + "    enableWhen: [{question: color, operator: is, answerBoolean: true}]\n",
            "operator 'is' is not one of",
        ),
        (
            COLOR + SHADES + "    enableWhen: [{question: color, operator: exists,"
            " answerCoding: {code: red}}]\n",
            "'exists' is compared with 'answerBoolean: true' or 'false'",
        ),
        (
            COLOR + SHADES + "    enableWhen: [{question: color, operator: '='}]\n",
            "exactly one of these belongs here: answerCoding",
        ),
        (COLOR + SHADES + "    enableBehavior: both\n", "'enableBehavior' must be all or any"),
        (
            COLOR.replace("display: Red}", "display: Red}\n        takes: shade"),
            "question 'color': it leads to 'shade', which comes no later",
        ),
        (
            COLOR + SHADES.replace("number", "blood_pressure") + "    with: color\n",
            "question 'shade': it leads to 'color', which comes no later",
        ),
        (
            COLOR + SHADES.replace("number", "blood_pressure") + "    with: nowhere\n",
            "question 'shade': it leads to 'nowhere', which comes no later",
        ),
        (
            "item:\n" + MEANT + PILLS,
            "question 'meant': it waits for 'pills', which comes no earlier",
        ),
        (
            COLOR + SHADES + "    enableWhen: [{question: color, operator: '=',"
            " answerCoding: {code: rod}}]\n",
            "'color' has no option 'rod' to wait for",
        ),
        (COLOR + SHADES + "    stem: Lately\n", "'stem' does nothing here"),
        (COLOR + SHADES + "    help: suicide\n", "'help' does nothing here"),
        (COLOR + SHADES + "    with: color\n", "'with' does nothing here"),
        (COLOR + SHADES + "    past: true\n", "'past' does nothing here"),
        (COLOR + SHADES + "    confirms: color\n", "'confirms' does nothing here"),
        (COLOR + '    textVersion: "1"\n', "'textVersion' does nothing here"),
        (
            COLOR.replace("display: Red}", "display: Red}\n        atLeastDays: 3"),
            "'atLeastDays' does nothing here",
        ),
        (COLOR + "    reads: duration\n", "needs options with 'atLeastDays'"),
    ],
)
def test_questions_that_hang_on_each_other_stand_in_their_order(
    written: Path, text: str, message: str
) -> None:
    with pytest.raises(QuestionnaireError) as error:
        questionnaire_from(written, HEAD + text)

    assert message in str(error.value)


def test_a_missing_file_is_named(written: Path) -> None:
    with pytest.raises(QuestionnaireError, match="no such file"):
        load_questionnaire(written)


# --- Mistakes in the triage table and the contradictions ------------------------------------------


def test_a_small_triage_table_is_read(written: Path) -> None:
    written.write_text(RULES, encoding="utf-8")

    ruleset = load_rules(written)

    assert [rule.id for rule in ruleset.rules] == ["red", "all"]
    assert [one.code for one in ruleset.outcomes] == ["X", "G"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("is: red", "is: yes", "Put it in quotes"),
        ("is: red", "equals: red", "'equals' is not a word known here"),
        ("is: red", "missing: false", "rule 'red' > when: 'missing' can only be true"),
        ("{answer: color, is: red}", "{any: []}", "'any' has nothing written under it"),
        ("{answer: color, is: red}", "{}", "'when' needs one of"),
        ("code: X", "code: Y", "rule 'red': code 'Y' is not one of the outcomes"),
        ("id: all", "id: red", "rule 'red' is written twice"),
        ("{always: true}", "{answer: color, missing: true}", "one rule must always fire"),
        ("label: General", "ends: true, label: General", "must stand before all others"),
        ("urgency: 40", "urgency: high", "must be a whole number"),
        ("contact_within: 1 open day, ", "", "'contact_within' is missing"),
        ("1 open day", "tomorrow", "'contact_within: tomorrow' is not one of: at once"),
        ("1 open day", "0 open days", "is not one of: at once"),
        ("1 open day", "1 day", "is not one of: at once"),
        ("1 open day", "60", "Put it in quotes"),
        ("label: Hold", "label: Hold, alarm: loud", "'alarm' can be: hard, soft"),
        ("label: Hold", "label: Hold, alarm: yes", "'alarm' must be text"),
        ("label: Hold", "label: Hold, stores: sometimes", "'stores' must be true or false"),
        ("label: Hold", "label: Hold, color: red", "'color' is not a word known here"),
        ("{reasons}", "{reason}", "the only word in curly brackets is {reasons}"),
        ("reason: you like red", 'reason: "you like {color}"', "curly brackets here is {said}"),
        (", reason: you like red", "", "rule 'red': 'reason' is missing"),
        ('version: "1"', "version: 1", "'version' must be text"),
    ],
)
def test_a_mistake_in_the_triage_table_is_named_with_its_place(
    written: Path, before: str, after: str, message: str
) -> None:
    assert before in RULES
    written.write_text(RULES.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(RulesError) as error:
        load_rules(written)

    assert message in str(error.value)
    assert str(written) in str(error.value)


def test_a_small_file_of_contradictions_is_read(written: Path) -> None:
    written.write_text(CONTRADICTIONS, encoding="utf-8")

    (contradiction,) = load_contradictions(written)

    assert (contradiction.id, contradiction.about) == ("red_but_blue", ("color", "sky"))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("contradictions:", "contradiction:", "Did you mean 'contradictions'?"),
        ("id: red_but_blue", "name: red_but_blue", "contradictions 1: 'id' is missing"),
        ("    ask: Red or blue?\n", "", "contradiction 'red_but_blue': 'ask' is missing"),
        ("ask: Red or blue?", "aks: Red or blue?", "Did you mean 'ask'?"),
        ("ask: Red or blue?", "ask: no", "'ask' must be text"),
        ("about: [color, sky]", "about: []", "'about' names the questions"),
        ("    about: [color, sky]\n", "", "'about' names the questions"),
        ("about: [color, sky]", "about: color", "'about' must be a list of texts"),
        ("is: red", "is: yes", "contradiction 'red_but_blue' > when > all 1: 'is' must be text"),
        ("is: blue", "are: blue", "contradiction 'red_but_blue' > when > all 2: 'are'"),
        ("    ask:", "    about: [sky]\n    ask:", "'about' is written twice"),
        (
            "    ask: Red or blue?\n",
            "    ask: Red or blue?\n"
            "  - {id: red_but_blue, when: {always: true}, about: [sky], ask: Why}\n",
            "contradiction 'red_but_blue' is written twice",
        ),
    ],
)
def test_a_mistake_in_the_contradictions_is_named_with_its_place(
    written: Path, before: str, after: str, message: str
) -> None:
    assert before in CONTRADICTIONS
    written.write_text(CONTRADICTIONS.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(ContradictionsError) as error:
        load_contradictions(written)

    assert message in str(error.value)
    assert str(written) in str(error.value)
