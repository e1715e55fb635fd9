"""A questionnaire opens from the start, or where it was left."""

from __future__ import annotations

import pytest
from rasa_sdk.events import FollowupAction

from actions.base import ClinicAction
from actions.start_questionnaire import WELCOME_BACK, ResumeQuestionnaire, StartScreening
from clinic.questionnaires import CALLBACK, SCREENING
from tests.actions.builders import Ran, tracker
from tests.actions.conftest import Answer


def test_it_opens_with_nothing_said_and_nothing_answered(database_url: str) -> None:
    ran = Ran(StartScreening(), tracker())

    assert ran.messages == []
    # Nothing about the answer's slot: Rasa would have it validated at once.
    assert ran.slots == {"questionnaire": SCREENING}


@pytest.mark.parametrize("action", [StartScreening(), ResumeQuestionnaire()])
def test_who_was_in_the_middle_is_welcomed_back(answer: Answer, action: ClinicAction) -> None:
    answer(until="state")

    assert Ran(action, tracker()).words == WELCOME_BACK


def test_who_has_finished_starts_anew_without_a_welcome_back(answer: Answer) -> None:
    answer()

    assert Ran(StartScreening(), tracker()).messages == []


@pytest.mark.parametrize(
    ("was_open", "opens"),
    [(CALLBACK, CALLBACK), (SCREENING, SCREENING), ("made up", SCREENING)],
)
def test_resuming_opens_what_was_open(database_url: str, was_open: str | None, opens: str) -> None:
    ran = Ran(ResumeQuestionnaire(), tracker(questionnaire=was_open))

    assert ran.slots["questionnaire"] == opens
    assert ran.events[-1] == FollowupAction("questionnaire_form")


def test_with_nothing_open_no_questions_begin(database_url: str) -> None:
    ran = Ran(ResumeQuestionnaire(), tracker())

    assert ran.events == []
    assert "No questions are open" in ran.words


def test_when_the_database_is_gone_no_questionnaire_is_said_to_be_open(
    broken_database: None,
) -> None:
    ran = Ran(StartScreening(), tracker())

    assert ran.events == []
    assert "988" in ran.words
