"""The way through the questions: forward, back, skipping, reviewing and changing."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.screening.engine import Question, answers, go_back, next_question, receive, skip
from clinic.screening.progress import Progress
from clinic.screening.questionnaire import Questionnaire

Walk = Callable[..., Progress]

IN_ORDER = [
    "consent", "emergency_now", "age", "state", "main_reason", "ketamine_allergy",
    "aneurysm_avm_brain_bleed", "bp_status", "heart", "stroke_ic_pressure", "psychosis", "mania",
    "pregnancy", "substance_use", "liver", "thyroid", "antidepressant_trials",
    "diagnosed_by_clinician", "name", "phone", "leave_message_ok", "best_time",
]  # fmt: skip


def asked(questionnaire: Questionnaire, progress: Progress) -> Question:
    question = next_question(questionnaire, progress)
    assert question is not None
    return question


def say(questionnaire: Questionnaire, progress: Progress, text: str) -> Progress:
    received = receive(questionnaire, progress, text, lenient=True)
    assert received.problem is None
    return received.progress


def test_consent_is_asked_first_and_in_full(questionnaire: Questionnaire) -> None:
    question = asked(questionnaire, Progress.start(questionnaire))

    assert (question.link_id, question.number, question.kind) == ("consent", 1, "choice")
    assert question.options == ("Yes, I agree", "No")
    assert not question.optional
    for promise in ("automated assistant", "988", "911", "encrypted", "deleted", "not a diagnosis"):
        assert promise in question.text


def test_questions_come_in_order_and_number_themselves(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    seen = []
    for until in IN_ORDER:
        question = asked(questionnaire, walk(questionnaire, until=until))
        seen.append((question.link_id, question.number, question.of))

    assert seen == [(link_id, place, 22) for place, link_id in enumerate(IN_ORDER, start=1)]


def test_a_visitor_without_a_yes_is_asked_at_most_25_questions(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    progress = walk(questionnaire, phone=None)

    assert len(progress.answers) <= 25


def test_nothing_is_done_before_the_visitor_confirms(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    reviewing = walk(questionnaire)
    question = asked(questionnaire, reviewing)

    sent = say(questionnaire, reviewing, "Yes, send it")

    assert question.link_id == "review"
    assert question.options == ("Yes, send it", "Change an answer")
    assert "Name: Ann Lee" in question.text
    assert sent.confirmed
    assert next_question(questionnaire, sent) is None


def test_after_the_end_no_text_changes_anything(questionnaire: Questionnaire, walk: Walk) -> None:
    sent = say(questionnaire, walk(questionnaire), "Yes, send it")

    received = receive(questionnaire, sent, "Yes", lenient=True)

    assert received.progress == sent
    assert received.problem is not None
    assert skip(questionnaire, sent).progress == sent
    assert go_back(questionnaire, sent) == sent


def test_a_problem_leaves_the_progress_as_it_was(questionnaire: Questionnaire, walk: Walk) -> None:
    at_age = walk(questionnaire, until="age")

    received = receive(questionnaire, at_age, "purple", lenient=True)

    assert received.progress == at_age
    assert received.problem is not None
    assert "purple" not in received.problem


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_going_back_undoes_an_answer(
    questionnaire: Questionnaire, walk: Walk, calm_texts: dict[str, str], place: int
) -> None:
    before = walk(questionnaire, until=IN_ORDER[place])
    after = say(questionnaire, before, calm_texts[IN_ORDER[place]])

    assert go_back(questionnaire, after) == before


def test_going_back_at_the_first_question_stays_there(questionnaire: Questionnaire) -> None:
    start = Progress.start(questionnaire)

    assert go_back(questionnaire, start) == start


@pytest.mark.parametrize("link_id", ["consent", "emergency_now", "age", "state", "name"])
def test_what_we_cannot_do_without_is_not_skipped(
    questionnaire: Questionnaire, walk: Walk, link_id: str
) -> None:
    at_question = walk(questionnaire, until=link_id)

    received = skip(questionnaire, at_question)

    assert received.progress == at_question
    assert received.problem is not None


@pytest.mark.parametrize("link_id", IN_ORDER[4:18])
def test_every_health_question_can_be_skipped(
    questionnaire: Questionnaire, walk: Walk, link_id: str
) -> None:
    at_question = walk(questionnaire, until=link_id)

    received = skip(questionnaire, at_question)

    assert asked(questionnaire, at_question).optional
    assert received.problem is None
    assert link_id not in answers(questionnaire, received.progress)
    assert asked(questionnaire, received.progress).link_id != link_id


def test_who_skips_the_phone_is_asked_for_e_mail_and_cannot_skip_it(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    progress = walk(questionnaire, until="email", phone=None)

    question = asked(questionnaire, progress)

    assert (question.link_id, question.kind, question.optional) == ("email", "contact", False)
    assert skip(questionnaire, progress).problem is not None


def test_who_gives_a_phone_is_not_asked_for_e_mail(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    given = answers(questionnaire, walk(questionnaire))

    assert "email" not in given
    assert given["leave_message_ok"] == ("yes",)


def test_an_answer_can_be_changed_at_the_review(questionnaire: Questionnaire, walk: Walk) -> None:
    choosing = say(questionnaire, walk(questionnaire), "Change an answer")
    changing = say(questionnaire, choosing, "Age")
    changed = say(questionnaire, changing, "52")

    assert asked(questionnaire, choosing).link_id == "change"
    assert "Age" in asked(questionnaire, choosing).options
    assert asked(questionnaire, changing).link_id == "age"
    assert changed.value("age") == 52
    assert asked(questionnaire, changed).link_id == "review"


def test_changing_an_answer_asks_what_now_depends_on_it_and_forgets_what_no_longer_does(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    choosing = say(questionnaire, walk(questionnaire), "Change an answer")
    changing = say(questionnaire, choosing, "Phone")

    without_phone = skip(questionnaire, changing).progress

    assert without_phone.answered("leave_message_ok") is None
    assert asked(questionnaire, without_phone).link_id == "email"
    with_email = say(questionnaire, without_phone, "ann@example.com")
    assert asked(questionnaire, with_email).link_id == "review"


def test_going_back_while_changing_leaves_the_answer_as_it_was(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    reviewing = walk(questionnaire)
    choosing = say(questionnaire, reviewing, "Change an answer")
    changing = say(questionnaire, choosing, "Age")

    assert go_back(questionnaire, changing) == choosing
    assert go_back(questionnaire, choosing) == reviewing


def test_going_back_after_a_change_asks_the_changed_question_again(
    questionnaire: Questionnaire, walk: Walk
) -> None:
    choosing = say(questionnaire, walk(questionnaire), "Change an answer")
    without_phone = skip(questionnaire, say(questionnaire, choosing, "Phone")).progress

    back = go_back(questionnaire, without_phone)

    assert asked(questionnaire, back).link_id == "phone"


def test_the_callback_asks_only_for_what_a_call_needs(callback: Questionnaire, walk: Walk) -> None:
    progress = walk(callback)

    assert [answer.link_id for answer in progress.answers] == [
        "consent", "name", "phone", "best_time", "leave_message_ok",
    ]  # fmt: skip
    assert skip(callback, walk(callback, until="phone")).problem is not None


def test_progress_survives_json_at_every_step(questionnaire: Questionnaire, walk: Walk) -> None:
    for until in [*IN_ORDER, "review"]:
        progress = walk(questionnaire, until=until, main_reason="PTSD; OCD")

        assert Progress.from_json(progress.to_json()) == progress


TEXTS = (
    "yes",
    "no",
    "25",
    "Maryland",
    "1",
    "2",
    "none",
    "Ann Lee",
    "(202) 555-0123",
    "x@example.com",
)
STEPS = st.lists(st.sampled_from([*TEXTS, "BACK", "SKIP"]), max_size=40)


@settings(deadline=None, max_examples=25)
@given(STEPS)
def test_no_way_through_the_questions_breaks_them(
    questionnaire: Questionnaire, steps: list[str]
) -> None:
    progress = Progress.start(questionnaire)
    for step in steps:
        if step == "BACK":
            progress = go_back(questionnaire, progress)
        elif step == "SKIP":
            progress = skip(questionnaire, progress).progress
        else:
            progress = receive(questionnaire, progress, step, lenient=True).progress

        question = next_question(questionnaire, progress)
        given_answers = answers(questionnaire, progress)
        assert (question is None) == progress.confirmed
        assert question is None or 1 <= question.number <= question.of
        assert not ("phone" in given_answers and "email" in given_answers)
