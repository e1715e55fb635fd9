"""A clinic that adds a question about a date has it asked, understood and sent to staff."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from actions.ask_question import AskQuestion
from actions.validate_answer import ValidateAnswer
from clinic import interviews, kept_progress, questionnaires
from clinic.questionnaires import SCREENING
from tests.actions.builders import VISITOR, Ran, tracker
from tests.actions.conftest import Answer

BEFORE = "  - linkId: pregnancy\n"
DATE = """\
  - linkId: last_dose
    type: date
    short: Last dose
    text: When did you last take ketamine?
    why: Our clinicians plan with it.
    earliest: 2000-01-01
    latest: today
"""
PLAIN = {"questionnaire_answer": None, "plain_answer": True}


@pytest.fixture(autouse=True)
def _with_a_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The files of a clinic that has added the question."""
    folder = tmp_path / "screening"
    shutil.copytree(questionnaires.FOLDER, folder)
    path = folder / "questionnaire.yml"
    path.write_text(path.read_text("utf-8").replace(BEFORE, DATE + BEFORE), "utf-8")
    monkeypatch.setattr(questionnaires, "FOLDER", folder)
    questionnaires.form.cache_clear()
    questionnaires.rules.cache_clear()
    yield
    questionnaires.form.cache_clear()
    questionnaires.rules.cache_clear()


def hear(text: str, intent: str = "nlu_fallback") -> Ran:
    return Ran(ValidateAnswer(), tracker(text, intent=intent))


def kept(session: Session) -> object:
    session.rollback()  # look anew: the action wrote in a transaction of its own
    return kept_progress.read(session, VISITOR, SCREENING).value("last_dose")


def test_it_is_asked_with_its_limits(answer: Answer) -> None:
    answer(until="last_dose")

    (payload,) = Ran(AskQuestion(), tracker()).payloads

    today = questionnaires.local_dates().today()
    assert (payload["field"], payload["kind"]) == ("last_dose", "date")
    assert (payload["earliest"], payload["latest"]) == ("2000-01-01", today.isoformat())
    assert payload["options"] == []


def test_no_other_question_has_such_limits(answer: Answer) -> None:
    answer(until="age")

    (payload,) = Ran(AskQuestion(), tracker()).payloads

    assert not {"earliest", "latest"} & set(payload)


@pytest.mark.parametrize(
    "text", ["2024-03-05", "March 5, 2024", "oh, 3/5/2024", "it was on 5 March 2024"]
)
def test_a_date_is_taken_without_a_word(session: Session, answer: Answer, text: str) -> None:
    answer(until="last_dose")

    ran = hear(text)

    assert (ran.slots, ran.messages) == (PLAIN, [])
    assert kept(session) == "2024-03-05"


def test_a_date_is_one_whatever_its_intent(session: Session, answer: Answer) -> None:
    answer(until="last_dose")

    ran = hear("my last dose was yesterday", "faq/how_often")

    day = questionnaires.local_dates().today() - timedelta(days=1)
    assert ran.messages == []
    assert kept(session) == day.isoformat()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("March 2024", "I need the whole date"),
        ("03/05/24", "with four digits"),
        ("31 April 2024", "no such day"),
        ("2099-01-01", "Please give a date from 1 January 2000 to"),
    ],
)
def test_what_is_no_whole_date_gets_one_helpful_line(
    session: Session, answer: Answer, text: str, line: str
) -> None:
    answer(until="last_dose")

    ran = hear(text, "faq/how_often")

    assert line in ran.words
    assert kept(session) is None


def test_a_question_of_the_visitors_is_answered_meanwhile(session: Session, answer: Answer) -> None:
    answer(until="last_dose")

    ran = hear("is it safe?", "chitchat/thanks")

    assert ran.replies == ["utter_chitchat/thanks"]
    assert kept(session) is None


def test_asked_again_it_shows_the_answer_in_words(session: Session, answer: Answer) -> None:
    answer(until="pregnancy", last_dose="03/05/2024")
    interviews.go_back(session, VISITOR, SCREENING)
    session.commit()

    ran = Ran(AskQuestion(), tracker())

    assert "Your answer so far: 5 March 2024" in ran.words
    assert ran.suggestions == ["Keep my answer"]


def test_staff_read_the_month_as_a_word(session: Session, answer: Answer) -> None:
    answer(last_dose="03/05/2024")

    lead, _ = interviews.save_as_lead(session, VISITOR, SCREENING)

    assert ["Last dose", "5 March 2024"] in [list(line) for line in lead.summary]
    assert '"valueDate": "2024-03-05"' in str(lead.response).replace("'", '"')
