"""Staff learn that words of crisis were heard; the visitor has had help by then."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.record_crisis import RecordCrisis
from clinic.tables import CrisisEvent
from tests.actions.builders import VISITOR, Ran, tracker


@pytest.mark.parametrize(
    ("replied", "kept"),
    [
        ("overdose.en", "overdose"),
        ("domestic_violence.es.again", "domestic_violence"),
        (None, "unclear"),
        ("", "unclear"),
    ],
)
def test_the_category_is_that_of_the_reply(
    session: Session, replied: str | None, kept: str
) -> None:
    ran = Ran(RecordCrisis(), tracker("my words", crisis_reply=replied))

    (event,) = session.scalars(select(CrisisEvent))
    assert (event.conversation_id, event.message_key, event.category) == (VISITOR, "key-0001", kept)
    assert (ran.messages, ran.events) == ([], [])


def said(*types: str) -> list[dict[str, Any]]:
    """What the bot said, with a payload of each type."""
    payloads = [{"event": "bot", "text": "Hi.", "data": {"custom": {"type": t}}} for t in types]
    return [*payloads, {"event": "bot", "text": "Plain.", "data": {}}, {"event": "action"}]


@pytest.mark.parametrize(
    ("before", "now", "kept"),
    [
        ([], ["crisis"], "hard"),
        ([], ["check_in"], "soft"),
        ([], ["answer", "check_in"], "soft"),
        ([], [], "hard"),
        (["check_in"], ["crisis"], "hard"),
        (["crisis"], ["check_in"], "soft"),
        (["check_in"], [], "hard"),
    ],
)
def test_what_was_said_in_this_turn_tells_a_crisis_from_a_hint(
    session: Session, before: list[str], now: list[str], kept: str
) -> None:
    call = tracker("my words", before=said(*before), crisis_reply="suicide.en")
    call.events += said(*now)

    Ran(RecordCrisis(), call)

    (event,) = session.scalars(select(CrisisEvent))
    assert event.outcome == kept


@pytest.mark.parametrize("outcome", ["soft", "hard"])
def test_beside_a_person_it_is_what_was_heard_for_nothing_is_said(
    session: Session, outcome: str
) -> None:
    before = said("crisis")
    call = tracker("my words", before=before, crisis_reply="suicide.en")
    call.latest_message.update(
        metadata={"key": "key-0001", "live": True},
        crisis={"outcome": outcome, "category": "overdose"},
    )

    Ran(RecordCrisis(), call)

    (event,) = session.scalars(select(CrisisEvent))
    assert (event.outcome, event.category) == (outcome, "overdose")


def test_help_that_is_said_again_beside_a_person_is_about_what_it_says(session: Session) -> None:
    call = tracker("nope", crisis_reply="overdose.en.again")
    call.latest_message.update(
        metadata={"key": "key-0001", "live": True, "answers": "bot"}, crisis={"outcome": "none"}
    )
    call.events += said("crisis")

    Ran(RecordCrisis(), call)

    (event,) = session.scalars(select(CrisisEvent))
    assert (event.outcome, event.category) == ("hard", "overdose")


def test_the_same_message_is_one_event(session: Session) -> None:
    for key in ("key-0001", "key-0001", "key-0002"):
        Ran(RecordCrisis(), tracker("my words", key=key))

    assert len(session.scalars(select(CrisisEvent)).all()) == 2


def test_on_a_channel_without_keys_rasas_own_id_names_the_message(session: Session) -> None:
    call = tracker("my words")
    call.latest_message.update(metadata={}, message_id="rasa-made-this")

    Ran(RecordCrisis(), call)

    (event,) = session.scalars(select(CrisisEvent))
    assert event.message_key == "rasa-made-this"


def test_our_own_trouble_is_not_the_visitors_at_this_moment(broken_database: None) -> None:
    ran = Ran(RecordCrisis(), tracker("my words"))

    assert (ran.messages, ran.events) == ([], [])
