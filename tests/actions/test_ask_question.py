"""The bot asks the question that is open, with all that the widget needs to show it."""

from __future__ import annotations

from actions.ask_question import AskQuestion
from clinic.questionnaires import CALLBACK
from tests.actions.builders import Ran, tracker
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
