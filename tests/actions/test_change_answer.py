"""With no question open, an answer that waits can be changed; what was sent is with staff."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.change_answer import NO_ANSWERS, ChangeAnswer
from clinic import interviews
from clinic.questionnaires import SCREENING
from tests.actions.builders import VISITOR, Ran, tracker
from tests.actions.conftest import Answer


def change(text: str = "change my age") -> Ran:
    return Ran(ChangeAnswer(), tracker(text, intent="change_answer"))


def asked(session: Session) -> str | None:
    session.rollback()  # look anew: the action wrote in a transaction of its own
    question = interviews.next_question(session, VISITOR, SCREENING)
    return question.link_id if question else None


def test_a_questionnaire_that_waits_is_opened_at_the_answer_to_change(
    session: Session, answer: Answer
) -> None:
    answer(until="main_reason")

    ran = change()

    assert ran.slots == {"questionnaire": SCREENING}
    assert ran.events[-1]["name"] == "questionnaire_form"
    assert asked(session) == "age"


def test_without_a_name_the_visitor_is_asked_which(session: Session, answer: Answer) -> None:
    answer(until="main_reason")

    change("there is something I would like to put right")

    assert asked(session) == "change"


def test_what_was_sent_cannot_be_changed_here_and_staff_can_be_called(answer: Answer) -> None:
    answer()

    ran = change()

    assert "with our staff" in ran.words
    assert "Call me back" in ran.suggestions


def test_without_answers_there_is_nothing_to_change(database_url: str) -> None:
    assert change().words == NO_ANSWERS
