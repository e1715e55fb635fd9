"""A visitor is screened through the running bot, in their own way, and staff get the lead."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from clinic import conversations
from tests.front_desk import FrontDesk, Visitor, everything, types

pytestmark = pytest.mark.running

NO_YES = {
    "consent": "Yes, I agree",
    "emergency_now": "No",
    "age": "forty three",
    "state": "Oregon",
    "main_reason": "depression and anxiety",
    "ketamine_allergy": "no",
    "aneurysm_avm_brain_bleed": "No",
    "bp_status": "Normal",
    "heart": "None of these",
    "stroke_ic_pressure": "none of these",
    "psychosis": "Never",
    "mania": "No",
    "pregnancy": "No",
    "substance_use": "No",
    "liver": "No",
    "thyroid": "No",
    "antidepressant_trials": "3",
    "diagnosed_by_clinician": "Yes",
    "name": "Ann Example",
    "phone": "my number is (202) 555-0143",
    "email": "ann@example.com",
    "leave_message_ok": "Yes",
    "best_time": "in the mornings",
    "review": "Yes, send it",
}


def answer_all(visitor: Visitor, answers: dict[str, str], *, until: str | None = None) -> list[str]:
    """Answer whatever is asked, by field; the fields in the order in which they were asked."""
    asked: list[str] = []
    while (field := visitor.field()) is not None and field != until:
        asked.append(field)
        assert len(asked) < 60, f"the questions go round in circles: {asked[-5:]}"
        visitor.say(answers[field])
    return asked


def stored_events(front_desk: FrontDesk, visitor: Visitor) -> int:
    """How many events of this visitor's conversation Rasa keeps."""
    sender = conversations.id_of(visitor.http.cookies["conversation"])
    with sqlite3.connect(front_desk.folder / "rasa.db") as database:
        count = database.execute("SELECT count(*) FROM events WHERE sender_id = ?", (sender,))
        return int(count.fetchone()[0])


def leads(front_desk: FrontDesk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in front_desk.clinic("leads", "export").splitlines()]


def test_a_finished_screening_is_one_lead_that_the_export_prints(front_desk: FrontDesk) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("I would like to start the pre-screening")

    asked = answer_all(visitor, NO_YES)

    assert types(visitor.said) == ["outcome"]
    assert len(asked) - 1 < 25
    made = leads(front_desk)[before:]
    assert len(made) == 1
    assert made[0]["name"] == "Ann Example"
    assert made[0]["phone"] == "+12025550143"
    assert made[0]["outcome"] == "T"
    assert made[0]["questionnaire_response"]["resourceType"] == "QuestionnaireResponse"


def test_a_callback_request_begins_with_its_first_question(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    visitor.say("call me back")

    assert types(visitor.said) == ["answer", "question"]
    assert "not sure I understood" not in everything(visitor.said)


@pytest.mark.parametrize(
    "words", ["I'd rather not", "decline", "i refuse", "I don't consent to this", "skip"]
)
def test_a_refusal_in_other_words_is_a_refusal(front_desk: FrontDesk, words: str) -> None:
    visitor = Visitor(front_desk)

    visitor.say("start the questions", words)

    assert visitor.said[0]["payload"]["code"] == "C0"


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("age", "I am 43 years old"),
        ("state", "I live in Oregon"),
        ("heart", "no"),
        ("stroke_ic_pressure", "n"),
        ("psychosis", "no"),
        ("antidepressant_trials", "zero"),
        ("antidepressant_trials", "five"),
    ],
)
def test_a_sentence_that_answers_is_an_answer(
    front_desk: FrontDesk, field: str, words: str
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until=field)

    visitor.say(words)

    assert types(visitor.said) == ["question"]
    assert visitor.field() != field


@pytest.mark.parametrize("words", ["202-555-01433", "call 00000", "555 201 4433 9"])
def test_a_wrong_number_gets_a_helpful_line_and_nothing_else(
    front_desk: FrontDesk, words: str
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until="phone")

    visitor.say(words)

    assert types(visitor.said) == ["question"]
    assert visitor.field() == "phone"


def test_asking_how_to_delete_deletes_nothing_yet(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    visitor.say("what is ketamine?", "how do i delete my data?")

    assert "what is ketamine?" in everything(visitor.open())


def test_sending_twice_keeps_one_lead(front_desk: FrontDesk) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)

    for _ in range(2):
        visitor.say("start the questions")
        answer_all(visitor, NO_YES)

    assert len(leads(front_desk)) == before + 1


def test_no_consent_keeps_nothing(front_desk: FrontDesk) -> None:
    before = leads(front_desk)
    visitor = Visitor(front_desk)

    visitor.say("start the questions", "No")

    assert visitor.said[0]["payload"]["code"] == "C0"
    assert visitor.field() is None
    assert leads(front_desk) == before
    assert Visitor.open(visitor) == [] or "start the questions" not in everything(visitor.open())


def test_under_18_ends_at_once_and_keeps_nothing(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "I'm 16")

    assert visitor.said[0]["payload"]["code"] == "N1"
    assert "988" in everything(visitor.said)
    assert "16" not in [message["text"] for message in visitor.open()]


def test_an_emergency_ends_the_questions_with_911_and_988(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    visitor.say("start the questions", "Yes, I agree", "Yes")

    assert visitor.said[0]["payload"]["code"] == "E0"
    words = everything(visitor.said)
    assert "911" in words
    assert "988" in words
    assert visitor.field() is None


def test_a_question_in_the_middle_is_answered_and_the_same_one_asked_once(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No")

    visitor.say("does it hurt, what are the side effects?")

    assert types(visitor.said) == ["answer", "question"]
    assert visitor.field() == "age"


def test_a_wrong_answer_gets_one_line_and_the_question_again(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No")

    visitor.say("purple")

    assert len(visitor.said) <= 2
    assert visitor.field() == "age"
    assert everything(visitor.said).count("How old are you") == 1


@pytest.mark.parametrize("words", ["why do you ask?", "Why do you ask?"])
def test_why_is_explained_and_the_question_asked_again(front_desk: FrontDesk, words: str) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No")

    visitor.say(words)

    assert "adults" in everything(visitor.said)
    assert visitor.field() == "age"


def test_going_back_asks_the_question_before(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "43")
    assert visitor.field() == "state"

    visitor.say("Go back")

    assert visitor.field() == "age"


def test_a_question_that_may_be_skipped_is_skipped_and_one_that_may_not_is_not(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No")

    visitor.say("Skip")
    assert visitor.field() == "age"

    visitor.say("43", "Oregon", "Depression")
    open_question = visitor.field()
    visitor.say("Skip")
    assert visitor.field() != open_question


def test_a_reason_is_an_answer_although_it_is_also_a_topic(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until="main_reason")

    visitor.say("depression")

    assert types(visitor.said) == ["question"]
    assert visitor.field() == "ketamine_allergy"


def test_a_request_to_call_back_is_a_lead_and_the_screening_can_go_on(
    front_desk: FrontDesk,
) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "43")

    visitor.say("can I talk to a real person please")
    answers = {**NO_YES, "consent": "Yes", "name": "Ben Example", "best_time": "skip"}
    answer_all(visitor, answers)

    made = leads(front_desk)[before:]
    assert [(lead["name"], lead["wants_callback"]) for lead in made] == [("Ben Example", True)]
    assert visitor.said[-1]["payload"]["suggestions"] == ["Continue the questions"]
    visitor.say("Continue the questions")
    assert visitor.field() == "state"


def test_a_visitor_can_correct_an_answer_before_sending(front_desk: FrontDesk) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until="review")

    visitor.say("Change an answer", "Name")
    assert visitor.field() == "name"
    visitor.say("Anna Example")
    answer_all(visitor, NO_YES)

    assert leads(front_desk)[before:][0]["name"] == "Anna Example"


@pytest.mark.parametrize("in_the_middle", [True, False])
def test_a_visitor_can_have_everything_erased(front_desk: FrontDesk, in_the_middle: bool) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "43")
    if not in_the_middle:
        visitor.say("stop")

    visitor.say("delete my answers")

    assert "erased" in everything(visitor.said)
    assert visitor.open() == []
    assert stored_events(front_desk, visitor) < 10
    visitor.say("start the questions")
    assert visitor.field() == "consent"
