"""What was not understood is said so, with the nearest topics and a person, and kept for staff."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.answer import CALL_ME_BACK, Answer
from actions.fallback import (
    AGAIN_NOT_UNDERSTOOD,
    NO_MORE,
    NOT_THAT,
    NOT_UNDERSTOOD,
    NOTHING_TO_REPAIR,
    AskWhichTopic,
    Fallback,
    Repair,
    TellMore,
)
from clinic import conversations
from clinic.tables import UnansweredMessage
from tests.actions.builders import VISITOR, Conversation, Ran, tracker

NEAR = ["cost", "insurance", "payment_plans", "side_effects", "how_it_works"]
THREE = ["What does it cost?", "Does insurance pay?", "Can I pay in parts?"]


def kept(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(UnansweredMessage).order_by(UnansweredMessage.id))
    found = [
        {"text": r.text, "reason": r.reason, "nearest": r.nearest, "key": r.message_key}
        for r in rows
    ]
    session.rollback()  # or the action would wait for this session
    return found


def test_three_titles_and_a_person_are_offered(database_url: str) -> None:
    ran = Ran(Fallback(), tracker("blorp", nearest=NEAR))

    assert ran.words == NOT_UNDERSTOOD
    assert ran.payloads[0]["type"] == "fallback"
    assert ran.suggestions == [*THREE, CALL_ME_BACK]
    assert ran.events == []


def test_without_anything_near_a_person_is_offered(database_url: str) -> None:
    assert Ran(Fallback(), tracker("blorp")).suggestions == [CALL_ME_BACK]


def test_the_second_time_in_a_row_the_person_comes_first(database_url: str) -> None:
    talk = Conversation()
    talk.turn(Fallback(), "blorp", nearest=NEAR)

    again = talk.turn(Fallback(), "blorp blorp", nearest=NEAR)
    once_more = talk.turn(Fallback(), "BLORP", nearest=NEAR)

    assert again.words == once_more.words == AGAIN_NOT_UNDERSTOOD
    assert again.suggestions == once_more.suggestions == [CALL_ME_BACK, *THREE]


def test_a_good_answer_in_between_starts_the_count_anew(database_url: str) -> None:
    talk = Conversation()
    talk.turn(Fallback(), "blorp", nearest=NEAR)
    talk.turn(Answer(), "how much is it", intent="faq/cost", nearest=NEAR)

    ran = talk.turn(Fallback(), "blorp", nearest=NEAR)

    assert ran.words == NOT_UNDERSTOOD
    assert ran.suggestions == [*THREE, CALL_ME_BACK]


def test_what_was_not_understood_is_kept_for_staff(session: Session) -> None:
    Ran(Fallback(), tracker("blorp, ann@example.com", key="k-7", nearest=NEAR))

    (message,) = kept(session)
    assert message == {
        "text": "blorp, [e-mail]",
        "reason": "not_understood",
        "nearest": NEAR[:3],
        "key": "k-7",
    }


def test_the_same_message_twice_is_kept_once(session: Session) -> None:
    for _ in range(2):
        Ran(Fallback(), tracker("blorp", key="k-7"))

    assert len(kept(session)) == 1


def test_nothing_is_kept_of_a_visitor_without_a_transcript(session: Session) -> None:
    conversations.forget(session, VISITOR)
    session.commit()

    ran = Ran(Fallback(), tracker("blorp", nearest=NEAR))

    assert ran.suggestions == [*THREE, CALL_ME_BACK]
    assert kept(session) == []


@pytest.mark.parametrize("action", [Fallback(), Repair()], ids=lambda action: action.name())
def test_a_broken_database_still_answers_the_visitor(
    broken_database: None, action: Any, caplog: pytest.LogCaptureFixture
) -> None:
    talk = Conversation()
    talk.turn(Answer(), "my secret is blorp", intent="faq/how_it_works", nearest=NEAR)

    with caplog.at_level(logging.DEBUG):
        ran = talk.turn(action, "blorp", nearest=NEAR)

    assert ran.suggestions == [*THREE, CALL_ME_BACK]
    assert "unanswered message not kept error=OperationalError" in caplog.messages
    assert "blorp" not in caplog.text


def test_between_two_topics_the_visitor_chooses() -> None:
    ran = Ran(AskWhichTopic(), tracker("pay", intent="near_tie", nearest=NEAR))

    assert "“What does it cost?” or “Does insurance pay?”" in ran.words
    assert ran.suggestions == [*THREE[:2], "Something else"]


def test_repair_offers_others_than_the_one_that_was_answered(database_url: str) -> None:
    talk = Conversation()
    talk.turn(Answer(), "paying?", intent="faq/cost", nearest=NEAR)

    ran = talk.turn(Repair(), "that's not what I asked", nearest=["hopeless"])

    assert ran.words == NOT_THAT
    assert ran.suggestions == [
        "Does insurance pay?",
        "Can I pay in parts?",
        "Are there side effects?",
        CALL_ME_BACK,
    ]


def test_something_else_after_a_choice_of_two_offers_neither_of_them(database_url: str) -> None:
    talk = Conversation()
    choice = talk.turn(AskWhichTopic(), "pay", intent="near_tie", nearest=NEAR)

    ran = talk.turn(Repair(), "Something else", nearest=["cost", "insurance"])

    assert choice.suggestions == ["What does it cost?", "Does insurance pay?", "Something else"]
    assert ran.words == NOT_THAT
    assert ran.suggestions == [
        "Can I pay in parts?",
        "Are there side effects?",
        "How does it work?",
        CALL_ME_BACK,
    ]


def test_something_else_with_nothing_else_near_offers_a_person(database_url: str) -> None:
    talk = Conversation()
    talk.turn(AskWhichTopic(), "pay", intent="near_tie", nearest=NEAR[:2])

    ran = talk.turn(Repair(), "Something else", nearest=NEAR)

    assert ran.words == NOTHING_TO_REPAIR
    assert ran.suggestions == [CALL_ME_BACK]


def test_repair_leaves_out_what_was_offered_when_nothing_was_understood(database_url: str) -> None:
    talk = Conversation()
    talk.turn(Fallback(), "blorp", nearest=NEAR)

    ran = talk.turn(Repair(), "none of these")

    assert ran.suggestions == ["Are there side effects?", "How does it work?", CALL_ME_BACK]


def test_repair_leaves_out_what_was_offered_under_an_answer_in_other_words(
    database_url: str,
) -> None:
    talk = Conversation()
    for words in ("how much", "the price"):
        talk.turn(Answer(), words, intent="faq/cost", nearest=NEAR)

    ran = talk.turn(Repair(), "that's not what I asked")

    assert ran.suggestions == ["Are there side effects?", "How does it work?", CALL_ME_BACK]


def test_repair_offers_again_what_was_offered_longer_ago(database_url: str) -> None:
    talk = Conversation()
    talk.turn(AskWhichTopic(), "pay", intent="near_tie", nearest=NEAR)
    talk.turn(Answer(), "is it safe", intent="faq/side_effects", nearest=["side_effects", "cost"])

    ran = talk.turn(Repair(), "that's not what I asked")

    assert ran.suggestions == ["What does it cost?", CALL_ME_BACK]


def test_repair_keeps_the_message_that_was_missed_and_not_the_complaint(session: Session) -> None:
    talk = Conversation()
    talk.turn(Answer(), "paying? my number is 202-555-0143", intent="faq/cost", nearest=NEAR)

    talk.turn(Repair(), "that's not what I asked", nearest=["hopeless"])

    (message,) = kept(session)
    assert message["text"] == "paying? my number is [number]"
    assert message["reason"] == "not_what_i_asked"
    assert message["nearest"] == NEAR[:3]


def test_what_was_said_to_a_person_was_not_missed_by_the_bot(session: Session) -> None:
    talk = Conversation()
    talk.turn(Answer(), "my sister has the same", intent="faq/cost", nearest=NEAR)
    talk.events[0]["metadata"] = {"key": "key-0001", "live": True}

    ran = talk.turn(Repair(), "that's not what I asked")

    assert ran.words == NOTHING_TO_REPAIR
    assert "sister" not in str(kept(session))


def test_repair_with_nothing_near_offers_a_person(database_url: str) -> None:
    ran = Ran(Repair(), tracker("that's not what I asked"))

    assert ran.words == NOTHING_TO_REPAIR
    assert ran.suggestions == [CALL_ME_BACK]


def test_who_wants_more_is_told_where_and_offered_neighbours(session: Session) -> None:
    talk = Conversation()
    talk.turn(Answer(), "how much is it", intent="faq/cost", nearest=NEAR)

    ran = talk.turn(TellMore(), "tell me more", nearest=["hopeless"])

    assert ran.words == NO_MORE
    assert ran.suggestions == [
        "Does insurance pay?",
        "Can I pay in parts?",
        "Are there side effects?",
        CALL_ME_BACK,
    ]
    assert kept(session) == []


def test_who_wants_more_of_nothing_is_not_understood(database_url: str) -> None:
    ran = Ran(TellMore(), tracker("tell me more", nearest=NEAR))

    assert ran.words == NOT_UNDERSTOOD
