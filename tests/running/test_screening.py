"""A visitor is screened through the running bot, in their own way, and staff get the lead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clinic import conversations
from tests.clinic.screening.conftest import CALM
from tests.front_desk import FrontDesk, Visitor, everything, types
from tests.running import rasas_memory

pytestmark = pytest.mark.running

NO_YES = {
    **CALM,
    "age": "forty three",
    "state": "Oregon",
    "main_reason": "depression and anxiety",
    "antidepressant_trials": "3",
    "name": "Ann Example",
    "phone": "my number is (202) 555-0143",
    "best_time": "in the mornings",
    "review": "Yes, send it",
}
SCALES = {
    **{f"phq9_{number}": "More than half the days" for number in range(1, 9)},
    "phq9_9": "Not at all",
    "phq9_difficulty": "Somewhat difficult",
    **{f"gad7_{number}": "Several days" for number in range(1, 8)},
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
    return len(rasas_memory.events(front_desk, conversations.id_of(visitor.key)))


def leads(front_desk: FrontDesk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in front_desk.clinic("leads", "export").splitlines()]


def test_a_finished_screening_is_one_lead_that_the_export_prints(front_desk: FrontDesk) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("I would like to start the pre-screening")

    asked = answer_all(visitor, NO_YES)

    assert types(visitor.said) == ["outcome"]
    assert len(asked) < 25
    made = leads(front_desk)[before:]
    assert len(made) == 1
    assert made[0]["name"] == "Ann Example"
    assert made[0]["phone"] == "+12025550143"
    assert made[0]["outcome"] == "G"
    assert made[0]["questionnaire_response"]["resourceType"] == "QuestionnaireResponse"


def test_with_the_scales_staff_get_scores_and_the_sign_of_resistance_to_treatment(
    front_desk: FrontDesk,
) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("start the questions")

    answer_all(visitor, {**NO_YES, **SCALES, "extras": "mood and worry"})

    lead = leads(front_desk)[before:][0]
    scores = {score["id"]: (score["total"], score["band"]) for score in lead["clinical"]["scores"]}
    assert lead["outcome"] == "T"
    assert scores == {"phq9": (16, "Moderately severe"), "gad7": (7, "Mild")}


def test_thoughts_of_death_bring_help_lines_first_and_a_yes_ends_the_questions(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answers = {**NO_YES, **SCALES, "extras": "mood", "phq9_9": "Several days"}
    answer_all(visitor, answers, until="suicide_now")

    assert types(visitor.said) == ["check_in", "question"]
    assert "988" in everything(visitor.said)

    visitor.say("Yes")
    assert types(visitor.said) == ["crisis", "outcome"]
    assert visitor.said[1]["payload"]["code"] == "E0"
    visitor.say(visitor.said[1]["payload"]["suggestions"][1])
    assert visitor.field() == "suicide_now"


def test_an_earlier_answer_is_changed_by_its_name_in_the_middle(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until="medicines")

    visitor.say("actually I'm 52")
    assert "I changed Age to: 52." in everything(visitor.said)
    assert visitor.field() == "medicines"

    visitor.say("change my state")
    assert visitor.field() == "state"
    visitor.say("Keep my answer")
    assert visitor.field() == "medicines"


def test_medicines_are_cleared_up_and_contradictions_asked_about(front_desk: FrontDesk) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answers = {**NO_YES, "medicines": "lisinoprill 10mg, blorpazine"}
    answer_all(visitor, answers, until="medicines:meant")

    visitor.say("Lisinopril")
    assert str(visitor.field()).startswith("contradiction:")
    visitor.say("Both are right")
    answer_all(visitor, answers)

    clinical = leads(front_desk)[before:][0]["clinical"]
    flags = {medicine["said"]: medicine["flag"] for medicine in clinical["medicines"]}
    assert flags["blorpazine"] == "unrecognised"
    assert [one["id"] for one in clinical["kept_contradictions"]] == ["normal_but_medicine"]


def test_answers_can_be_downloaded_and_only_by_their_visitor(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions")
    answer_all(visitor, NO_YES, until="state")

    visitor.say("can I download my answers?")
    files = {file["url"] for file in visitor.said[0]["payload"]["files"]}
    mine = visitor.http.get("/api/answers.txt")
    strangers = Visitor(front_desk).http.get("/api/answers.txt")

    assert files == {"/api/answers.txt", "/api/answers.json"}
    assert "43" in mine.text
    assert strangers.status_code == 404
    assert visitor.field() == "state"


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
        ("stops_brain", "no"),
        ("stops_body", "nope, nothing like that"),
        ("antidepressant_trials", "zero"),
        ("antidepressant_trials", "a few years ago, maybe 3 pills"),
        ("duration", "for about two years"),
        ("medicines", "I don't take anything"),
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
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "I'm 16")

    assert visitor.said[0]["payload"]["code"] == "N1"
    assert "988" in everything(visitor.said)
    assert "16" not in [message["text"] for message in visitor.open()]


def test_an_emergency_ends_the_questions_with_911_and_988(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    visitor.say("start the questions", "Yes, I agree", "Yes")

    assert types(visitor.said) == ["crisis", "outcome"]
    assert visitor.said[1]["payload"]["code"] == "E0"
    words = everything(visitor.said)
    assert "911" in words
    assert "988" in words
    assert visitor.field() is None


def test_a_question_in_the_middle_is_answered_and_the_same_one_asked_once(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")

    visitor.say("does it hurt, what are the side effects?")

    assert types(visitor.said) == ["answer", "question"]
    assert visitor.field() == "age"


def test_a_wrong_answer_gets_one_line_and_the_question_again(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")

    visitor.say("purple")

    assert len(visitor.said) <= 2
    assert visitor.field() == "age"
    assert everything(visitor.said).count("How old are you") == 1


@pytest.mark.parametrize("words", ["why do you ask?", "Why do you ask?"])
def test_why_is_explained_and_the_question_asked_again(front_desk: FrontDesk, words: str) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")

    visitor.say(words)

    assert "adults" in everything(visitor.said)
    assert visitor.field() == "age"


def test_going_back_asks_the_question_before(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "43")
    assert visitor.field() == "state"

    visitor.say("Go back")

    assert visitor.field() == "age"


def test_a_question_that_may_be_skipped_is_skipped_and_one_that_may_not_is_not(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")

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
    assert visitor.field() == "duration"


def test_a_request_to_call_back_is_a_lead_and_the_screening_can_go_on(
    front_desk: FrontDesk,
) -> None:
    before = len(leads(front_desk))
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "43")

    visitor.say("can I talk to a real person please")
    answers = {**NO_YES, "consent": "Yes, I agree", "name": "Ben Example", "best_time": "skip"}
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
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "43")
    if not in_the_middle:
        visitor.say("stop")

    visitor.say("delete my answers")

    assert "erased" in everything(visitor.said)
    assert visitor.open() == []
    assert stored_events(front_desk, visitor) < 10
    visitor.say("start the questions")
    assert visitor.field() == "consent"
