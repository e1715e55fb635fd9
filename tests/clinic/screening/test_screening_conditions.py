"""Conditions of rules: what each of them looks at, and how a mistake in one is named."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from clinic.screening.condition_file import condition_from
from clinic.screening.conditions import Condition, Facts
from clinic.screening.consequences import applied
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.hand_written import Entry, UnusableFileError
from clinic.screening.progress import Answered, Progress
from tests.clinic.screening.visitors import facts, up_to, visitor

NOTHING = Facts({})
SICK = Facts(
    answers={
        "heart": ("angina", "arrhythmia"),
        "age": (75,),
        "rested": (True,),
        "state": ("TX",),
        "upper": (120,),
        "lower": (120,),
        "phq9_9": ("LA6570-1",),
    },
    states_served=frozenset({"MD"}),
    skipped=frozenset({"liver"}),
    points={"phq9_9": 2},
    labels={("heart", "angina"): "Angina", ("heart", "arrhythmia"): "Irregular heartbeat"},
    scores={"phq9": 10, "gad7": None},
    medicines={"maoi": ("Nardil",), "opioid": ("Percocet", "Norco")},
)


def condition(text: str) -> Condition:
    return condition_from(Entry(yaml.safe_load(text), "rules.yml", "when"))


@pytest.mark.parametrize(
    "when",
    [
        "{answer: heart, is: angina}",
        "{answer: heart, is: [stent, arrhythmia]}",
        '{answer: rested, is: "yes"}',
        '{answer: age, is: "75"}',
        "{answer: age, at_least: 75}",
        "{answer: age, below: 76}",
        "{answer: lower, not_below: upper}",
        "{answer: phq9_9, points_at_least: 2}",
        "{answer: liver, missing: true}",
        "{answer: state, not_served: true}",
        "{score: phq9, at_least: 10}",
        "{score: phq9, below: 11}",
        "{score: gad7, missing: true}",
        "{score: unheard_of, missing: true}",
        "{medicine: maoi}",
        "{always: true}",
        "{all: [{medicine: maoi}, {answer: age, at_least: 75}]}",
        "{any: [{medicine: lithium}, {answer: age, at_least: 75}]}",
        "{not: {medicine: lithium}}",
        "{not: {all: [{medicine: maoi}, {medicine: lithium}]}}",
    ],
)
def test_what_holds(when: str) -> None:
    assert condition(when).holds(SICK)


@pytest.mark.parametrize(
    "when",
    [
        "{answer: heart, is: stent}",
        '{answer: rested, is: "no"}',
        "{answer: age, at_least: 76}",
        "{answer: age, below: 75}",
        "{answer: rested, at_least: 1}",  # true is no number
        "{answer: heart, at_least: 1}",
        "{answer: upper, not_below: age_of_the_moon}",
        "{answer: phq9_9, points_at_least: 3}",
        "{answer: heart, missing: true}",
        "{score: phq9, at_least: 11}",
        "{score: phq9, below: 10}",
        "{score: gad7, at_least: 0}",  # without a total nothing is said about it
        "{score: gad7, below: 22}",
        "{score: phq9, missing: true}",
        "{medicine: lithium}",
        "{all: [{medicine: maoi}, {medicine: lithium}]}",
        "{any: [{medicine: lithium}, {answer: age, below: 18}]}",
        "{not: {medicine: maoi}}",
    ],
)
def test_what_does_not_hold(when: str) -> None:
    assert not condition(when).holds(SICK)


@pytest.mark.parametrize(
    "when",
    [
        "{answer: heart, is: angina}",
        "{answer: age, at_least: 0}",
        "{answer: age, below: 200}",
        "{answer: lower, not_below: upper}",
        "{answer: phq9_9, points_at_least: 0}",
        "{answer: liver, missing: true}",
        "{answer: state, not_served: true}",
        "{score: phq9, below: 28}",
        "{medicine: maoi}",
    ],
)
def test_of_somebody_who_was_asked_nothing_nothing_holds(when: str) -> None:
    assert not condition(when).holds(NOTHING)


@pytest.mark.parametrize(
    ("upper", "lower", "holds"),
    [(120, 80, False), (120, 119, False), (120, 120, True), (80, 120, True)],
)
def test_a_number_that_should_be_lower(upper: int, lower: int, holds: bool) -> None:
    numbers = Facts({"upper": (upper,), "lower": (lower,)})

    assert condition("{answer: lower, not_below: upper}").holds(numbers) == holds


@pytest.mark.parametrize(
    ("state", "served", "holds"),
    [
        ("TX", {"MD"}, True),
        ("MD", {"MD"}, False),
        ("TX", set(), False),
        ("outside_us", {"MD"}, True),
        ("outside_us", set(), True),
    ],
)
def test_a_state_is_not_served(state: str, served: set[str], holds: bool) -> None:
    lives = Facts({"state": (state,)}, states_served=frozenset(served))

    assert condition("{answer: state, not_served: true}").holds(lives) == holds


@pytest.mark.parametrize("when", ["{always: true}", "{score: phq9, missing: true}"])
def test_what_may_still_come_is_not_missing(when: str) -> None:
    assert condition(when).holds(Facts({}))
    assert not condition(when).holds(Facts({}, unfinished=True))


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{answer: heart, is: [arrhythmia, angina]}", ["Angina", "Irregular heartbeat"]),
        ("{answer: heart, is: angina}", ["Angina"]),
        ('{answer: age, is: "75"}', ["75"]),
        ("{medicine: opioid}", ["Percocet", "Norco"]),
        ("{any: [{medicine: maoi}, {medicine: lithium}]}", ["Nardil"]),
        ("{any: [{answer: heart, is: angina}, {medicine: maoi}]}", ["Angina", "Nardil"]),
        # A part that does not hold says nothing.
        ("{any: [{all: [{medicine: maoi}, {medicine: lithium}]}, {answer: age, below: 99}]}", []),
        ("{not: {medicine: lithium}}", []),
        ("{score: phq9, at_least: 1}", []),
        ("{answer: age, at_least: 1}", []),
    ],
)
def test_a_condition_tells_what_the_visitor_said(when: str, said: list[str]) -> None:
    assert list(condition(when).said(SICK)) == said


@pytest.mark.parametrize(
    ("when", "mentions"),
    [
        (
            "{answer: heart, is: [a, b]}",
            [("question", "heart", "a"), ("question", "heart", "b")],
        ),
        (
            "{answer: lower, not_below: upper}",
            [("question", "lower", None), ("question", "upper", None)],
        ),
        ("{answer: x, points_at_least: 1}", [("points", "x", None)]),
        ("{score: s, below: 1}", [("score", "s", None)]),
        ("{score: s, missing: true}", [("score", "s", None)]),
        ("{not: {medicine: m}}", [("medicine", "m", None)]),
        (
            "{all: [{answer: x, missing: true}, {any: [{answer: y, below: 1}]}]}",
            [("question", "x", None), ("question", "y", None)],
        ),
        ("{always: true}", []),
    ],
)
def test_a_condition_tells_what_it_looks_at(when: str, mentions: list[Any]) -> None:
    assert list(condition(when).mentions()) == mentions


# --- Mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{}", "'when' needs one of: answer, score, medicine, all, any, not, always"),
        ("{answer: heart}", "exactly one of these belongs beside 'answer'"),
        ("{answer: heart, is: a, below: 3}", "exactly one of these belongs beside 'answer'"),
        ("{answer: heart, equals: a}", "'equals' is not a word known here"),
        ("{anser: heart, is: a}", "Did you mean 'answer'?"),
        ("{answer: heart, is: yes}", "Put it in quotes"),
        ("{answer: heart, is: [yes]}", "must be a list of texts"),
        ("{answer: heart, is: []}", "'is' has nothing written under it"),
        ("{answer: age, below: old}", "'below' must be a whole number"),
        ("{answer: age, at_least: 1.5}", "'at_least' must be a whole number"),
        ("{answer: lower, not_below: 3}", "'not_below' must be text"),
        ("{answer: x, points_at_least: two}", "'points_at_least' must be a whole number"),
        ("{answer: x, missing: false}", "'missing' can only be true"),
        ("{answer: x, not_served: false}", "'not_served' can only be true"),
        ("{answer: x, missing: maybe}", "'missing' must be true or false"),
        ("{score: phq9}", "exactly one of these belongs beside 'score'"),
        ("{score: phq9, is: high}", "'is' is not a word known here"),
        ("{score: phq9, missing: false}", "'missing' can only be true"),
        ("{score: phq9, answer: x, below: 3}", "'score' is not a word known here"),
        ("{medicine: maoi, answer: x}", "'medicine' is not a word known here"),
        ("{medicine: 3}", "'medicine' must be text"),
        ("{medicine: maoi, always: true}", "'when' needs one of"),
        ("{always: false}", "'always' can only be true"),
        ("{any: []}", "'any' has nothing written under it"),
        ("{all: {medicine: maoi}}", "'all' must be a list"),
        ("{all: [maoi]}", "when > all 1: words like 'name: value' belong here"),
        ("{all: [{medicine: maoi}, {answer: x}]}", "when > all 2: exactly one of these"),
        ("{not: [{medicine: maoi}]}", "'not' is missing, or has nothing written under it"),
        ("{not: {answer: x}}", "when > not: exactly one of these"),
    ],
)
def test_a_mistake_in_a_condition_is_named_with_its_place(when: str, message: str) -> None:
    with pytest.raises(UnusableFileError) as error:
        condition(when)

    assert message in str(error.value)
    assert str(error.value).startswith("rules.yml, when")


# --- What an answer comes to ----------------------------------------------------------------------


def test_only_what_was_asked_and_skipped_is_skipped() -> None:
    progress = visitor(stops_body="Heart problem", heart=None, pregnancy=None)

    assert facts(progress).skipped == {"heart", "pregnancy"}
    assert facts(up_to(progress, "stops_body"), unfinished=True).skipped == set()


def test_an_answer_to_what_is_no_longer_asked_says_nothing(form: Form) -> None:
    stale = Progress.start(form.questionnaire).with_answer(Answered("heart", ("angina",)))

    assert facts_of(form, stale).answers == {}
    assert facts_of(form, stale).labels == {}


def test_points_are_those_of_the_chosen_options() -> None:
    found = facts(visitor(extras="mood questions", phq9_1=3, phq9_2=None)).points

    assert found["phq9_1"] == 3
    assert "phq9_2" not in found
    assert "bp_status" not in found


@pytest.mark.parametrize(
    ("text", "meant", "groups"),
    [
        ("Nardil", None, {"maoi": ("Nardil",)}),
        ("xanax and Ativan", None, {"benzodiazepine": ("Xanax", "Ativan")}),
        ("none", None, {}),
        ("blorpazine", None, {}),
        ("klonipinn", "Klonopin (clonazepam)", {"benzodiazepine": ("Klonopin",)}),
        ("klonipinn", None, {"benzodiazepine": ("Klonopin",)}),  # nobody would say
        ("klonipinn", "None of these", {}),
        ("I stopped xanax", "None of these", {}),
        ("I stopped xanax", "Xanax (alprazolam)", {"benzodiazepine": ("Xanax",)}),
    ],
)
def test_medicines_count_once_they_are_sure_or_the_visitor_will_not_say(
    text: str, meant: str | None, groups: dict[str, tuple[str, ...]]
) -> None:
    says = {"medicines": text, "medicines:meant": meant}

    found = facts(visitor(**says)).medicines

    assert {name: found[name] for name in ("maoi", "benzodiazepine") if name in found} == groups


def test_until_the_visitor_said_what_was_meant_a_doubtful_name_does_not_count(form: Form) -> None:
    start = Progress.start(form.questionnaire)

    typed = applied(form, start, Answered("medicines", ("klonipinn",)))

    assert facts_of(form, typed, unfinished=True).medicines == {}


def test_medicines_tried_before_are_not_taken_now() -> None:
    progress = visitor(extras="antidepressants", antidepressants_tried="Nardil and Parnate")

    assert facts(progress).medicines == {}
