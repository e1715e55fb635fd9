"""Progress is kept as JSON between two messages, and read back with care."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.progress import Answered, Progress, ProgressError

VALUES = st.one_of(st.text(), st.integers(), st.booleans())
ANSWERED = st.builds(
    Answered, link_id=st.text(), values=st.lists(VALUES).map(tuple), skipped=st.booleans()
)
PROGRESS = st.builds(
    Progress,
    questionnaire=st.text(),
    version=st.text(),
    answers=st.lists(ANSWERED).map(tuple),
    asking=st.none() | st.text(),
    confirmed=st.booleans(),
)


@settings(deadline=None)
@given(PROGRESS)
def test_what_was_kept_is_what_comes_back(progress: Progress) -> None:
    kept = json.dumps(progress.to_json())

    assert Progress.from_json(json.loads(kept)) == progress


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"questionnaire": "q", "version": "1", "answers": None, "asking": None, "confirmed": False},
        {"questionnaire": 7, "version": "1", "answers": [], "asking": None, "confirmed": False},
        {"questionnaire": "q", "version": "1", "answers": [], "asking": 7, "confirmed": False},
        {"questionnaire": "q", "version": "1", "answers": ["x"], "asking": None, "confirmed": True},
    ],
)
def test_what_was_not_kept_by_us_is_refused(kept: dict[str, object]) -> None:
    with pytest.raises(ProgressError):
        Progress.from_json(kept)


def test_a_refusal_does_not_repeat_what_a_visitor_said() -> None:
    kept = {
        "questionnaire": "q",
        "version": "1",
        "answers": [{"link_id": "name", "values": [{"Ann": "Lee"}], "skipped": False}],
        "asking": None,
        "confirmed": False,
    }

    with pytest.raises(ProgressError) as refusal:
        Progress.from_json(kept)

    assert "Ann" not in str(refusal.value)


def test_the_value_of_a_skipped_or_unasked_question_is_nothing() -> None:
    progress = Progress("q", "1", (Answered("phone", (), skipped=True),))

    assert progress.value("phone") is None
    assert progress.values("email") == ()
