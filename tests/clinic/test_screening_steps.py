"""Where people stop in the screening is counted: each question once for each visitor."""

from __future__ import annotations

from collections import Counter

import pytest

from clinic import counts, interviews, screening_steps
from clinic.database import transaction
from clinic.questionnaires import CALLBACK, SCREENING
from clinic.tables import DailyCount
from tests.clinic.screening.conftest import CALM

C = "a-conversation"


def counted(kind: str) -> Counter[str]:
    with transaction() as session:
        rows = session.query(DailyCount).where(DailyCount.kind == kind)
        return Counter({row.detail: row.number for row in rows})


def open_question(name: str = SCREENING) -> str | None:
    with transaction() as session:
        question = interviews.next_question(session, C, name)
        return question.link_id if question else None


def say(text: str, name: str = SCREENING) -> None:
    with transaction() as session:
        heard = interviews.hear(session, C, name, text, lenient=True)
    assert heard.taken, (text, heard.problem)


def answer(until: str) -> None:
    """Answer one question after the other, calmly."""
    while (field := open_question()) != until:
        assert field is not None
        say(CALM[field])


def send() -> None:
    answer(until="review")
    say("Yes, send it")


@pytest.fixture(autouse=True)
def begun(database_url: str) -> None:
    with transaction() as session:
        screening_steps.started(session, SCREENING)


def test_who_leaves_was_shown_one_question_more_than_they_answered() -> None:
    answer(until="age")

    shown, answered = counted(counts.QUESTION_SHOWN), counted(counts.QUESTION_ANSWERED)
    assert shown["consent"] == answered["consent"] == 1
    assert shown - answered == {"age": 1}


def test_going_back_and_changing_counts_no_question_twice() -> None:
    answer(until="state")
    with transaction() as session:
        interviews.go_back(session, C, SCREENING)
    say("35")
    with transaction() as session:
        interviews.change(session, C, SCREENING, "change my age to 36")

    for kind in (counts.QUESTION_SHOWN, counts.QUESTION_ANSWERED):
        assert set(counted(kind).values()) == {1}
    assert counted(counts.QUESTION_SHOWN)["state"] == 1


def test_a_finished_screening_is_counted_once_with_its_outcome_and_nobody_left() -> None:
    send()

    assert list(counted(counts.SCREENING_FINISHED).values()) == [1]
    assert counted(counts.QUESTION_SHOWN) == counted(counts.QUESTION_ANSWERED)
    assert counted(counts.QUESTION_SHOWN)["review"] == 1


def test_what_was_left_open_is_counted_by_question() -> None:
    answer(until="duration")
    with transaction() as session:
        interviews.skip(session, C, SCREENING)
    send()

    asked = counted(counts.ANSWER_ASKED)[""]
    assert counted(counts.ANSWER_MISSING)["duration"] == 1
    assert asked == sum(counted(counts.QUESTION_SHOWN).values()) - 1  # the review asks nothing
    assert counted(counts.NOTHING_MISSING) == {}


def test_who_refuses_is_counted_and_nothing_of_them_is_kept() -> None:
    say("No")

    assert counted(counts.CONSENT_REFUSED) == {"screening": 1}
    assert counted(counts.ENDED) == {"C0": 1}
    assert counted(counts.QUESTION_ANSWERED) == {"consent": 1}


def test_an_answer_that_ends_the_questions_leaves_nobody_at_the_next_one() -> None:
    answer(until="age")
    say("15")

    assert counted(counts.ENDED) == {"N1": 1}
    assert counted(counts.QUESTION_SHOWN) == counted(counts.QUESTION_ANSWERED)
    assert counted(counts.CONSENT_REFUSED) == {}


def test_an_emergency_ends_at_its_own_question_and_is_not_counted_as_leaving() -> None:
    answer(until="emergency_now")
    say("Yes")

    assert counted(counts.ENDED) == {"E0": 1}
    assert counted(counts.QUESTION_SHOWN) == counted(counts.QUESTION_ANSWERED)


def test_a_callback_request_is_counted_when_it_is_sent_and_has_no_steps() -> None:
    for text in (
        "Yes, I agree",
        "Yes",
        "Ann Example",
        "call; voicemail",
        "202-555-0143",
        "mornings",
        "Yes, send it",
    ):
        say(text, CALLBACK)

    assert counted(counts.CALLBACK_ASKED) == {"": 1}
    assert counted(counts.QUESTION_SHOWN) == {"consent": 1}  # of the screening that was begun
