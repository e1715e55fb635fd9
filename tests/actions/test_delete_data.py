"""What a visitor told us is erased when they say so, and they hear what was not."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.delete_data import HOW_TO_ERASE, DeleteData, orders_erasure
from actions.finish_questionnaire import FinishQuestionnaire
from clinic import conversations, handoffs
from clinic.facts import facts
from clinic.tables import Lead, QuestionnaireProgress, Staff
from tests.actions.builders import VISITOR, Ran, tracker
from tests.actions.conftest import Answer


def test_answers_and_transcript_are_gone(session: Session, answer: Answer) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})
    session.commit()
    answer(until="state")

    ran = Ran(DeleteData(), tracker("delete my answers"))

    assert "erased" in ran.words
    assert session.scalars(select(QuestionnaireProgress)).all() == []
    assert conversations.transcript(session, VISITOR) == []


def test_beside_a_person_it_is_carried_out_and_the_chat_ends(session: Session) -> None:
    conversations.open_conversation(session, VISITOR)
    handoff = handoffs.ask(session, VISITOR)
    session.add(ben := Staff(username="ben", password_hash="-"))
    session.flush()
    assert handoffs.take(session, handoff.id, ben.id)
    session.commit()

    ran = Ran(DeleteData(), live("delete my answers"))

    assert "erased" in ran.words
    assert ran.payloads == [{"type": "text", "beside_a_person": True}]
    session.expire_all()
    assert handoffs.open_of(session, VISITOR) is None


def test_what_is_no_order_is_left_to_the_person(database_url: str) -> None:
    ran = Ran(DeleteData(), live("how do I delete my data?"))

    assert (ran.messages, ran.events) == ([], [])


def live(text: str) -> Tracker:
    call = tracker(text, intent="delete_data")
    call.latest_message["metadata"]["live"] = True
    return call


def test_rasa_is_told_to_forget_too(database_url: str) -> None:
    (event,) = Ran(DeleteData(), tracker("delete my answers")).events

    assert event["event"] == "restart"


def test_who_asks_how_is_told_and_nothing_is_erased(session: Session, answer: Answer) -> None:
    answer(until="state")

    ran = Ran(DeleteData(), tracker("how do I delete my data?"))

    assert ran.words == HOW_TO_ERASE
    assert ran.events == []
    assert len(session.scalars(select(QuestionnaireProgress)).all()) == 1


@pytest.mark.parametrize(
    "text", ["forget it", "Forget it!", "never mind, forget about it", "🐙", ""]
)
def test_what_is_no_plain_order_erases_nothing_and_says_how(
    session: Session, answer: Answer, text: str
) -> None:
    conversations.add_message(session, VISITOR, sender="visitor", key="k", content={"text": "hi"})
    session.commit()
    answer(until="state")

    ran = Ran(DeleteData(), tracker(text, intent="delete_data"))

    assert ran.words == HOW_TO_ERASE
    assert ran.suggestions == ["Delete my answers"]
    assert ran.events == []
    assert len(session.scalars(select(QuestionnaireProgress)).all()) == 1
    assert len(conversations.transcript(session, VISITOR)) == 1


def test_what_the_button_says_is_an_order() -> None:
    (offered,) = Ran(DeleteData(), tracker("forget it")).suggestions

    assert orders_erasure(offered)


@pytest.mark.parametrize(
    "text",
    [
        "delete my answers",
        "ERASE EVERYTHING I told you",
        "please wipe it",
        "remove my information",
        "clear my chat history",
        "I demand the erasure of my personal data.",
        "get rid of my answers",
        "forget me",
        "forget everything I said",
        "forget what I told you",
        "borra mis datos",
    ],
)
def test_these_words_order_it(text: str) -> None:
    assert orders_erasure(text)


@pytest.mark.parametrize(
    "text",
    [
        "forget it",
        "just forget that",
        "forget it all",
        "stop",
        "how do I delete my data?",
        "can you delete my data",
        "delete my answers?",
        "is it undeleted",
        "don't delete my answers",
        "please do not erase anything",
        "forget my question",
        "not clear, forget it",
        "I removed my coat",
        "forget what I asked",
        "I forget my pills",
    ],
)
def test_these_words_do_not_order_it(text: str) -> None:
    assert not orders_erasure(text)


def test_what_staff_have_already_needs_a_call(session: Session, answer: Answer) -> None:
    answer()
    finished = tracker(questionnaire="screening", questionnaire_answer="finished")
    Ran(FinishQuestionnaire(), finished)

    ran = Ran(DeleteData(), tracker("delete my answers"))

    assert facts().phone in ran.words
    assert len(session.scalars(select(Lead)).all()) == 1
    assert session.scalars(select(QuestionnaireProgress)).all() == []


def test_who_told_us_nothing_is_answered_all_the_same(database_url: str) -> None:
    assert "erased" in Ran(DeleteData(), tracker("delete my answers")).words


def test_when_the_database_is_gone_nobody_says_that_it_is_erased(broken_database: None) -> None:
    ran = Ran(DeleteData(), tracker("delete my answers"))

    assert "nothing was erased" in ran.words
    assert "988" in ran.words
    assert "911" in ran.words
    assert ran.events == []
