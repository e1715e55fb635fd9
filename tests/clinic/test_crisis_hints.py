"""Staff are told what the chat did about a hint: it asked, or it left that to a person."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from clinic import conversations, crisis_hints, handoffs
from clinic.crisis_events import HARD, SOFT, record_crisis
from clinic.tables import CrisisEvent, Staff

VISITOR = "c" * 40


def heard(session: Session, outcome: str = SOFT, key: str = "key-0001") -> CrisisEvent:
    return record_crisis(
        session,
        conversation_id=VISITOR,
        message_key=key,
        category="suicide",
        outcome=outcome,
    )


def say(session: Session, sender: str, kind: str) -> None:
    conversations.add_message(
        session,
        VISITOR,
        sender=sender,
        key="key-0001",
        content={"text": "words", "payload": {"type": kind}},
    )


def take(session: Session) -> None:
    ben = Staff(username="ben", password_hash="-")
    session.add(ben)
    session.flush()
    assert handoffs.take(session, handoffs.ask(session, VISITOR).id, ben.id)


def test_a_check_in_that_follows_is_a_question(session: Session) -> None:
    event = heard(session)
    say(session, "visitor", "text")
    say(session, "bot", "check_in")

    assert crisis_hints.what_followed(session, event) == crisis_hints.ASKED


def test_where_no_check_in_follows_nobody_has_asked(session: Session) -> None:
    event = heard(session)
    say(session, "visitor", "text")

    assert crisis_hints.what_followed(session, event) == crisis_hints.NOT_ASKED


@pytest.mark.parametrize("is_live", [True, False])
def test_without_a_transcript_it_counts_whether_a_person_was_there(
    session: Session, is_live: bool
) -> None:
    if is_live:
        take(session)
    event = heard(session)

    followed = crisis_hints.LEFT_TO_A_PERSON if is_live else crisis_hints.ASKED
    assert crisis_hints.what_followed(session, event) == followed


def test_who_comes_after_the_hint_was_not_there(session: Session) -> None:
    event = heard(session)
    take(session)

    assert crisis_hints.what_followed(session, event) == crisis_hints.ASKED


def test_words_of_crisis_outweigh_the_hints_before_them_and_no_hint_after(
    session: Session,
) -> None:
    events = [heard(session)]
    assert crisis_hints.standing(events) is events[0]

    events.append(heard(session, HARD, "key-0002"))
    assert crisis_hints.standing(events) is None

    events.append(heard(session, SOFT, "key-0003"))
    assert crisis_hints.standing(events) is events[2]
    assert crisis_hints.standing([]) is None
