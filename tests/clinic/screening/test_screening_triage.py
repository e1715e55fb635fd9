"""Triage: every rule, every boundary, every precedence; and no answer ever calms another one."""

from collections.abc import Mapping, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.items import Value
from clinic.screening.questionnaire import Questionnaire
from clinic.screening.rules import unknown_words
from clinic.screening.triage import Outcome, Ruleset, ending, triage

Answers = dict[str, tuple[Value, ...]]

SERVED = frozenset({"MD", "DC"})
PRECEDENCE = ["E0", "C0", "N1", "N2", "X", "R", "M", "I1", "T", "P", "G"]

# One line for every rule: the answer that makes it fire. None leaves the question out.
ROWS: list[tuple[str, dict[str, tuple[Value, ...] | None]]] = [
    ("e0_emergency_now", {"emergency_now": ("yes",)}),
    ("c0_refused", {"consent": ("no",)}),
    ("n1_under_18", {"age": (17,)}),
    ("n2_state", {"state": ("TX",)}),
    ("x_ketamine_allergy", {"ketamine_allergy": ("yes",)}),
    ("x_aneurysm", {"aneurysm_avm_brain_bleed": ("yes",)}),
    ("x_blood_pressure", {"bp_status": ("high_uncontrolled",)}),
    ("x_heart_failure", {"heart": ("heart_failure_uncontrolled",)}),
    ("x_recent_heart_attack", {"heart": ("angina", "recent_heart_attack")}),
    ("x_brain_pressure", {"stroke_ic_pressure": ("raised_pressure",)}),
    ("x_psychosis_now", {"psychosis": ("now",)}),
    ("x_schizophrenia", {"psychosis": ("schizophrenia",)}),
    ("x_mania_now", {"mania": ("now",)}),
    ("x_pregnancy", {"pregnancy": ("yes",)}),
    ("x_ketamine_use", {"substance_use": ("now_ketamine",)}),
    ("x_substance_use", {"substance_use": ("now_alcohol",)}),
    ("x_substance_use", {"substance_use": ("now_opioids",)}),
    ("x_substance_use", {"substance_use": ("now_stimulants",)}),
    ("x_substance_use", {"substance_use": ("now_cannabis",)}),
    ("x_substance_use", {"substance_use": ("now_other",)}),
    ("x_liver", {"liver": ("severe",)}),
    ("x_thyroid", {"thyroid": ("untreated",)}),
    ("r_age", {"age": (75,)}),
    ("r_aneurysm_unsure", {"aneurysm_avm_brain_bleed": ("unsure",)}),
    ("r_blood_pressure", {"bp_status": ("high_controlled",)}),
    ("r_heart_failure", {"heart": ("heart_failure_controlled",)}),
    ("r_older_heart_attack", {"heart": ("older_heart_attack",)}),
    ("r_angina", {"heart": ("angina",)}),
    ("r_arrhythmia", {"heart": ("arrhythmia",)}),
    ("r_stroke", {"stroke_ic_pressure": ("stroke",)}),
    ("r_brain_tumor", {"stroke_ic_pressure": ("brain_tumor",)}),
    ("r_head_injury", {"stroke_ic_pressure": ("head_injury",)}),
    ("r_psychosis_past", {"psychosis": ("past",)}),
    ("r_psychosis_family", {"psychosis": ("family",)}),
    ("r_mania_past", {"mania": ("past",)}),
    ("r_bipolar", {"main_reason": ("bipolar_depression",)}),
    ("r_pregnancy_possible", {"pregnancy": ("possible",)}),
    ("r_pregnancy_trying", {"pregnancy": ("trying",)}),
    ("r_substance_use_past", {"substance_use": ("past_3_months",)}),
    ("r_substance_use_past", {"substance_use": ("past_year",)}),
    ("r_liver", {"liver": ("moderate",)}),
    ("m_main_reason", {"main_reason": None}),
    ("m_ketamine_allergy", {"ketamine_allergy": None}),
    ("m_ketamine_allergy", {"ketamine_allergy": ("unsure",)}),
    ("m_aneurysm", {"aneurysm_avm_brain_bleed": None}),
    ("m_blood_pressure", {"bp_status": None}),
    ("m_blood_pressure", {"bp_status": ("unknown",)}),
    ("m_heart", {"heart": None}),
    ("m_heart", {"heart": ("unsure",)}),
    ("m_brain", {"stroke_ic_pressure": None}),
    ("m_brain", {"stroke_ic_pressure": ("unsure",)}),
    ("m_psychosis", {"psychosis": None}),
    ("m_psychosis", {"psychosis": ("unsure",)}),
    ("m_mania", {"mania": None}),
    ("m_mania", {"mania": ("unsure",)}),
    ("m_pregnancy", {"pregnancy": None}),
    ("m_substance_use", {"substance_use": None}),
    ("m_substance_use", {"substance_use": ("unsure",)}),
    ("m_liver", {"liver": None}),
    ("m_liver", {"liver": ("unsure",)}),
    ("m_thyroid", {"thyroid": None}),
    ("m_thyroid", {"thyroid": ("unsure",)}),
    ("m_antidepressants", {"main_reason": ("depression",), "antidepressant_trials": None}),
    ("m_diagnosed", {"diagnosed_by_clinician": None}),
    ("m_diagnosed", {"diagnosed_by_clinician": ("unsure",)}),
    ("i1_not_diagnosed", {"diagnosed_by_clinician": ("no",)}),
    ("t_two_antidepressants", {"main_reason": ("depression",), "antidepressant_trials": (2,)}),
    ("p_chronic_pain", {"main_reason": ("anxiety", "chronic_pain")}),
    ("g_general", {}),
]  # fmt: skip

# The plainest answer for each outcome; no two lines touch the same question.
EXAMPLES: list[tuple[str, dict[str, tuple[Value, ...]]]] = [
    ("E0", {"emergency_now": ("yes",)}),
    ("C0", {"consent": ("no",)}),
    ("N1", {"age": (17,)}),
    ("N2", {"state": ("TX",)}),
    ("X", {"ketamine_allergy": ("yes",)}),
    ("R", {"bp_status": ("high_controlled",)}),
    ("M", {"liver": ("unsure",)}),
    ("I1", {"diagnosed_by_clinician": ("no",)}),
    ("T", {"main_reason": ("depression", "chronic_pain"), "antidepressant_trials": (3,)}),
    ("P", {"main_reason": ("chronic_pain",)}),
]

SINGLE = {
    "consent": ["yes", "no"],
    "emergency_now": ["yes", "no"],
    "state": ["MD", "TX", "outside_us"],
    "ketamine_allergy": ["yes", "no", "unsure"],
    "aneurysm_avm_brain_bleed": ["yes", "no", "unsure"],
    "bp_status": ["normal", "high_controlled", "high_uncontrolled", "unknown"],
    "psychosis": ["never", "family", "past", "now", "schizophrenia", "unsure"],
    "mania": ["no", "past", "now", "unsure"],
    "pregnancy": ["not_applicable", "no", "possible", "yes", "trying"],
    "liver": ["none", "mild", "moderate", "severe", "unsure"],
    "thyroid": ["none", "underactive", "treated", "untreated", "unsure"],
    "diagnosed_by_clinician": ["yes", "no", "unsure"],
}
SEVERAL = {
    "main_reason": ["depression", "bipolar_depression", "anxiety", "chronic_pain"],
    "heart": ["heart_failure_controlled", "recent_heart_attack", "angina"],
    "stroke_ic_pressure": ["stroke", "raised_pressure"],
    "substance_use": ["now_alcohol", "now_ketamine", "long_ago", "past_year"],
}
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(codes).map(lambda c: (c,)) for name, codes in SINGLE.items()},
        **{
            name: st.lists(st.sampled_from(codes), min_size=1, unique=True).map(tuple)
            for name, codes in SEVERAL.items()
        },
        "age": st.integers(0, 120).map(lambda age: (age,)),
        "antidepressant_trials": st.integers(0, 30).map(lambda trials: (trials,)),
    },
)


def changed(answers: Answers, changes: Mapping[str, Sequence[Value] | None]) -> Answers:
    merged: dict[str, Sequence[Value] | None] = {**answers, **changes}
    return {question: tuple(values) for question, values in merged.items() if values is not None}


def code_of(rule: str) -> str:
    return rule.split("_")[0].upper()


def decide(ruleset: Ruleset, answers: Answers) -> Outcome:
    return triage(ruleset, answers, states_served=SERVED)


def fired(outcome: Outcome) -> set[str]:
    return {reason.rule for reason in outcome.reasons}


@pytest.mark.parametrize(("rule", "changes"), ROWS)
def test_every_rule_fires_and_leads_to_its_outcome(
    ruleset: Ruleset,
    calm_answers: Answers,
    rule: str,
    changes: dict[str, tuple[Value, ...] | None],
) -> None:
    outcome = decide(ruleset, changed(calm_answers, changes))

    assert rule in fired(outcome)
    assert outcome.code == code_of(rule)


def test_no_other_rule_fires_for_a_visitor_with_nothing_to_flag(
    ruleset: Ruleset, calm_answers: Answers
) -> None:
    assert fired(decide(ruleset, calm_answers)) == {"g_general"}


def test_every_rule_has_a_row_here(ruleset: Ruleset) -> None:
    assert {rule.id for rule in ruleset.rules} == {rule for rule, _ in ROWS}


def test_rules_speak_of_questions_and_options_that_exist(
    ruleset: Ruleset, questionnaire: Questionnaire
) -> None:
    assert unknown_words(ruleset, questionnaire) == ()


def test_outcomes_stand_in_their_order_of_precedence(ruleset: Ruleset) -> None:
    assert [outcome.code for outcome in ruleset.outcomes] == PRECEDENCE


@pytest.mark.parametrize(
    ("question", "number", "code"),
    [
        ("age", 0, "N1"),
        ("age", 17, "N1"),
        ("age", 18, "G"),
        ("age", 74, "G"),
        ("age", 75, "R"),
        ("age", 120, "R"),
    ],
)
def test_age_boundaries(
    ruleset: Ruleset, calm_answers: Answers, question: str, number: int, code: str
) -> None:
    assert decide(ruleset, changed(calm_answers, {question: (number,)})).code == code


@pytest.mark.parametrize(("trials", "code"), [(0, "G"), (1, "G"), (2, "T"), (4, "T"), (30, "T")])
def test_two_antidepressants_are_the_boundary(
    ruleset: Ruleset, calm_answers: Answers, trials: int, code: str
) -> None:
    tried: Answers = {"main_reason": ("depression",), "antidepressant_trials": (trials,)}

    assert decide(ruleset, changed(calm_answers, tried)).code == code


@pytest.mark.parametrize(("first", "second"), list(combinations(EXAMPLES[:8], 2)))
def test_the_graver_outcome_wins_and_the_other_reason_is_kept(
    ruleset: Ruleset,
    calm_answers: Answers,
    first: tuple[str, dict[str, tuple[Value, ...]]],
    second: tuple[str, dict[str, tuple[Value, ...]]],
) -> None:
    outcome = decide(ruleset, changed(calm_answers, {**first[1], **second[1]}))

    assert outcome.code == first[0]
    assert {first[0], second[0]} <= {reason.code for reason in outcome.reasons}


@pytest.mark.parametrize("above", EXAMPLES[:9])
@pytest.mark.parametrize("below", EXAMPLES[8:])
def test_signals_of_interest_never_win_over_a_concern(
    ruleset: Ruleset,
    calm_answers: Answers,
    above: tuple[str, dict[str, tuple[Value, ...]]],
    below: tuple[str, dict[str, tuple[Value, ...]]],
) -> None:
    outcome = decide(ruleset, changed(calm_answers, {**below[1], **above[1]}))

    assert outcome.code == above[0]


@pytest.mark.parametrize(
    ("state", "served", "code"),
    [
        ("MD", SERVED, None),
        ("TX", SERVED, "N2"),
        ("outside_us", SERVED, "N2"),
        ("TX", frozenset(), None),
        ("outside_us", frozenset(), "N2"),
    ],
)
def test_where_the_clinic_treats_people(
    ruleset: Ruleset, calm_answers: Answers, state: str, served: frozenset[str], code: str | None
) -> None:
    outcome = ending(ruleset, changed(calm_answers, {"state": (state,)}), states_served=served)

    assert (outcome.code if outcome else None) == code


@pytest.mark.parametrize("example", EXAMPLES[:4])
def test_the_questions_end_at_once(
    ruleset: Ruleset, example: tuple[str, dict[str, tuple[Value, ...]]]
) -> None:
    code, answers = example

    outcome = ending(ruleset, answers, states_served=SERVED)

    assert outcome is not None
    assert (outcome.code, outcome.ends) == (code, True)
    assert {reason.code for reason in outcome.reasons} == {code}


def test_unfinished_questions_do_not_end_by_themselves(ruleset: Ruleset) -> None:
    assert ending(ruleset, {}, states_served=SERVED) is None
    assert ending(ruleset, {"ketamine_allergy": ("yes",)}, states_served=SERVED) is None


@pytest.mark.parametrize("example", EXAMPLES[1:4])
def test_nothing_is_stored_of_who_refuses_is_a_minor_or_lives_elsewhere(
    ruleset: Ruleset, calm_answers: Answers, example: tuple[str, dict[str, tuple[Value, ...]]]
) -> None:
    alone = decide(ruleset, changed(calm_answers, example[1]))
    in_danger = decide(ruleset, changed(calm_answers, {**example[1], "emergency_now": ("yes",)}))

    assert (alone.stores, alone.urgency) == (False, 0)
    assert (in_danger.code, in_danger.stores) == ("E0", False)


def test_an_emergency_names_911_and_988(ruleset: Ruleset) -> None:
    outcome = decide(ruleset, {"consent": ("yes",), "emergency_now": ("yes",)})

    assert "911" in outcome.text
    assert "988" in outcome.text
    assert outcome.stores


def test_the_text_names_the_reasons_of_its_own_outcome_only(
    ruleset: Ruleset, calm_answers: Answers
) -> None:
    said = {"liver": ("severe",), "pregnancy": ("yes",), "heart": ("angina",)}

    outcome = decide(ruleset, changed(calm_answers, said))

    assert "you mentioned that you are pregnant; and you mentioned severe liver" in outcome.text
    assert "angina" not in outcome.text
    assert "{" not in outcome.text


def test_urgency_is_the_highest_of_all_reasons(ruleset: Ruleset, calm_answers: Answers) -> None:
    tried: Answers = {"main_reason": ("depression",), "antidepressant_trials": (3,)}
    with_gap = changed(calm_answers, {**tried, "liver": ("unsure",)})

    outcome = decide(ruleset, with_gap)

    assert (outcome.code, outcome.urgency) == ("M", ruleset.outcome("T").urgency)


@pytest.mark.parametrize(
    "word", ["eligible", "qualif", "candidate", "dose", " mg", "cure", "diagnos", "suitable"]
)
def test_no_text_decides_doses_or_diagnoses(ruleset: Ruleset, word: str) -> None:
    texts = [outcome.text for outcome in ruleset.outcomes]
    labels = [outcome.label for outcome in ruleset.outcomes]
    reasons = [rule.reason for rule in ruleset.rules]

    assert not [text for text in (*texts, *labels, *reasons) if word in text.casefold()]


@settings(deadline=None)
@given(ANSWERS)
def test_any_answers_end_in_one_outcome_with_its_reasons(
    ruleset: Ruleset, answers: Answers
) -> None:
    outcome = decide(ruleset, answers)

    assert outcome.code in PRECEDENCE
    assert outcome.reasons[0].code == outcome.code
    assert decide(ruleset, answers) == outcome


@settings(deadline=None)
@given(ANSWERS, st.sampled_from(ROWS))
def test_urgency_never_falls_when_an_answer_that_fires_a_rule_is_added(
    ruleset: Ruleset,
    answers: Answers,
    row: tuple[str, dict[str, tuple[Value, ...] | None]],
) -> None:
    rule, changes = row
    before = {question: values for question, values in answers.items() if question not in changes}

    after = decide(ruleset, changed(before, changes))

    assert rule in fired(after) or after.ends
    if after.stores:  # of whom nothing is stored, nobody can call
        assert after.urgency >= decide(ruleset, before).urgency
