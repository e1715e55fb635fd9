"""Transcripts are kept encrypted, once, and forgotten when the visitor wants it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from clinic import conversations


def test_a_token_cannot_be_worked_out_from_the_conversation() -> None:
    token = conversations.new_token()

    assert len(token) >= 43
    assert token not in conversations.id_of(token)
    assert conversations.id_of(token) == conversations.id_of(token)


def test_what_was_said_comes_back_in_order(session: Session) -> None:
    conversations.add_message(session, "c", sender="visitor", key="k1", content={"text": "hello"})
    conversations.add_message(session, "c", sender="bot", key="k1", content={"text": "hi"})

    said = [(m.sender, m.content["text"]) for m in conversations.transcript(session, "c")]

    assert said == [("visitor", "hello"), ("bot", "hi")]


def test_a_forgotten_conversation_is_empty_and_stays_so(session: Session) -> None:
    conversations.add_message(session, "c", sender="visitor", key="k", content={"text": "I am 16"})

    conversations.forget(session, "c")
    conversations.add_message(session, "c", sender="visitor", key="l", content={"text": "bye"})

    assert conversations.transcript(session, "c") == []


def test_consent_given_later_keeps_what_is_said_from_then_on(session: Session) -> None:
    conversations.forget(session, "c")

    conversations.remember_again(session, "c")
    conversations.add_message(session, "c", sender="visitor", key="k", content={"text": "yes"})

    assert [m.content["text"] for m in conversations.transcript(session, "c")] == ["yes"]


def test_the_database_file_shows_nothing_of_what_was_said(
    session: Session, database_url: str
) -> None:
    content = {"text": "my canary secret"}
    conversations.add_message(session, "c", sender="visitor", key="k", content=content)
    session.commit()

    folder = Path(database_url.removeprefix("sqlite:///")).parent
    assert not any(b"canary" in path.read_bytes() for path in folder.glob("clinic.db*"))
