"""Progress is kept as JSON between two messages, and read back with care."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.progress import Answered, Progress, ProgressError
from clinic.screening.questionnaire import Questionnaire
from tests.clinic.screening.visitors import visitor

VALUES = st.one_of(st.text(), st.integers(), st.booleans())
ANSWERED = st.builds(
    Answered, link_id=st.text(), values=st.lists(VALUES).map(tuple), skipped=st.booleans()
)
PROGRESS = st.builds(
    Progress,
    questionnaire=st.text(),
    version=st.text(),
    answers=st.lists(ANSWERED).map(tuple),
    settled=st.lists(st.text()).map(tuple),
    asking=st.none() | st.text(),
    confirmed=st.booleans(),
)
KEPT: dict[str, Any] = {
    "questionnaire": "q",
    "version": "1",
    "answers": [{"link_id": "age", "values": [34], "skipped": False}],
    "settled": [],
    "asking": None,
    "confirmed": False,
}


@settings(deadline=None)
@given(PROGRESS)
def test_what_was_kept_is_what_comes_back(progress: Progress) -> None:
    kept = json.dumps(progress.to_json())

    assert Progress.from_json(json.loads(kept)) == progress


def test_a_real_visitor_comes_back_too() -> None:
    progress = visitor(extras="1; 2", phq9_9=1, suicide_plan=None, medicines="lisinopril")

    assert progress.settled
    assert Progress.from_json(json.loads(json.dumps(progress.to_json()))) == progress


def test_what_the_first_release_kept_can_be_read() -> None:
    kept = {name: value for name, value in KEPT.items() if name != "settled"}

    assert Progress.from_json(kept) == Progress("q", "1", (Answered("age", (34,)),))


@pytest.mark.parametrize(
    "changes",
    [
        {"questionnaire": 7},
        {"version": None},
        {"answers": None},
        {"answers": {"age": 34}},
        {"answers": ["x"]},
        {"answers": [{"link_id": "age", "values": 34, "skipped": False}]},
        {"answers": [{"link_id": "age", "values": [34], "skipped": "no"}]},
        {"answers": [{"link_id": 7, "values": [34], "skipped": False}]},
        {"answers": [{"link_id": "age", "values": [[34]], "skipped": False}]},
        {"answers": [{"link_id": "age", "values": [None], "skipped": False}]},
        {"settled": "normal_but_medicine"},
        {"settled": [7]},
        {"settled": None},
        {"asking": 7},
        {"confirmed": None},
        {"confirmed": "yes"},
    ],
)
def test_what_was_not_kept_by_us_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ProgressError):
        Progress.from_json({**KEPT, **changes})


@pytest.mark.parametrize("missing", ["questionnaire", "version", "answers", "confirmed"])
def test_what_is_not_whole_is_refused(missing: str) -> None:
    with pytest.raises(ProgressError):
        Progress.from_json({name: value for name, value in KEPT.items() if name != missing})


def test_a_refusal_does_not_repeat_what_a_visitor_said() -> None:
    answer = {"link_id": "name", "values": [{"Ann": "Lee"}], "skipped": False}

    with pytest.raises(ProgressError) as refusal:
        Progress.from_json({**KEPT, "answers": [answer]})

    assert "Ann" not in str(refusal.value)


def test_a_visitor_starts_with_nothing(questionnaire: Questionnaire) -> None:
    start = Progress.start(questionnaire)

    assert (start.questionnaire, start.version) == ("screening", questionnaire.version)
    assert (start.answers, start.settled, start.asking, start.confirmed) == ((), (), None, False)


def test_the_value_of_a_skipped_or_unasked_question_is_nothing() -> None:
    progress = Progress("q", "1", (Answered("phone", (), skipped=True),))

    assert progress.value("phone") is None
    assert progress.values("email") == ()


def test_a_new_answer_takes_the_place_of_the_old_one_and_nothing_is_asked_again() -> None:
    before = Progress("q", "1", (Answered("age", (34,)), Answered("state", ("MD",))), asking="age")

    after = before.with_answer(Answered("age", (52,)))

    assert after.value("age") == 52
    assert len(after.answers) == 2
    assert after.asking is None
    assert before.value("age") == 34


def test_what_follows_from_answers_is_worked_out_once_for_each_form() -> None:
    progress, one, other = Progress("q", "1"), object(), object()
    worked_out: list[object] = []

    def found_for(form: object) -> None:
        progress.once("what", form, lambda: worked_out.append(form))

    for form in (one, one, other, other, one):
        found_for(form)

    assert worked_out == [one, other, one]


def test_other_answers_are_worked_out_anew() -> None:
    form, before = object(), Progress("q", "1")
    after = before.with_answer(Answered("age", (43,)))

    assert before.once("what", form, lambda: before.values("age")) == ()
    assert after.once("what", form, lambda: after.values("age")) == (43,)
