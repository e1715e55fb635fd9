"""Thanks are said only for what staff really have."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.finish_questionnaire import GO_ON, FinishQuestionnaire
from clinic.questionnaires import CALLBACK, SCREENING
from clinic.tables import Lead
from tests.actions.builders import Ran, tracker
from tests.actions.conftest import Answer


def finish(name: str = SCREENING, answered: str | None = "finished") -> Ran:
    call = tracker("Yes, send it", questionnaire=name, questionnaire_answer=answered)
    return Ran(FinishQuestionnaire(), call)


def test_a_confirmed_screening_is_a_lead_and_the_visitor_hears_its_outcome(
    session: Session, answer: Answer
) -> None:
    answer()

    ran = finish()

    (lead,) = session.scalars(select(Lead))
    assert lead.name == "Ann Example"
    assert ran.payloads[0]["type"] == "outcome"
    assert ran.payloads[0]["code"] == lead.outcome
    assert ran.payloads[0]["download"] is True


def test_the_visitor_hears_only_the_reasons_of_this_outcome(answer: Answer) -> None:
    answer(bp_status="I'm not sure", main_reason="Chronic pain")

    (payload,) = finish().payloads

    assert payload["reasons"]
    assert all("we do not know yet" in reason for reason in payload["reasons"])


def test_a_confirmed_callback_request_is_with_staff(session: Session, answer: Answer) -> None:
    answer(CALLBACK)

    ran = finish(CALLBACK)

    (lead,) = session.scalars(select(Lead))
    assert lead.wants_callback
    assert (ran.payloads[0]["type"], ran.payloads[0]["state"]) == ("handoff", "callback")
    assert "with our staff" in ran.words
    assert "not watched around the clock" in ran.words
    assert ran.slots == {"questionnaire": None, "questionnaire_answer": None}


def test_a_screening_that_waits_can_go_on_after_the_callback_request(answer: Answer) -> None:
    answer(until="state")
    answer(CALLBACK)

    assert finish(CALLBACK).payloads[0]["suggestions"] == [GO_ON]


def test_finishing_twice_keeps_one_lead(session: Session, answer: Answer) -> None:
    answer()

    finish()
    finish()

    assert len(session.scalars(select(Lead)).all()) == 1


@pytest.mark.parametrize("until", ["consent", "review"])
def test_what_was_not_confirmed_is_not_saved_and_nobody_says_thanks(
    session: Session, answer: Answer, until: str
) -> None:
    answer(until=until)

    ran = finish()

    assert "cannot confirm" in ran.words
    assert "thank" not in ran.words.lower()
    assert session.scalars(select(Lead)).all() == []


@pytest.mark.parametrize("answered", ["left", None])
def test_a_form_that_was_left_says_nothing_more(
    database_url: str, session: Session, answered: str | None
) -> None:
    ran = finish(answered=answered)

    assert ran.messages == []
    assert ran.slots == {"questionnaire_answer": None}
    assert session.scalars(select(Lead)).all() == []


def test_what_is_to_be_forgotten_rasa_forgets_too(database_url: str) -> None:
    ran = finish(answered="forgotten")

    assert ran.messages == []
    assert [event["event"] for event in ran.events] == ["restart"]


def test_when_the_database_is_gone_nobody_says_thanks(broken_database: None) -> None:
    ran = finish()

    assert "cannot confirm" in ran.words
    assert "thank" not in ran.words.lower()
