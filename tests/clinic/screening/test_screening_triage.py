"""The triage table: every rule, every boundary, and what visitors read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from clinic import questionnaires
from clinic.questionnaires import SCREENING
from clinic.screening import conditions
from clinic.screening.conditions import Condition, Is, Not
from clinic.screening.form import Form
from clinic.screening.rules import Rule, Ruleset, load_rules
from clinic.screening.triage import unknown_words
from tests.clinic.screening.visitors import Says, facts, fired, outcome_of, visitor

ENDS_OR_IN_DANGER = ("E0", "C0", "N1", "N2", "N3", "E1", "E2")
TWELVE: Says = {"extras": "mood questions", "phq9_1": 3, "phq9_2": 3, "phq9_3": 3, "phq9_4": 3}


@dataclass(frozen=True)
class Row:
    """What one visitor says, and what the table is to make of it."""

    code: str
    rules: tuple[str, ...]
    says: Says
    form: str = SCREENING


def _rows() -> list[Row]:
    path = Path(__file__).with_name("triage_visitors.yml")
    written: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Row(**{**one, "rules": tuple(one["rules"])}) for one in written["visitors"]]


ROWS = _rows()
RULES = load_rules(questionnaires.FOLDER / "triage.yml").rules


def ways_to_fire(when: Condition) -> Iterator[Condition]:
    """What can make a rule fire: each option by itself, and nothing that stands in a `not`."""
    if isinstance(when, Is):
        yield from (Is(when.question, (option,)) for option in when.options)
    elif isinstance(when, conditions.All | conditions.Any):
        for part in when.parts:
            yield from ways_to_fire(part)
    elif not isinstance(when, Not):
        yield when


# --- Every rule -----------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "+".join(row.rules) or row.code)
def test_every_visitor_is_sorted_by_the_rules_that_are_for_them(row: Row) -> None:
    outcome = outcome_of(visitor(row.form, **row.says))

    assert outcome.code == row.code
    assert fired(outcome) == set(row.rules)
    assert "{" not in outcome.text + "".join(reason.text for reason in outcome.reasons)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_visitor_for_each_way_to_fire(rule: Rule) -> None:
    its = [row for row in ROWS if rule.id in row.rules or rule.id == "g_general"]

    met = [facts(visitor(row.form, **row.says)) for row in its]

    for way in ways_to_fire(rule.when):
        assert any(way.holds(one) for one in met), f"add a visitor to triage_visitors.yml: {way}"


def test_only_the_last_rule_fires_for_a_visitor_with_nothing_to_flag() -> None:
    outcome = outcome_of(visitor())

    assert [(reason.rule, reason.code) for reason in outcome.reasons] == [("g_general", "G")]


def test_a_rule_is_named_after_its_outcome() -> None:
    assert [rule.id for rule in RULES if rule.id.split("_")[0].upper() != rule.code] == []


def test_rules_speak_of_questions_and_options_that_exist(
    ruleset: Ruleset, form: Form, callback: Form
) -> None:
    assert unknown_words(ruleset, (form, callback)) == ()


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        (Is("lever", ("severe",)), "there is no question 'lever'"),
        (Is("liver", ("severe", "gone")), "'liver' has no option 'gone'"),
        (conditions.PointsAtLeast("liver", 1), "the options of 'liver' have no points"),
        (conditions.ScoreBelow("phq8", 10), "there is no score 'phq8'"),
        (conditions.Takes("benzo"), "there is no medicine group 'benzo'"),
        (Not(conditions.Missing("lever")), "there is no question 'lever'"),
    ],
)
def test_a_rule_that_nobody_can_fire_is_found(
    ruleset: Ruleset, form: Form, when: Condition, problem: str
) -> None:
    broken = replace(ruleset, rules=(Rule("x_new", "X", when, "a reason"),))

    assert unknown_words(broken, (form,)) == (f"rule 'x_new': {problem}",)


# --- Boundaries -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "rules"),
    [
        (0, {"n1_under_18"}),
        (17, {"n1_under_18"}),
        (18, set()),
        (74, set()),
        (75, {"r_age"}),
        (120, {"r_age"}),
    ],
)
def test_age(age: int, rules: set[str]) -> None:
    assert fired(outcome_of(visitor(age=str(age)))) == rules


@pytest.mark.parametrize(
    ("numbers", "code", "rules"),
    [
        ("139/80", "G", set()),
        ("140/80", "R", {"r_blood_pressure_numbers"}),
        ("159/80", "R", {"r_blood_pressure_numbers"}),
        ("160/80", "X", {"x_blood_pressure_numbers"}),
        ("179/80", "X", {"x_blood_pressure_numbers"}),
        ("180/80", "X", {"x_blood_pressure_very_high"}),
        ("260/80", "X", {"x_blood_pressure_very_high"}),
        ("135/89", "G", set()),
        ("135/90", "R", {"r_blood_pressure_numbers"}),
        ("135/99", "R", {"r_blood_pressure_numbers"}),
        ("135/100", "X", {"x_blood_pressure_numbers"}),
        ("135/119", "X", {"x_blood_pressure_numbers"}),
        ("135/120", "X", {"x_blood_pressure_very_high"}),
        ("139/89", "G", set()),
        ("159/99", "R", {"r_blood_pressure_numbers"}),
        ("179/119", "X", {"x_blood_pressure_numbers"}),
    ],
)
def test_blood_pressure(numbers: str, code: str, rules: set[str]) -> None:
    outcome = outcome_of(visitor(bp_status=numbers))

    assert outcome.code == code
    assert fired(outcome) == rules


@pytest.mark.parametrize(
    ("numbers", "code"), [("179/119", "X"), ("180/80", "E0"), ("135/120", "E0"), ("180/120", "E0")]
)
def test_symptoms_make_an_emergency_of_a_very_high_blood_pressure_only(
    numbers: str, code: str
) -> None:
    assert outcome_of(visitor(bp_status=numbers, bp_symptoms="Yes")).code == code


@pytest.mark.parametrize(("total", "low"), [(0, True), (9, True), (10, False), (24, False)])
def test_under_ten_points_an_evaluation_comes_first_except_for_pain(total: int, low: bool) -> None:
    anxious = outcome_of(visitor(**mood(total)))
    in_pain = outcome_of(visitor(**mood(total), main_reason="Chronic pain"))

    assert anxious.code == ("I1" if low else "G")
    assert in_pain.code == "P"


@pytest.mark.parametrize(
    ("total", "code"),
    [(4, "I1"), (5, "I1"), (9, "I1"), (10, "T"), (14, "T"), (15, "T"), (19, "T"), (20, "T")],
)
def test_ten_points_are_needed_for_the_signal_of_two_antidepressants(total: int, code: str) -> None:
    says = {**mood(total), "main_reason": "Depression", "antidepressant_trials": "2"}

    outcome = outcome_of(visitor(**says))

    assert outcome.code == code
    assert ("t_two_antidepressants" in fired(outcome)) == (total >= 10)


@pytest.mark.parametrize(
    ("trials", "code"), [("0", "G"), ("1", "G"), ("2", "T"), ("3", "T"), ("4 or more", "T")]
)
def test_two_antidepressants_are_needed_too(trials: str, code: str) -> None:
    says = {**TWELVE, "main_reason": "Depression", "antidepressant_trials": trials}

    assert outcome_of(visitor(**says)).code == code


@pytest.mark.parametrize(
    ("reason", "code"),
    [("Depression", "T"), ("Depression; Chronic pain", "T"), ("Anxiety", "G"), ("PTSD", "G")],
)
def test_the_signal_is_for_depression(reason: str, code: str) -> None:
    says = {**TWELVE, "main_reason": reason, "antidepressant_trials": "3"}

    assert outcome_of(visitor(**says)).code == code


@pytest.mark.parametrize(("points", "code"), [(0, "G"), (1, "E2"), (2, "E1"), (3, "E1")])
def test_the_ninth_answer_counts_whatever_the_total(points: int, code: str) -> None:
    assert outcome_of(visitor(**TWELVE, phq9_9=points)).code == code
    assert outcome_of(visitor(extras="mood questions", phq9_9=points)).code == (
        "I1" if code == "G" else code
    )


def mood(total: int) -> dict[str, str | int | None]:
    """So many points on the first eight questions on mood, and none on the ninth."""
    points = {f"phq9_{item}": min(3, max(0, total - 3 * (item - 1))) for item in range(1, 9)}
    return {"extras": "mood questions", **points}


# --- What visitors read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "rule", "text"),
    [
        (
            {"stops_body": "Heart problem", "heart": "angina; afib"},
            "r_heart",
            "you mentioned your heart: Angina and Irregular heartbeat",
        ),
        (
            {"stops_body": "Heart problem", "heart": "Angina; Heart attack in the last 3 months"},
            "r_heart",
            "you mentioned your heart: Angina",
        ),
        (
            {
                "stops_brain": "Unsure about some of these",
                "stops_brain_unsure": "Mania; Psychosis; Stroke or another head problem; Seizures",
            },
            "r_brain_unsure",
            "you were not sure about this: Stroke or another head problem, Psychosis and Mania",
        ),
        (
            {"stops_body": "Unsure about some of these", "stops_body_unsure": "Liver problem"},
            "r_body_unsure",
            "you were not sure about this: Liver problem",
        ),
        (
            {"stops_brain": "Unsure about some of these", "stops_brain_unsure": "Seizures"},
            "m_brain_unsure",
            "we do not know yet about this: Seizures",
        ),
        (
            {"stops_body": "Unsure about some of these", "stops_body_unsure": "Bladder problem"},
            "m_body_unsure",
            "we do not know yet about this: Bladder problem",
        ),
        (
            {"stops_brain": "Stroke or another head problem", "stroke_ic_pressure": "Stroke"},
            "r_head",
            "you mentioned your head: Stroke",
        ),
        ({"medicines": "xanax"}, "r_benzodiazepine", "you take Xanax (a benzodiazepine)"),
        (
            {"medicines": "klonopin 1mg, lexapro and xanax"},
            "r_benzodiazepine",
            "you take Klonopin and Xanax (a benzodiazepine)",
        ),
        ({"medicines": "suboxone"}, "r_opioid", "you take Suboxone (an opioid)"),
    ],
)
def test_a_reason_names_what_the_visitor_said(says: Says, rule: str, text: str) -> None:
    outcome = outcome_of(visitor(**says))

    assert [reason.text for reason in outcome.reasons if reason.rule == rule] == [text]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_on_medicines_names_the_medicine(rule: Rule) -> None:
    looks_at_medicines = any(one.kind == conditions.MEDICINE for one in rule.when.mentions())

    assert not looks_at_medicines or "{said}" in rule.reason


def test_the_text_names_the_reasons_of_its_own_outcome_only() -> None:
    says = {
        "stops_body": "Liver problem; Heart problem",
        "liver": "Severe",
        "heart": "Angina",
        "pregnancy": "I am pregnant",
    }

    outcome = outcome_of(visitor(**says))

    assert "you mentioned that you are pregnant; and you mentioned a severe liver" in outcome.text
    assert "Angina" not in outcome.text
    assert "r_heart" in fired(outcome)


@pytest.mark.parametrize(
    "word",
    [
        *("eligible", "qualif", "candidate", "suitable", "approved", "accepted", "right for you"),
        *("dose", "dosage", " mg", "milligram", "diagnos", "cure", "guarantee", "safe for you"),
    ],
)
def test_no_text_decides_promises_or_speaks_of_doses_or_diagnoses(
    ruleset: Ruleset, word: str
) -> None:
    texts = [words for one in ruleset.outcomes for words in (one.text, one.label)]
    reasons = [rule.reason for rule in ruleset.rules]

    assert [text for text in (*texts, *reasons) if word in text.casefold()] == []


@pytest.mark.parametrize("code", ENDS_OR_IN_DANGER)
def test_who_is_sent_away_or_may_be_in_danger_hears_of_988_and_911(
    ruleset: Ruleset, code: str
) -> None:
    text = ruleset.outcome(code).text

    assert "988" in text
    assert "911" in text


@pytest.mark.parametrize("code", ["E0", "E1", "E2"])
def test_nobody_in_danger_is_left_to_believe_that_this_chat_is_watched(
    ruleset: Ruleset, code: str
) -> None:
    assert "This chat is not watched for emergencies." in ruleset.outcome(code).text


@pytest.mark.parametrize("code", ["X", "R", "M"])
def test_who_is_held_up_hears_why(ruleset: Ruleset, code: str) -> None:
    assert "{reasons}" in ruleset.outcome(code).text


@pytest.mark.parametrize("code", ["C0", "N1", "N2", "N3"])
def test_who_is_sent_away_hears_that_nothing_was_kept(ruleset: Ruleset, code: str) -> None:
    assert "I have kept nothing" in ruleset.outcome(code).text
