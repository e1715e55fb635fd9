"""The way through the questions: forward, back, skipping, reviewing and changing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.engine import (
    Question,
    answers,
    carried_over,
    change,
    go_back,
    kept_contradictions,
    next_question,
    receive,
    skip,
)
from clinic.screening.form import Form
from clinic.screening.progress import Answered, Progress
from tests.clinic.screening.conftest import Walk

CALM_WAY = [
    "consent", "emergency_now", "for_whom", "age", "state", "main_reason", "duration",
    "diagnosed_by_clinician", "current_care", "antidepressant_trials", "other_treatments",
    "stops_brain", "stops_body", "bp_status", "pregnancy", "substance_use", "medicines", "extras",
    "name", "contact_method", "phone", "best_time",
]  # fmt: skip
REQUIRED = ["consent", "emergency_now", "for_whom", "age", "state", "name", "contact_method"]


def asked(form: Form, progress: Progress) -> Question:
    question = next_question(form, progress)
    assert question is not None
    return question


def say(form: Form, progress: Progress, *texts: str) -> Progress:
    for text in texts:
        received = receive(form, progress, text, lenient=True)
        assert received.problem is None, (text, received.problem)
        progress = received.progress
    return progress


def fields(progress: Progress) -> list[str]:
    return [answer.link_id for answer in progress.answers]


def test_consent_is_asked_first_and_in_full(form: Form) -> None:
    question = asked(form, Progress.start(form.questionnaire))

    assert (question.link_id, question.number, question.kind) == ("consent", 1, "choice")
    assert question.options == ("Yes, I agree", "No")
    assert not question.optional
    for promise in ("automated assistant", "988", "911", "encrypted", "deleted", "not a diagnosis"):
        assert promise in question.text


def test_questions_come_in_order_and_number_themselves(form: Form, walk: Walk) -> None:
    seen = []
    for until in CALM_WAY:
        question = asked(form, walk(form, until=until))
        seen.append((question.link_id, question.number))

    assert seen == [(link_id, place) for place, link_id in enumerate(CALM_WAY, start=1)]


def test_a_visitor_without_a_yes_is_through_in_under_25_questions(form: Form, walk: Walk) -> None:
    """The most that can be asked of one who raises no flag, the review counted too."""
    progress = walk(form, contact_method="call; email", main_reason="Depression")

    assert len(progress.answers) + 1 < 25


def test_nothing_is_done_before_the_visitor_confirms(form: Form, walk: Walk) -> None:
    reviewing = walk(form)
    question = asked(form, reviewing)

    sent = say(form, reviewing, "Yes, send it")

    assert question.link_id == "review"
    assert question.options == ("Yes, send it", "Change an answer")
    assert "Name: Ann Lee" in question.text
    assert sent.confirmed
    assert next_question(form, sent) is None


def test_after_the_end_no_text_changes_anything(form: Form, walk: Walk) -> None:
    sent = say(form, walk(form), "Yes, send it")

    received = receive(form, sent, "Yes", lenient=True)

    assert received.progress == sent
    assert received.problem is not None
    assert skip(form, sent).progress == sent
    assert go_back(form, sent) == sent


def test_a_problem_leaves_the_progress_as_it_was(form: Form, walk: Walk) -> None:
    at_age = walk(form, until="age")

    received = receive(form, at_age, "purple", lenient=True)

    assert received.progress == at_age
    assert received.problem is not None
    assert "purple" not in received.problem


@pytest.mark.parametrize("place", range(1, len(CALM_WAY)))
def test_going_back_asks_the_question_before_and_keeps_its_answer(
    form: Form, walk: Walk, place: int
) -> None:
    here = walk(form, until=CALM_WAY[place])

    back = go_back(form, here)

    question = asked(form, back)
    assert question.link_id == CALM_WAY[place - 1]
    assert question.was
    assert back.answers == here.answers


def test_going_back_twice_goes_two_back(form: Form, walk: Walk) -> None:
    back = go_back(form, go_back(form, walk(form, until="main_reason")))

    assert asked(form, back).link_id == "age"


def test_after_going_back_and_answering_one_is_where_one_was(form: Form, walk: Walk) -> None:
    back = go_back(form, go_back(form, walk(form, until="main_reason")))

    again = say(form, back, "52")

    assert again.value("age") == 52
    assert asked(form, again).link_id == "main_reason"


@pytest.mark.parametrize("words", ["Keep my answer", "keep it", "leave it as it is"])
def test_who_is_asked_again_may_keep_the_answer(form: Form, walk: Walk, words: str) -> None:
    here = walk(form, until="main_reason")

    kept = say(form, go_back(form, here), words)

    assert kept == here


def test_going_back_at_the_first_question_stays_there(form: Form) -> None:
    start = Progress.start(form.questionnaire)

    assert go_back(form, start) == start


@pytest.mark.parametrize("link_id", REQUIRED)
def test_what_we_cannot_do_without_is_not_skipped(form: Form, walk: Walk, link_id: str) -> None:
    at_question = walk(form, until=link_id)

    received = skip(form, at_question)

    assert received.progress == at_question
    assert received.problem is not None


@pytest.mark.parametrize("link_id", sorted(set(CALM_WAY) - set(REQUIRED) - {"phone"}))
def test_every_other_question_can_be_skipped(form: Form, walk: Walk, link_id: str) -> None:
    at_question = walk(form, until=link_id)

    received = skip(form, at_question)

    assert asked(form, at_question).optional
    assert received.problem is None
    assert link_id not in answers(form, received.progress)
    assert asked(form, received.progress).link_id != link_id


@pytest.mark.parametrize(
    ("method", "asked_for"),
    [
        ("call", ["phone", "best_time"]),
        ("text", ["phone", "best_time"]),
        ("email", ["email"]),
        ("call; email", ["phone", "email", "best_time"]),
        ("call; voicemail", ["phone", "best_time"]),
    ],
)
def test_one_is_asked_only_for_the_ways_one_chose(
    form: Form, walk: Walk, method: str, asked_for: list[str]
) -> None:
    progress = walk(form, contact_method=method)

    assert fields(progress)[fields(progress).index("contact_method") + 1 :] == asked_for


def test_an_answer_can_be_changed_at_the_review(form: Form, walk: Walk) -> None:
    choosing = say(form, walk(form), "Change an answer")
    changing = say(form, choosing, "Age")
    changed = say(form, changing, "52")

    assert asked(form, choosing).link_id == "change"
    assert "Age" in asked(form, choosing).options
    assert (asked(form, changing).link_id, asked(form, changing).was) == ("age", "34")
    assert changed.value("age") == 52
    assert asked(form, changed).link_id == "review"


def test_an_answer_is_changed_at_once_where_the_words_say_to_what(form: Form, walk: Walk) -> None:
    here = walk(form, until="medicines")

    received = change(form, here, ["age"], "I'm 52")

    assert received.progress.value("age") == 52
    assert received.said == "I changed Age to: 52."
    assert asked(form, received.progress).link_id == "medicines"


def test_without_the_new_answer_its_question_is_asked(form: Form, walk: Walk) -> None:
    here = walk(form, until="medicines")

    received = change(form, here, ["age"], None)

    assert (received.said, received.problem) == (None, None)
    assert asked(form, received.progress).link_id == "age"
    assert received.progress.answers == here.answers


def test_without_a_name_one_is_asked_which_answer_to_change(form: Form, walk: Walk) -> None:
    received = change(form, walk(form, until="medicines"), [], None)

    assert asked(form, received.progress).link_id == "change"


def test_among_a_few_only_these_are_offered(form: Form, walk: Walk) -> None:
    received = change(form, walk(form, until="medicines"), ["age", "state"], None)

    assert asked(form, received.progress).options == ("Age", "State")
    assert asked(form, say(form, received.progress, "State")).link_id == "state"


def test_a_change_may_answer_the_follow_up_at_once(form: Form, walk: Walk) -> None:
    received = change(form, walk(form, until="medicines"), ["bp_status"], "150/95")

    assert received.progress.value("bp_systolic") == 150
    assert received.said == "I changed Blood pressure to: I know my numbers."


def test_a_change_that_cannot_be_read_changes_nothing_and_asks(form: Form, walk: Walk) -> None:
    here = walk(form, until="medicines")

    received = change(form, here, ["age"], "purple")

    assert received.progress.value("age") == 34
    assert received.problem
    assert asked(form, received.progress).link_id == "age"


def test_changing_an_answer_asks_what_now_depends_on_it_and_forgets_what_no_longer_does(
    form: Form, walk: Walk
) -> None:
    reviewing = walk(form, contact_method="call")

    by_mail = change(form, reviewing, ["contact_method"], "email").progress

    assert not {"phone", "best_time"} & set(fields(by_mail))
    assert asked(form, by_mail).link_id == "email"
    assert asked(form, say(form, by_mail, "ann@example.com")).link_id == "review"


def test_a_changed_answer_stands_where_it_stood(form: Form, walk: Walk) -> None:
    reviewing = walk(form)

    changed = change(form, reviewing, ["age"], "52").progress

    assert fields(changed) == fields(reviewing)


def test_the_answer_to_a_follow_up_may_be_typed_at_once(form: Form, walk: Walk) -> None:
    progress = say(form, walk(form, until="bp_status"), "128/82")

    assert progress.value("bp_status") == "numbers"
    assert (progress.value("bp_systolic"), progress.value("bp_diastolic")) == (128, 82)


def test_one_number_of_two_leaves_the_other_to_be_asked(form: Form, walk: Walk) -> None:
    at_numbers = say(form, walk(form, until="bp_status"), "I know my numbers")

    upper = say(form, at_numbers, "128")

    assert asked(form, upper).link_id == "bp_diastolic"


def test_doubtful_medicines_are_asked_about_by_name(form: Form, walk: Walk) -> None:
    progress = say(form, walk(form, until="medicines"), "zolofft and vitamin d")

    question = asked(form, progress)

    assert question.link_id == "medicines:meant"
    assert question.options == ("Zoloft (sertraline)", "None of these")


def test_another_text_about_medicines_is_asked_about_anew(form: Form, walk: Walk) -> None:
    meant = say(form, walk(form, until="medicines"), "zolofft", "Zoloft (sertraline)")

    changed = change(form, meant, ["medicines"], "zolofft, klonipin").progress

    assert meant.value("medicines:meant") == "sertraline"
    assert changed.answered("medicines:meant") is None
    assert asked(form, changed).link_id == "medicines:meant"


def contradictory(form: Form, walk: Walk) -> Progress:
    return say(form, walk(form, until="medicines"), "lisinopril")


def test_answers_that_contradict_each_other_are_asked_about(form: Form, walk: Walk) -> None:
    progress = contradictory(form, walk)

    question = asked(form, progress)

    assert question.link_id.startswith("contradiction:")
    assert question.number is None
    assert question.options[-1] == "Both are right"
    assert progress.value("bp_status") == "normal"


def test_both_may_be_right_and_staff_are_told(form: Form, walk: Walk) -> None:
    kept = say(form, contradictory(form, walk), "Both are right")

    assert asked(form, kept).link_id == "extras"
    assert len(kept_contradictions(form, kept)) == 1


def test_the_answer_that_was_wrong_is_asked_again_and_the_contradiction_is_gone(
    form: Form, walk: Walk
) -> None:
    at_blood_pressure = say(form, contradictory(form, walk), "Change: Blood pressure")
    mended = say(form, at_blood_pressure, "High, but controlled with treatment")

    assert asked(form, at_blood_pressure).link_id == "bp_status"
    assert kept_contradictions(form, mended) == ()
    assert not asked(form, mended).link_id.startswith("contradiction:")


def test_a_settled_contradiction_opens_again_when_its_answer_changes(
    form: Form, walk: Walk
) -> None:
    kept = say(form, contradictory(form, walk), "Both are right")

    changed = change(form, kept, ["medicines"], "amlodipine").progress

    assert asked(form, changed).link_id.startswith("contradiction:")


def test_a_scale_is_introduced_once_and_its_stem_stands_above_every_item(
    form: Form, walk: Walk
) -> None:
    first = asked(form, walk(form, until="phq9_1", extras="1"))
    second = asked(form, walk(form, until="phq9_2", extras="1"))

    assert "Over the last 2 weeks" in first.text
    assert "Over the last 2 weeks" in second.text
    assert len(second.text) < len(first.text)
    assert second.section == "Mood (PHQ-9)"


@pytest.mark.parametrize("points", [1, 2, 3])
def test_help_comes_before_the_questions_about_safety(form: Form, walk: Walk, points: int) -> None:
    question = asked(form, walk(form, until="suicide_now", extras="1", phq9_9=points))

    assert (question.link_id, question.help, question.optional) == ("suicide_now", "suicide", True)
    assert "988" in question.text


def test_who_has_no_such_thoughts_is_not_asked_about_them(form: Form, walk: Walk) -> None:
    progress = walk(form, extras="1", phq9_difficulty="Not difficult at all")

    assert not [name for name in fields(progress) if name.startswith("suicide_")]


def test_answers_to_an_older_version_go_on_as_far_as_they_fit(form: Form, walk: Walk) -> None:
    here = walk(form, until="medicines")
    old = Progress(
        "screening",
        "1",
        (*here.answers, Answered("liver", ("none",)), Answered("gone", ("x",))),
    )

    today = carried_over(form, old)

    assert today.version == form.questionnaire.version
    assert today.answers == here.answers


def test_the_callback_asks_only_for_what_a_call_needs(callback: Form, walk: Walk) -> None:
    progress = walk(callback)

    assert fields(progress) == [
        "consent", "adult", "name", "contact_method", "phone", "best_time",
    ]  # fmt: skip
    assert skip(callback, walk(callback, until="phone")).problem is not None


def test_progress_survives_json_at_every_step(form: Form, walk: Walk) -> None:
    for until in [*CALM_WAY, "review"]:
        progress = walk(form, until=until, main_reason="PTSD; OCD")

        assert Progress.from_json(progress.to_json()) == progress


TEXTS = ("yes", "no", "25", "Maryland", "1", "2", "none", "Ann Lee", "(202) 555-0123", "x@y.org")
STEPS = st.lists(st.sampled_from([*TEXTS, "BACK", "SKIP"]), max_size=40)


@settings(deadline=None, max_examples=25)
@given(STEPS)
def test_no_way_through_the_questions_breaks_them(form: Form, steps: list[str]) -> None:
    progress = Progress.start(form.questionnaire)
    for step in steps:
        if step == "BACK":
            progress = go_back(form, progress)
        elif step == "SKIP":
            progress = skip(form, progress).progress
        else:
            progress = receive(form, progress, step, lenient=True).progress

        question = next_question(form, progress)
        assert (question is None) == progress.confirmed
