"""Staff learn that words of crisis were heard; the visitor has had help by then."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.record_crisis import RecordCrisis
from clinic.tables import CrisisEvent
from tests.actions.builders import VISITOR, Ran, tracker


@pytest.mark.parametrize(
    ("heard", "kept"), [("overdose", "overdose"), (None, "suicide"), ("", "suicide")]
)
def test_the_category_is_kept_and_a_missing_one_is_the_gravest(
    session: Session, heard: str | None, kept: str
) -> None:
    ran = Ran(RecordCrisis(), tracker("my words", crisis_category=heard))

    (event,) = session.scalars(select(CrisisEvent))
    assert (event.conversation_id, event.message_key, event.category) == (VISITOR, "key-0001", kept)
    assert (ran.messages, ran.events) == ([], [])


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
