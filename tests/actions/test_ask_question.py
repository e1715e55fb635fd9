"""The bot asks the question that is open, with all that the widget needs to show it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.ask_question import AskQuestion
from clinic import interviews
from clinic.questionnaires import CALLBACK, SCREENING
from tests.actions.builders import VISITOR, Ran, tracker
from tests.actions.conftest import Answer


def test_the_first_question_is_for_consent(database_url: str) -> None:
    (payload,) = Ran(AskQuestion(), tracker(questionnaire=CALLBACK)).payloads

    assert (payload["type"], payload["field"], payload["number"]) == ("question", "consent", 1)
    assert payload["options"] == ["Yes, I agree", "No"]
    assert payload["optional"] is False


def test_the_next_one_follows_from_what_was_answered(answer: Answer) -> None:
    answer(until="main_reason")

    ran = Ran(AskQuestion(), tracker())

    (payload,) = ran.payloads
    assert (payload["field"], payload["kind"], payload["optional"]) == (
        "main_reason",
        "multiple",
        True,
    )
    assert payload["why"]
    assert "What would you like help with?" in ran.words


def test_help_lines_come_before_a_question_that_touches_on_danger(answer: Answer) -> None:
    answer(until="suicide_now", extras="1", phq9_9="Several days")

    card, question = Ran(AskQuestion(), tracker()).payloads

    assert (card["type"], card["category"]) == ("check_in", "suicide")
    assert card["resources"]
    assert (question["field"], question["optional"]) == ("suicide_now", True)


def test_a_question_that_is_asked_again_shows_the_answer_so_far_and_can_keep_it(
    session: Session, answer: Answer
) -> None:
    answer(until="main_reason")
    interviews.go_back(session, VISITOR, SCREENING)
    session.commit()

    ran = Ran(AskQuestion(), tracker())

    assert "Your answer so far: Oregon" in ran.words
    assert ran.suggestions == ["Keep my answer"]


def test_a_question_about_a_scale_names_its_section(answer: Answer) -> None:
    answer(until="phq9_2", extras="1")

    (payload,) = Ran(AskQuestion(), tracker()).payloads

    assert payload["section"] == "Mood (PHQ-9)"
