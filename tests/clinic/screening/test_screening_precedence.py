"""Of two outcomes the graver one is heard, both are kept, and nothing lowers the urgency."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from clinic.screening.engine import change
from clinic.screening.evidence import facts_of
from clinic.screening.form import Form
from clinic.screening.progress import Progress
from clinic.screening.rules import Ruleset
from clinic.screening.triage import Outcome, ending, triage
from tests.clinic.screening.visitors import SERVED, Says, facts, fired, outcome_of, up_to, visitor

URGENCY = {
    "E0": 4, "C0": 0, "N1": 0, "N2": 0, "N3": 0, "E1": 4, "E2": 3,
    "X": 3, "R": 2, "M": 1, "I1": 1, "T": 2, "P": 2, "G": 1,
}  # fmt: skip
"""Every outcome, the graver one first.

N1 to N3 stand before E1, for nothing is kept of them, and E1 promises that someone calls.
"""
ENDS = ("E0", "C0", "N1", "N2", "N3")
NOTHING_KEPT = ("C0", "N1", "N2", "N3")
TWELVE: Says = {"extras": "mood questions", "phq9_1": 3, "phq9_2": 3, "phq9_3": 3, "phq9_4": 3}

# The plainest visitor of each outcome, in words that two of them can say together.
PLAINEST: dict[str, Says] = {
    "E0": {"emergency_now": "Yes"},
    "C0": {"consent": "No"},
    "N1": {"age": "17"},
    "N2": {"state": "Texas"},
    "N3": {"for_whom": "Someone else"},
    "E1": {"extras": "mood questions", "phq9_9": 1, "suicide_3_months": "Yes"},
    "E2": {"extras": "mood questions", "phq9_9": 1},
    "X": {"stops_body": "Allergy to ketamine"},
    "R": {"pregnancy": "I am breastfeeding"},
    "M": {"substance_use": None},
    "I1": {"diagnosed_by_clinician": "No"},
    "T": {"main_reason": "Depression; Chronic pain", "antidepressant_trials": "2", **TWELVE},
    "P": {"main_reason": "Depression; Chronic pain"},
    "G": {},
}


def over(ruleset: Ruleset, progress: Progress) -> Outcome | None:
    """What ends the questions now, if something does."""
    return ending(ruleset, facts(progress, unfinished=True))


def test_outcomes_stand_in_their_order_of_precedence(ruleset: Ruleset) -> None:
    assert [one.code for one in ruleset.outcomes] == list(URGENCY)
    assert {one.code: one.urgency for one in ruleset.outcomes} == URGENCY
    assert [one.code for one in ruleset.outcomes if one.ends] == list(ENDS)
    assert [one.code for one in ruleset.outcomes if not one.stores] == list(NOTHING_KEPT)


@pytest.mark.parametrize("code", URGENCY)
def test_the_plainest_visitor_of_an_outcome_has_it(code: str) -> None:
    assert outcome_of(visitor(**PLAINEST[code])).code == code


@pytest.mark.parametrize(("first", "second"), list(combinations(URGENCY, 2)))
def test_of_two_outcomes_the_first_is_heard_and_both_are_kept(first: str, second: str) -> None:
    outcome = outcome_of(visitor(**{**PLAINEST[second], **PLAINEST[first]}))

    codes = {reason.code for reason in outcome.reasons}
    assert outcome.code == first
    assert first in codes
    assert second in codes or (second == "G" and outcome.ends)  # nobody got to the end
    assert outcome.stores == (not {first, second} & set(NOTHING_KEPT))
    highest = max(URGENCY[code] for code in codes)
    assert outcome.urgency == (0 if first in NOTHING_KEPT else highest)


def test_urgency_is_the_highest_of_all_reasons() -> None:
    missing = outcome_of(visitor(**{**PLAINEST["T"], **PLAINEST["M"]}))

    assert (missing.code, missing.urgency) == ("M", URGENCY["T"])


@pytest.mark.parametrize("code", NOTHING_KEPT)
def test_an_emergency_is_answered_but_not_kept_of_someone_we_keep_nothing_about(code: str) -> None:
    alone = outcome_of(visitor(**PLAINEST[code]))
    in_danger = outcome_of(visitor(**PLAINEST[code], **PLAINEST["E0"]))

    assert (alone.stores, alone.urgency, alone.alarm) == (False, 0, None)
    assert (in_danger.code, in_danger.stores, in_danger.alarm) == ("E0", False, "hard")


@pytest.mark.parametrize("code", sorted(set(URGENCY) - set(NOTHING_KEPT)))
def test_staff_are_called_at_once_where_there_is_danger(code: str) -> None:
    alarm = outcome_of(visitor(**PLAINEST[code])).alarm

    assert alarm == {"E0": "hard", "E1": "hard", "E2": "soft"}.get(code)


def test_of_two_alarms_the_louder_one_is_raised() -> None:
    outcome = outcome_of(visitor(**PLAINEST["E1"]))

    assert {"e1_last_3_months", "e2_some_days"} <= fired(outcome)
    assert outcome.alarm == "hard"


# --- The questions end ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "code", "says"),
    [
        ("emergency_now", "E0", PLAINEST["E0"]),
        ("suicide_now", "E0", {"extras": "1", "phq9_9": 1, "suicide_now": "Yes"}),
        ("suicide_plan", "E0", {"extras": "1", "phq9_9": 1, "suicide_plan": "Yes"}),
        ("bp_symptoms", "E0", {"bp_status": "185/95", "bp_symptoms": "Yes"}),
        ("consent", "C0", PLAINEST["C0"]),
        ("age", "N1", PLAINEST["N1"]),
        ("state", "N2", PLAINEST["N2"]),
        ("for_whom", "N3", PLAINEST["N3"]),
    ],
)
def test_the_questions_end_with_the_answer_that_ends_them(
    ruleset: Ruleset, question: str, code: str, says: Says
) -> None:
    then = up_to(visitor(**says), question)
    before = replace(then, answers=then.answers[:-1])

    outcome = over(ruleset, then)

    assert over(ruleset, before) is None
    assert outcome is not None
    assert (outcome.code, outcome.ends) == (code, True)


@pytest.mark.parametrize("code", sorted(set(URGENCY) - set(ENDS)))
def test_no_other_outcome_ends_the_questions(ruleset: Ruleset, code: str) -> None:
    assert over(ruleset, visitor(**PLAINEST[code])) is None


@pytest.mark.parametrize(
    ("state", "served", "code"),
    [
        ("Maryland", SERVED, None),
        ("Texas", SERVED, "N2"),
        ("I live outside the US", SERVED, "N2"),
        ("Texas", frozenset(), None),
        ("I live outside the US", frozenset(), "N2"),
    ],
)
def test_a_clinic_that_has_not_set_its_states_turns_away_only_those_outside_the_us(
    ruleset: Ruleset, form: Form, state: str, served: frozenset[str], code: str | None
) -> None:
    outcome = ending(ruleset, facts_of(form, visitor(state=state), states_served=served))

    assert (outcome.code if outcome else None) == code


# --- What was not asked is no reason --------------------------------------------------------------


def test_while_the_questions_go_on_nothing_is_missing(ruleset: Ruleset) -> None:
    whole = visitor()

    for answer in whole.answers:
        so_far = up_to(whole, answer.link_id)
        assert triage(ruleset, facts(so_far, unfinished=True)) is None


@pytest.mark.parametrize("unfinished", [True, False])
def test_after_an_emergency_at_the_start_there_is_no_other_reason(
    ruleset: Ruleset, unfinished: bool
) -> None:
    stopped = up_to(visitor(emergency_now="Yes"), "emergency_now")

    outcome = triage(ruleset, facts(stopped, unfinished=unfinished))

    assert outcome is not None
    assert [reason.rule for reason in outcome.reasons] == ["e0_emergency_now"]


def test_who_stops_within_the_mood_questions_is_not_told_that_some_are_missing() -> None:
    says = {"extras": "mood questions", "phq9_1": None, "phq9_9": 1, "suicide_now": "Yes"}

    stopped = outcome_of(up_to(visitor(**says), "suicide_now"))

    assert fired(stopped) == {"e0_thoughts_now", "e2_some_days"}


@pytest.mark.parametrize(
    ("says", "question", "now"),
    [
        ({"stops_body": "Heart problem", "heart": "Angina"}, "stops_body", "None of these"),
        ({"stops_brain": "Mania", "mania": None}, "stops_brain", "None of these"),
        ({"bp_status": "170/90"}, "bp_status", "Normal"),
        ({"extras": "mood questions", "phq9_9": 3}, "extras", "none"),
        ({"medicines": "xanax"}, "medicines", "none"),
        ({"medicines": "klonipinn", "medicines:meant": None}, "medicines", "zoloft"),
    ],
)
def test_what_is_no_longer_asked_is_no_longer_a_reason(
    form: Form, says: Says, question: str, now: str
) -> None:
    before = visitor(**says)

    after = change(form, before, [question], now).progress

    assert fired(outcome_of(before)) != set()
    assert fired(outcome_of(after)) == set()
