"""Several web processes on one PostgreSQL: of those who do it at once, exactly one does it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import monotonic
from types import ModuleType
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from clinic import (
    clock,
    conversations,
    handoff_endings,
    handoff_overview,
    handoffs,
    live_chat,
    staff,
    turns,
)
from clinic.database import transaction
from clinic.tables import AuditEntry, Handoff, Message, Notice, Staff

AT_ONCE = 8

Result = TypeVar("Result")


@pytest.fixture(scope="module")
def postgres(postgres: Engine) -> Engine:
    """With a team."""
    with transaction(postgres) as session:
        for number in range(AT_ONCE):
            staff.create_staff(session, f"member{number}")
    return postgres


@pytest.fixture
def team(postgres: Engine) -> list[int]:
    with transaction(postgres) as session:
        return list(session.scalars(select(Staff.id).order_by(Staff.id)))


@pytest.fixture
def visitor(postgres: Engine) -> str:
    conversation_id = uuid4().hex
    with transaction(postgres) as session:
        conversations.open_conversation(session, conversation_id)
    return conversation_id


@pytest.fixture
def waiting(postgres: Engine, visitor: str) -> int:
    with transaction(postgres) as session:
        return handoffs.ask(session, visitor).id


def at_once(postgres: Engine, deed: Callable[[Session, int], Result]) -> list[Result]:
    """What each of several processes gets that start in the same moment."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> Result:
        with transaction(postgres) as session:
            start.wait()
            return deed(session, number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def said(postgres: Engine, visitor: str) -> list[str]:
    with transaction(postgres) as session:
        return [message.key for message in conversations.transcript(session, visitor)]


def deeds(postgres: Engine, handoff_id: int) -> list[str]:
    with transaction(postgres) as session:
        found = select(AuditEntry.action).where(AuditEntry.subject == f"handoff:{handoff_id}")
        return list(session.scalars(found.order_by(AuditEntry.id)))


def test_asking_at_once_is_one_handoff_and_one_notice(postgres: Engine, visitor: str) -> None:
    ids = at_once(postgres, lambda session, _: handoffs.ask(session, visitor).id)

    assert len(set(ids)) == 1
    assert deeds(postgres, ids[0]) == ["handoff.asked"]
    with transaction(postgres) as session:
        subject = Notice.subject == f"handoff:{ids[0]}"
        assert len(session.scalars(select(Notice).where(subject)).all()) == 1


def test_two_staff_never_take_the_same_visitor(
    postgres: Engine, visitor: str, waiting: int, team: list[int]
) -> None:
    won = at_once(postgres, lambda session, n: handoffs.take(session, waiting, team[n]))

    assert won.count(True) == 1
    with transaction(postgres) as session:
        assert session.get_one(Handoff, waiting).staff_id == team[won.index(True)]
    assert said(postgres, visitor) == [f"handoff:{waiting}:live"]


def test_a_wait_ends_once_whoever_looks(postgres: Engine, visitor: str, waiting: int) -> None:
    early = clock.now() - timedelta(minutes=10)
    with transaction(postgres) as session:
        session.execute(update(Handoff).where(Handoff.id == waiting).values(asked_at=early))

    ended = at_once(postgres, lambda session, _: handoff_endings.end_overdue(session, visitor))

    assert sum(ended) == 1
    assert said(postgres, visitor) == [f"handoff:{waiting}:ended"]


def test_who_was_missed_is_listed_until_somebody_has_read_it(
    postgres: Engine, visitor: str, waiting: int, team: list[int]
) -> None:
    def is_missed(session: Session) -> bool:
        return waiting in [one.handoff.id for one in handoff_overview.missed(session)]

    with transaction(postgres) as session:
        handoff = session.get_one(Handoff, waiting)
        handoff.ended_at, handoff.ended_by = clock.now(), handoff_endings.NOBODY_CAME
        assert is_missed(session)
        handoff_overview.look(session, handoff, staff_id=team[0])
        assert not is_missed(session)


def test_staff_take_or_the_visitor_leaves_but_never_both(
    postgres: Engine, visitor: str, waiting: int, team: list[int]
) -> None:
    def deed(session: Session, number: int) -> bool:
        if number % 2:
            return handoff_endings.leave(session, visitor)
        return handoffs.take(session, waiting, team[number])

    at_once(postgres, deed)

    with transaction(postgres) as session:
        handoff = session.get_one(Handoff, waiting)
        assert handoff.ended_by == "visitor"
    # Taken before it ended, or not at all; never live after the end.
    assert said(postgres, visitor)[-1] == f"handoff:{waiting}:ended"


def test_one_form_sent_many_times_at_once_is_one_message(
    postgres: Engine, visitor: str, waiting: int, team: list[int]
) -> None:
    with transaction(postgres) as session:
        handoffs.take(session, waiting, team[0])

    ids = at_once(
        postgres,
        lambda session, _: (
            live_chat.say(session, waiting, team[0], key="key-of-form", text="hello").id
        ),
    )

    assert len(set(ids)) == 1
    with transaction(postgres) as session:
        staffs = Message.conversation_id == visitor, Message.sender == "staff"
        assert len(session.scalars(select(Message).where(*staffs)).all()) == 1


def until_it_waits_or_is_done(postgres: Engine, deed: Future[None]) -> None:
    """Until the deed waits for a lock that another transaction holds."""
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    until = monotonic() + 10
    with postgres.connect() as connection:
        while not deed.done() and monotonic() < until:
            if connection.scalar(waits):
                return
            connection.rollback()


def test_nobody_steps_into_a_conversation_that_is_just_being_forgotten(
    postgres: Engine, visitor: str, team: list[int]
) -> None:
    with transaction(postgres) as session:
        conversations.add_message(session, visitor, sender="visitor", key="k", content={"text": ""})

    def step_in() -> None:
        with transaction(postgres) as session:
            handoffs.step_in(session, visitor, team[0])

    with ThreadPoolExecutor(1) as pool:
        with transaction(postgres) as session:
            conversations.forget(session, visitor)
            session.flush()
            stepping_in = pool.submit(step_in)
            until_it_waits_or_is_done(postgres, stepping_in)

        with pytest.raises(handoffs.NobodyThere):
            stepping_in.result()
    with transaction(postgres) as session:
        assert not handoffs.is_live(session, visitor)


def test_forgetting_ends_a_chat_that_staff_begin_in_the_same_moment(
    postgres: Engine, visitor: str, team: list[int]
) -> None:
    with transaction(postgres) as session:
        conversations.add_message(session, visitor, sender="visitor", key="k", content={"text": ""})

    def forget() -> None:
        with transaction(postgres) as session:
            conversations.forget(session, visitor)

    with ThreadPoolExecutor(1) as pool:
        with transaction(postgres) as session:
            handoffs.step_in(session, visitor, team[0])
            forgetting = pool.submit(forget)
            until_it_waits_or_is_done(postgres, forgetting)
        forgetting.result()

    with transaction(postgres) as session:
        assert handoffs.open_of(session, visitor) is None


def forget(session: Session, conversation_id: str, _: int) -> None:
    conversations.forget(session, conversation_id)


Question = tuple[ModuleType, str, Callable[[Session, str, int], object]]
STEP_IN_OR_FORGET: dict[str, Question] = {
    "step in": (handoffs, "may_step_in", handoffs.step_in),
    "forget": (handoff_endings, "is_any_open", forget),
}


@pytest.mark.parametrize("which", STEP_IN_OR_FORGET)
def test_whoever_is_asked_for_meanwhile_and_written_to_stands_in_nobodys_way(
    postgres: Engine, visitor: str, team: list[int], which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn locks the hand-off and then the conversation: nobody takes them the other way."""
    module, question, deed = STEP_IN_OR_FORGET[which]
    with transaction(postgres) as session:
        conversations.add_message(session, visitor, sender="visitor", key="k", content={"text": ""})
    is_asked_truly: Callable[[Session, str], bool] = getattr(module, question)
    turns_of_others: list[Future[None]] = []

    def turn() -> None:
        with transaction(postgres) as session:
            handoffs.is_live_for_this_turn(session, visitor)
            assert turns.take(session.connection(), visitor, "key")

    def is_asked_while_others_are_at_work(session: Session, conversation_id: str) -> bool:
        if not turns_of_others:
            with transaction(postgres) as other:
                handoffs.ask(other, visitor)
            turns_of_others.append(pool.submit(turn))
            until_it_waits_or_is_done(postgres, turns_of_others[0])
        return is_asked_truly(session, conversation_id)

    with ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(module, question, is_asked_while_others_are_at_work)
        with transaction(postgres) as session:
            deed(session, visitor, team[0])
        turns_of_others[0].result()

    with transaction(postgres) as session:
        found = handoffs.open_of(session, visitor)
        assert handoffs.state_of(found) == ("live" if which == "step in" else None)


def test_a_message_of_the_bot_never_stands_behind_the_line_that_a_person_is_here(
    postgres: Engine, visitor: str, waiting: int, team: list[int]
) -> None:
    def deed(session: Session, number: int) -> None:
        if number == 0:
            handoffs.take(session, waiting, team[0])
        elif not handoffs.is_live_for_this_turn(session, visitor):
            conversations.add_message(
                session, visitor, sender="bot", key=f"key-{number}", content={"text": "answer"}
            )

    at_once(postgres, deed)

    assert said(postgres, visitor)[-1] == f"handoff:{waiting}:live"
