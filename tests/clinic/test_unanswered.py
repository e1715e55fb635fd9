"""A question without an answer is kept once, masked and encrypted, until the visitor objects."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from clinic import conversations, unanswered
from clinic.tables import UnansweredMessage


def keep(
    session: Session, text: str = "what is blorp", *, visitor: str = "c", key: str = "k"
) -> UnansweredMessage | None:
    return unanswered.keep(
        session,
        conversation_id=visitor,
        message_key=key,
        text=text,
        reason="not_understood",
        nearest=("cost", "insurance"),
    )


def texts(session: Session) -> list[str]:
    return [message.text for message in unanswered.latest(session, most=100)]


def test_the_same_message_twice_is_one(session: Session) -> None:
    first = keep(session)

    assert keep(session) is first
    assert len(texts(session)) == 1


def test_another_message_or_another_visitor_is_another_one(session: Session) -> None:
    keep(session)
    keep(session, key="l")
    keep(session, visitor="d")

    assert len(texts(session)) == 3


def test_what_could_tell_who_asked_is_masked_before_it_is_written(session: Session) -> None:
    keep(session, "my name is Ann, write to ann@example.com or call 202-555-0143")

    assert texts(session) == ["my name is [name], write to [e-mail] or call [number]"]


def test_the_database_file_shows_nothing_of_what_was_asked(
    session: Session, database_url: str
) -> None:
    keep(session, "my canary secret")
    session.commit()

    folder = Path(database_url.removeprefix("sqlite:///")).parent
    assert not any(b"canary" in path.read_bytes() for path in folder.glob("clinic.db*"))


def test_nothing_is_kept_of_a_visitor_of_whom_nothing_may_be_written(session: Session) -> None:
    conversations.forget(session, "c")

    assert keep(session) is None
    assert texts(session) == []


def test_what_was_kept_is_forgotten_with_the_conversation_and_only_with_that(
    session: Session,
) -> None:
    keep(session, "mine")
    keep(session, "theirs", visitor="d")

    conversations.forget(session, "c")

    assert texts(session) == ["theirs"]


def test_after_a_consent_given_later_new_questions_are_kept(session: Session) -> None:
    conversations.forget(session, "c")
    conversations.remember_again(session, "c")

    keep(session)

    assert len(texts(session)) == 1


def test_the_newest_come_first_and_no_more_than_asked_for(session: Session) -> None:
    for number in range(4):
        keep(session, f"question {number}", key=f"k{number}")

    latest = unanswered.latest(session, most=3)

    assert [m.text for m in latest] == ["question 3", "question 2", "question 1"]


def test_an_export_does_not_tell_whose_message_it_was(session: Session) -> None:
    message = keep(session, visitor="the-visitor", key="the-key")
    assert message is not None

    exported = unanswered.exported(message)

    assert set(exported) == {"at", "reason", "text", "nearest"}
    assert exported["nearest"] == ["cost", "insurance"]
    assert "the-" not in str(exported)
