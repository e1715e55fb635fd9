"""Who is safe again comes back to exactly where words of crisis interrupted."""

from __future__ import annotations

from typing import Any

import pytest

from actions.back_to_question import BackToQuestion
from tests.actions.builders import Ran, tracker

NOTHING_UNDERSTOOD = 0.3


def user(text: str = "words", *, topic: str = "", sure: float = 0.9) -> dict[str, Any]:
    """A message; with a topic, one in which a question was asked beside the words of crisis."""
    ranking = [{"name": "crisis", "confidence": 1.0}]
    selected: dict[str, Any] = {}
    if topic:
        ranking.append({"name": "faq", "confidence": sure})
        selected = {"faq": {"response": {"utter_action": f"utter_faq/{topic}"}}}
    parsed = {"intent": ranking[0], "intent_ranking": ranking, "response_selector": selected}
    return {"event": "user", "text": text, "parse_data": parsed}


def did(action: str) -> dict[str, Any]:
    return {"event": "action", "name": action}


HELP = [did("utter_crisis"), {"event": "bot", "text": "Call 988."}, did("action_record_crisis")]
FORM_OPENED = {"event": "active_loop", "name": "questionnaire_form"}
FORM_CLOSED = [did("action_deactivate_loop"), {"event": "active_loop", "name": None}]
LISTEN = did("action_listen")


def back(*before: dict[str, Any], **slots: Any) -> Ran:
    return Ran(BackToQuestion(), tracker("I'm safe, back to my question", before=before, **slots))


def followed_by(ran: Ran) -> list[str]:
    return [str(event["name"]) for event in ran.events if event["event"] == "followup"]


def test_a_form_that_was_interrupted_is_opened_again() -> None:
    ran = back(FORM_OPENED, user(), *HELP, *FORM_CLOSED, LISTEN)

    assert followed_by(ran) == ["questionnaire_form"]


@pytest.mark.parametrize("questionnaire", ["screening", "callback"])
def test_it_is_the_same_questionnaire(questionnaire: str) -> None:
    ran = back(user(), *HELP, *FORM_CLOSED, LISTEN, questionnaire=questionnaire)

    assert ran.slots == {"questionnaire": questionnaire}


def test_nothing_the_visitor_said_is_filled_in_as_an_answer() -> None:
    ran = back(user("i want to die"), *HELP, *FORM_CLOSED, LISTEN)

    assert "questionnaire_answer" not in ran.slots


def test_a_question_asked_in_the_same_message_is_answered_now() -> None:
    ran = back(user(topic="cost"), *HELP, LISTEN)

    assert ran.replies == ["utter_faq/cost"]
    assert followed_by(ran) == []


@pytest.mark.parametrize(
    "before",
    [
        [],
        [user(topic="cost"), did("action_answer"), LISTEN],
        [user(), *HELP, LISTEN],
        [user(topic="cost", sure=NOTHING_UNDERSTOOD), *HELP, LISTEN],
        [user(topic="a_topic_that_was_retired"), *HELP, LISTEN],
        [{"event": "user", "text": "words"}, *HELP, LISTEN],
        [{"event": "user", "text": "words", "parse_data": None}, *HELP, LISTEN],
    ],
    ids=[
        *("nothing before", "no crisis before", "words of crisis only", "hardly understood"),
        *("no such reply", "never parsed", "parsed as nothing"),
    ],
)
def test_else_we_ask_what_they_would_like_to_know(before: list[dict[str, Any]]) -> None:
    ran = back(*before)

    assert ran.replies == []
    assert "What would you like to know?" in ran.words
    assert followed_by(ran) == []


def test_after_two_messages_of_crisis_the_place_is_before_the_first() -> None:
    in_a_form = back(FORM_OPENED, user(), *HELP, *FORM_CLOSED, LISTEN, user(), *HELP, LISTEN)
    with_a_question = back(user(topic="cost"), *HELP, LISTEN, user("help"), *HELP, LISTEN)

    assert followed_by(in_a_form) == ["questionnaire_form"]
    assert with_a_question.replies == ["utter_faq/cost"]


def test_a_form_waits_until_the_visitor_comes_back_to_it() -> None:
    crisis_in_a_form = [FORM_OPENED, user(), *HELP, *FORM_CLOSED, LISTEN]
    question = [user(topic="insurance"), did("action_answer"), LISTEN]

    ran = back(*crisis_in_a_form, *question)

    assert followed_by(ran) == ["questionnaire_form"]


def test_a_form_that_was_gone_on_with_since_is_not_opened_twice() -> None:
    crisis_in_a_form = [FORM_OPENED, user(), *HELP, *FORM_CLOSED, LISTEN]
    finished = [user("continue"), FORM_OPENED, *FORM_CLOSED, LISTEN]

    ran = back(*crisis_in_a_form, *finished)

    assert followed_by(ran) == []


def test_only_the_last_interruption_counts() -> None:
    earlier = [FORM_OPENED, user(), *HELP, *FORM_CLOSED, LISTEN]
    between = [user("hello"), did("utter_greet"), LISTEN]

    ran = back(*earlier, *between, user(topic="cost"), *HELP, LISTEN)

    assert followed_by(ran) == []
    assert ran.replies == ["utter_faq/cost"]


def test_a_form_that_ended_by_itself_before_stays_closed() -> None:
    ended = [user(), did("questionnaire_form"), {"event": "active_loop", "name": None}, LISTEN]

    ran = back(*ended, user(), *HELP, LISTEN)

    assert followed_by(ran) == []
