"""On PostgreSQL, with others at work: a deletion leaves nothing over, each mail is sent once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select

from clinic import (
    audit_check,
    conversations,
    erasure,
    handoffs,
    leads,
    live_chat,
    visitor_deletion,
    visitor_mail,
    visitor_mail_queue,
)
from clinic.conversations import ConversationErased
from clinic.database import open_engine, reading, transaction
from clinic.tables import AuditEntry, Lead, Message, Staff, VisitorMail
from clinic.visitor_mail import Answer
from tests.clinic.screened import screened
from tests.clinic.whole_person import CONVERSATIONS, MARKER, where_it_can_be_read, whole_person
from tests.postgres_server import Databases, begin_and_wait

C = "c"
VISIT, OTHER_VISIT = CONVERSATIONS


@pytest.fixture
def postgres_url(postgres_databases: Databases) -> Iterator[str]:
    """A fresh database for each test."""
    with postgres_databases.migrated() as address:
        yield address


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Engine]:
    opened = open_engine(postgres_url)
    yield opened
    opened.dispose()


def say(postgres: Engine) -> None:
    with transaction(postgres) as session:
        conversations.add_message(session, C, sender="visitor", key="k", content={"text": MARKER})


def delete(postgres: Engine, conversation_id: str = C) -> bool:
    with transaction(postgres) as session:
        return visitor_deletion.delete(session, conversation_id)


def test_a_request_stays_and_the_rest_is_gone(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead_id = whole_person(session).id

    assert delete(postgres, VISIT) is True
    assert delete(postgres, OTHER_VISIT) is True

    with postgres.connect() as connection:
        left = where_it_can_be_read(connection, MARKER)
        assert where_it_can_be_read(connection, VISIT) == {
            "audit.subject",
            "erasures.conversation_id",
        }
    assert "messages.content" not in left
    assert "leads.name" in left
    with reading(postgres) as session:
        assert session.get_one(Lead, lead_id).erased_at is None
        assert audit_check.check(session).is_whole


def test_staff_who_erase_the_person_meanwhile_erase_all_of_it(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead_id = whole_person(session).id

    def erase() -> None:
        with transaction(postgres) as session:
            erasure.erase_lead(session, session.get_one(Lead, lead_id), 1)

    with transaction(postgres) as session:
        visitor_deletion.delete(session, VISIT)
        session.flush()
        second = begin_and_wait(postgres, erase)
    second.join(timeout=10)

    with postgres.connect() as connection:
        assert where_it_can_be_read(connection, MARKER) == set()


def test_a_visitor_who_deletes_while_staff_erase_is_told_that_it_is_gone(postgres: Engine) -> None:
    with transaction(postgres) as session:
        lead_id = whole_person(session).id
    told: list[bool] = []

    with transaction(postgres) as session:
        erasure.erase_lead(session, session.get_one(Lead, lead_id), 1)
        session.flush()
        second = begin_and_wait(postgres, lambda: told.append(delete(postgres, VISIT)))
    second.join(timeout=10)

    assert told == [False]
    with postgres.connect() as connection:
        assert where_it_can_be_read(connection, MARKER) == set()


def test_a_message_that_is_just_being_written_goes_too(postgres: Engine) -> None:
    say(postgres)

    with transaction(postgres) as session:
        conversations.add_message(session, C, sender="bot", key="k", content={"text": MARKER})
        second = begin_and_wait(postgres, lambda: [delete(postgres)].clear())
    second.join(timeout=10)

    with reading(postgres) as session:
        assert session.scalars(select(Message.id)).all() == []


def test_a_request_that_is_just_being_sent_stays_with_staff(postgres: Engine) -> None:
    say(postgres)
    told: list[bool] = []

    with transaction(postgres) as session:
        leads.save_lead(session, screened(conversation_id=C))
        second = begin_and_wait(postgres, lambda: told.append(delete(postgres)))
    second.join(timeout=10)

    assert told == [True]


def test_a_request_that_comes_too_late_is_refused(postgres: Engine) -> None:
    say(postgres)
    refused: list[bool] = []

    def send() -> None:
        try:
            with transaction(postgres) as session:
                leads.save_lead(session, screened(conversation_id=C))
        except ConversationErased:
            refused.append(True)

    with transaction(postgres) as session:
        visitor_deletion.delete(session, C)
        session.flush()
        second = begin_and_wait(postgres, send)
    second.join(timeout=10)

    assert refused == [True]


def test_a_message_of_staff_that_comes_too_late_is_refused_like_one_after_the_end(
    postgres: Engine,
) -> None:
    say(postgres)
    with transaction(postgres) as session:
        member = Staff(username="amira", password_hash="-")
        session.add(member)
        session.flush()
        staff_id = member.id
        handoff_id = handoffs.step_in(session, C, staff_id).id
    refused: list[bool] = []

    def answer() -> None:
        try:
            with transaction(postgres) as session:
                live_chat.say(session, handoff_id, staff_id, key="key-0001", text="Hello?")
        except live_chat.HasEnded:
            refused.append(True)

    with transaction(postgres) as session:
        visitor_deletion.delete(session, C)
        session.flush()
        second = begin_and_wait(postgres, answer)
    second.join(timeout=10)

    assert refused == [True]


def test_of_two_windows_that_delete_at_once_one_does(postgres: Engine) -> None:
    say(postgres)
    with transaction(postgres) as session:
        leads.save_lead(session, screened(conversation_id=C))

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: delete(postgres), range(4)))

    assert told == [True] * 4
    with reading(postgres) as session:
        erased = select(AuditEntry.id).where(AuditEntry.action == "conversation.erased")
        assert len(session.scalars(erased).all()) == 1


def test_of_many_processes_one_sends_each_mail(postgres: Engine) -> None:
    with transaction(postgres) as session:
        session.add_all(
            VisitorMail(conversation_id=f"c{number}", address="ann@example.org", nonce=b"n")
            for number in range(4)
        )

    def claim(_: int) -> int | None:
        with transaction(postgres) as session:
            return visitor_mail_queue.claim(session)

    with ThreadPoolExecutor(4) as pool:
        claimed = Counter(pool.map(claim, range(12)))

    assert {claimed[number] for number in claimed if number is not None} == {1}


def test_of_many_guesses_at_once_five_are_judged(postgres: Engine) -> None:
    say(postgres)
    with transaction(postgres) as session:
        visitor_mail.ask(session, C, "ann@example.org")

    def guess(_: int) -> Answer:
        with transaction(postgres) as session:
            return visitor_mail.confirm(session, C, "no code")

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(guess, range(20)))

    assert answers[Answer.WRONG] == visitor_mail.MOST_TRIES - 1
    with reading(postgres) as session:
        assert session.scalars(select(VisitorMail.tries)).one() == visitor_mail.MOST_TRIES


def test_a_round_works_here_too(postgres: Engine) -> None:
    say(postgres)
    with transaction(postgres) as session:
        visitor_mail.ask(session, C, "ann@example.org")
        session.flush()
        code = visitor_mail.code_of(session.scalars(select(VisitorMail.nonce)).one())
        assert visitor_mail.confirm(session, C, code) is Answer.RIGHT
    with transaction(postgres) as session:
        mail_id = visitor_mail_queue.claim(session)
    assert mail_id is not None
    with reading(postgres) as session:
        assert not visitor_mail_queue.is_any_over(session)
        letter = visitor_mail_queue.letter(session, mail_id)
    assert letter is not None
    assert MARKER in letter.copy

    with transaction(postgres) as session:
        visitor_mail_queue.has_failed(session, letter, "TimeoutError")
    with transaction(postgres) as session:
        visitor_mail_queue.tidy(session)
        visitor_mail_queue.was_sent(session, letter)

    with reading(postgres) as session:
        assert session.scalars(select(VisitorMail.address)).all() == [""]
