"""Visitors are asked about answers that can hardly both be right, and ordinary visitors are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clinic.screening.contradictions import Contradiction
from clinic.screening.engine import kept_contradictions, next_question, receive
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Answered, Progress
from tests.clinic.screening.conftest import Walk
from tests.clinic.screening.visitors import Says, visitor

CONTROLLED = "High, but controlled with treatment"
UNSURE = "Unsure about some of these"
BIPOLAR = "Depression with bipolar disorder"

NOT_REACHED = "normal_but_high_numbers"
"""Numbers are asked of nobody whose blood pressure is normal, unless a clinic changes that."""

# For each contradiction a visitor who is asked about it, and one who is not.
VISITORS: dict[str, tuple[Says, Says]] = {
    "controlled_but_very_high_numbers": (
        {"bp_status": CONTROLLED, "bp_systolic": "165/95"},
        {"bp_status": CONTROLLED, "bp_systolic": "150/95"},
    ),
    "lower_number_not_lower": (
        {"bp_status": "I know my numbers", "bp_systolic": "110", "bp_diastolic": "110"},
        {"bp_status": "I know my numbers", "bp_systolic": "110", "bp_diastolic": "109"},
    ),
    "normal_but_medicine": (
        {"bp_status": "Normal", "medicines": "lisinopril"},
        {"bp_status": "I'm not sure", "medicines": "lisinopril"},
    ),
    "antipsychotic_but_no_psychosis": (
        {"stops_brain": "None of these", "medicines": "seroquel"},
        {
            "stops_brain": "Psychosis",
            "psychosis": "I had it in the past",
            "medicines": "seroquel",
        },
    ),
    "bipolar_but_no_mania": (
        {"main_reason": BIPOLAR, "stops_brain": "None of these"},
        {"main_reason": BIPOLAR, "stops_brain": "Mania", "mania": "I had it in the past"},
    ),
    "thyroid_medicine_but_no_thyroid": (
        {"stops_body": "None of these", "medicines": "methimazole"},
        {
            "stops_body": "Thyroid problem",
            "thyroid": "Overactive, and treated",
            "medicines": "methimazole",
        },
    ),
    "opioid_treatment_but_no_substance": (
        {"substance_use": "No", "medicines": "suboxone"},
        {"substance_use": "In recovery, more than a year", "medicines": "suboxone"},
    ),
    "substance_reason_but_no_substance": (
        {"main_reason": "Alcohol or drug use", "substance_use": "No"},
        {"main_reason": "Alcohol or drug use", "substance_use": "Alcohol, now"},
    ),
    "ketamine_now_but_never_before": (
        {"other_treatments": "Talk therapy", "medicines": "ketamine lozenges"},
        {
            "other_treatments": "Ketamine or Spravato",
            "ketamine_before": "It helped",
            "medicines": "ketamine lozenges",
        },
    ),
    "new_but_antidepressants_tried": (
        {"duration": "Less than 2 weeks", "antidepressant_trials": "1"},
        {"duration": "Less than 2 weeks", "antidepressant_trials": "0"},
    ),
}

ORDINARY: dict[str, Says] = {
    "has nothing to flag": {},
    "takes an antidepressant for depression": {
        "main_reason": "Depression; Anxiety",
        "duration": "1 year or more",
        "antidepressant_trials": "3",
        "medicines": "Zoloft 100 mg, trazodone for sleep and vitamin D",
    },
    "has high blood pressure, treated": {
        "bp_status": CONTROLLED,
        "bp_systolic": "132/84",
        "medicines": "lisinopril 10, amlodipine",
    },
    "has high blood pressure, not treated well": {
        "bp_status": "High, and not controlled",
        "bp_systolic": "172/104",
        "medicines": "losartan",
    },
    "knows the numbers": {"bp_status": "118/76"},
    "has bipolar disorder": {
        "main_reason": BIPOLAR,
        "stops_brain": "Mania",
        "mania": "I had it in the past",
        "medicines": "lithium, seroquel",
    },
    "has bipolar disorder and is not sure about mania": {
        "main_reason": BIPOLAR,
        "stops_brain": UNSURE,
        "stops_brain_unsure": "Mania",
        "medicines": "latuda",
    },
    "had mania once": {
        "stops_brain": "Mania",
        "mania": "I had it in the past",
        "medicines": "abilify",
    },
    "is not sure whether it was mania": {
        "stops_brain": UNSURE,
        "stops_brain_unsure": "Mania",
        "medicines": "abilify",
    },
    "has schizophrenia": {
        "stops_brain": "Psychosis",
        "psychosis": "I have schizophrenia or schizoaffective disorder",
        "medicines": "risperdal",
    },
    "lives with pain": {
        "main_reason": "Chronic pain",
        "current_care": "Pain doctor",
        "medicines": "gabapentin and percocet",
    },
    "has an underactive thyroid": {
        "stops_body": "Thyroid problem",
        "thyroid": "Underactive",
        "medicines": "levothyroxine",
    },
    "is not sure about the thyroid": {
        "stops_body": UNSURE,
        "stops_body_unsure": "Thyroid problem",
        "medicines": "methimazole",
    },
    "had a heart attack": {
        "stops_body": "Heart problem",
        "heart": "Heart attack longer ago",
        "bp_status": CONTROLLED,
        "bp_systolic": "120/70",
        "medicines": "metoprolol, aspirin",
    },
    "is in recovery": {
        "main_reason": "Depression; Alcohol or drug use",
        "substance_use": "In recovery, 3 to 12 months",
        "medicines": "naltrexone",
    },
    "drinks too much": {"main_reason": "Alcohol or drug use", "substance_use": "Alcohol, now"},
    "had ketamine before": {
        "other_treatments": "Talk therapy; Ketamine or Spravato",
        "ketamine_before": "It helped",
    },
    "has felt bad for a few days": {
        "main_reason": "Anxiety",
        "duration": "a few days",
        "antidepressant_trials": "none",
    },
    "is pregnant": {"pregnancy": "I am pregnant", "medicines": "prenatal vitamins"},
    "skips what may be skipped": {
        "main_reason": None,
        "duration": None,
        "antidepressant_trials": None,
        "other_treatments": None,
        "stops_brain": None,
        "stops_body": None,
        "bp_status": None,
        "substance_use": None,
        "medicines": "seroquel, lisinopril, suboxone, ketamine and methimazole",
    },
    "is not sure": {
        "main_reason": "I'm not sure",
        "duration": "I'm not sure",
        "other_treatments": "I'm not sure",
        "stops_brain": UNSURE,
        "stops_brain_unsure": "Psychosis",
        "stops_body": UNSURE,
        "stops_body_unsure": "Thyroid problem",
        "bp_status": "I'm not sure",
        "substance_use": "I'm not sure",
        "medicines": "seroquel, lisinopril, suboxone, ketamine and methimazole",
    },
}


def called(form: Form, name: str) -> Contradiction:
    return next(one for one in form.contradictions if one.id == name)


def asked_at(form: Form, progress: Progress) -> str | None:
    question = next_question(form, progress)
    return question.link_id if question else None


def test_every_contradiction_has_its_visitors(form: Form) -> None:
    assert {one.id for one in form.contradictions} == {*VISITORS, NOT_REACHED}


@pytest.mark.parametrize("name", VISITORS)
def test_who_contradicts_themselves_is_asked_and_may_say_that_both_are_right(
    form: Form, name: str
) -> None:
    asked, not_asked = VISITORS[name]

    assert visitor(**asked).settled == (name,)
    assert [one.id for one in kept_contradictions(form, visitor(**asked))] == [name]
    assert visitor(**not_asked).settled == ()


@pytest.mark.parametrize("name", VISITORS)
def test_the_question_names_the_answers_it_is_about(form: Form, walk: Walk, name: str) -> None:
    at_question = walk(form, until=f"contradiction:{name}", **VISITORS[name][0])

    question = next_question(form, at_question)

    assert question is not None
    contradiction = called(form, name)
    labels = [item.short for link in contradiction.about if (item := form.questionnaire.item(link))]
    assert question.text == contradiction.ask
    assert question.options == (*(f"Change: {label}" for label in labels), "Both are right")
    assert (question.number, question.of, question.optional) == (None, None, False)


@pytest.mark.parametrize("name", VISITORS)
def test_it_is_asked_as_soon_as_all_it_is_about_is_answered(
    form: Form, walk: Walk, name: str
) -> None:
    at_question = walk(form, until=f"contradiction:{name}", **VISITORS[name][0])
    answered = [answer.link_id for answer in at_question.answers]
    last = max(answered.index(link_id) for link_id in called(form, name).about)

    before = replace(at_question, answers=at_question.answers[:last])

    assert asked_at(form, before) == answered[last]
    assert len(answered) <= last + 2  # two numbers may come with one message


@pytest.mark.parametrize("name", VISITORS)
def test_nobody_is_asked_about_what_they_skipped(form: Form, name: str) -> None:
    for link_id in called(form, name).about:
        says = {**VISITORS[name][0], link_id: None}
        assert visitor(**says).settled == (), link_id


@pytest.mark.parametrize("who", ORDINARY)
def test_ordinary_visitors_are_not_asked(who: str) -> None:
    assert visitor(**ORDINARY[who]).settled == ()


@pytest.mark.parametrize(
    ("numbers", "asked"),
    [("159/99", False), ("160/80", True), ("135/100", True), ("179/119", True)],
)
def test_controlled_blood_pressure_and_numbers_that_hold_a_treatment(
    numbers: str, asked: bool
) -> None:
    settled = visitor(bp_status=CONTROLLED, bp_systolic=numbers).settled

    assert settled == (("controlled_but_very_high_numbers",) if asked else ())


@pytest.mark.parametrize(
    ("upper", "lower", "asked"), [(139, 89, False), (140, 80, True), (135, 90, True)]
)
def test_a_clinic_may_ask_everyone_for_numbers(
    form: Form, upper: int, lower: int, asked: bool
) -> None:
    everyone = asking_everyone_for_numbers(form)
    answers = ("bp_status", "normal"), ("bp_systolic", upper), ("bp_diastolic", lower)
    progress = replace(
        Progress.start(form.questionnaire),
        answers=tuple(Answered(link_id, (value,)) for link_id, value in answers),
    )

    contradiction = called(form, NOT_REACHED)

    assert contradiction.when.holds(facts_of(everyone, progress)) == asked
    assert not contradiction.when.holds(facts_of(form, progress))
    assert (asked_at(everyone, progress) == f"contradiction:{NOT_REACHED}") == asked


def asking_everyone_for_numbers(form: Form) -> Form:
    items = tuple(
        replace(item, enable_when=None) if item.link_id == "bp_systolic" else item
        for item in form.questionnaire.items
    )
    return replace(form, questionnaire=replace(form.questionnaire, items=items))


def test_a_doubtful_name_is_cleared_up_before_anything_is_made_of_it(
    form: Form, walk: Walk
) -> None:
    typed = walk(form, until="medicines:meant", medicines="seroqeul")

    meant = receive(form, typed, "Seroquel (quetiapine)", lenient=True).progress
    not_meant = receive(form, typed, "None of these", lenient=True).progress

    assert asked_at(form, meant) == "contradiction:antipsychotic_but_no_psychosis"
    assert asked_at(form, not_meant) == "extras"


def test_several_contradictions_are_asked_one_after_the_other() -> None:
    settled = visitor(main_reason=BIPOLAR, medicines="lisinopril and suboxone").settled

    assert settled == (
        "bipolar_but_no_mania",
        "normal_but_medicine",
        "opioid_treatment_but_no_substance",
    )


def test_one_matter_is_asked_about_once() -> None:
    """An antipsychotic fits bipolar disorder, whatever was said of mania."""
    assert visitor(main_reason=BIPOLAR, medicines="latuda").settled == ("bipolar_but_no_mania",)


def test_every_contradiction_is_about_questions_that_exist(form: Form) -> None:
    for contradiction in form.contradictions:
        for link_id in contradiction.about:
            assert form.questionnaire.item(link_id) is not None, contradiction.id


@pytest.mark.parametrize("word", ["eligible", "diagnos", "wrong", "lie", "must", "sure?"])
def test_nobody_is_blamed_or_judged(form: Form, word: str) -> None:
    asks = [one.ask for one in form.contradictions]

    assert [ask for ask in asks if word in ask.casefold()] == []
    assert all(ask.endswith("?") for ask in asks)
