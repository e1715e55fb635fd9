"""Somebody is erased while others write about them, on a real PostgreSQL: nothing is left over."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from clinic import erasure, inbox, lead_calls, lead_changes, lead_merge, leads, notices
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.notice_planning import plan_due
from clinic.tables import CrisisEvent, Lead, Note, Notice, NoticeDelivery
from tests.clinic import lead_world
from tests.postgres_server import begin_and_wait

Write = Callable[[Session, Lead, int], object]


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)[-40:]


@pytest.fixture
def lead_id(postgres: Engine, name: str) -> str:
    with transaction(postgres) as session:
        return lead_world.lead(session, name).id


@pytest.fixture
def staff_id(postgres: Engine, name: str) -> int:
    with transaction(postgres) as session:
        return lead_world.member(session, name)


def erase(session: Session, lead_id: str) -> None:
    erasure.erase_lead(session, session.get_one(Lead, lead_id))
    session.flush()


def note(session: Session, lead: Lead, staff_id: int) -> None:
    leads.add_note(session, lead, "Called her sister.", staff_id=staff_id)


def call(session: Session, lead: Lead, staff_id: int) -> None:
    lead_calls.log(session, lead, "no_answer", staff_id=staff_id)


@pytest.mark.parametrize("write", [note, call])
def test_what_staff_write_while_the_person_is_erased_is_refused(
    postgres: Engine, lead_id: str, staff_id: int, write: Write
) -> None:
    refused: list[bool] = []

    def write_late() -> None:
        try:
            with transaction(postgres) as session:
                write(session, session.get_one(Lead, lead_id), staff_id)
        except lead_changes.LeadErased:
            refused.append(True)

    with transaction(postgres) as session:
        erase(session, lead_id)
        second = begin_and_wait(postgres, write_late)
    second.join(timeout=10)

    assert refused == [True]
    with transaction(postgres) as session:
        assert session.scalars(select(Note).where(Note.lead_id == lead_id)).all() == []


def test_notices_that_are_being_planned_are_erased_with_the_rest(
    postgres: Engine, lead_id: str
) -> None:
    def erase_meanwhile() -> None:
        with transaction(postgres) as session:
            erase(session, lead_id)

    with transaction(postgres) as session:
        assert plan_due(session, targets=["t"]) > 0
        session.flush()
        second = begin_and_wait(postgres, erase_meanwhile)
    second.join(timeout=10)

    with transaction(postgres) as session:
        assert session.get_one(Lead, lead_id).erased_at is not None
        about = select(Notice.id).where(Notice.subject == f"lead:{lead_id}")
        assert session.scalars(about).all() == []
        assert session.scalars(select(NoticeDelivery).where(~NoticeDelivery.notice_id.in_(
            select(Notice.id)))).all() == []  # fmt: skip


def test_who_is_merged_while_they_are_erased_is_erased_as_a_whole(
    postgres: Engine, lead_id: str
) -> None:
    with transaction(postgres) as session:
        kept_id = lead_world.lead(session, "the-one-that-stays").id

    def erase_meanwhile() -> None:
        with transaction(postgres) as session:
            erase(session, lead_id)

    with transaction(postgres) as session:
        goes, stays = session.get_one(Lead, lead_id), session.get_one(Lead, kept_id)
        lead_merge.merge(session, goes, stays, staff_id=1)
        session.flush()
        second = begin_and_wait(postgres, erase_meanwhile)
    second.join(timeout=10)

    with transaction(postgres) as session:
        both = [session.get_one(Lead, each) for each in (lead_id, kept_id)]
        assert all(each.erased_at is not None and each.name == "" for each in both)


def test_who_opens_an_alarm_and_who_erases_it_do_not_wait_for_each_other(
    postgres: Engine, lead_id: str, staff_id: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(postgres) as session:
        event_id = record_crisis(
            session, conversation_id=name, message_key="k", category="suicide"
        ).id
    settle = notices.settle
    begun: list[threading.Thread] = []

    def erase_meanwhile() -> None:
        with transaction(postgres) as session:
            erase(session, lead_id)

    def settle_late(session: Session, subject: str) -> None:
        session.flush()
        if not begun:
            begun.append(begin_and_wait(postgres, erase_meanwhile))
        settle(session, subject)

    monkeypatch.setattr(notices, "settle", settle_late)
    with transaction(postgres) as session:
        event = session.get_one(CrisisEvent, event_id)
        inbox.look_at_crisis(session, event, staff_id=staff_id)
    begun[0].join(timeout=10)

    with transaction(postgres) as session:
        assert session.get_one(Lead, lead_id).erased_at is not None
        event = session.get_one(CrisisEvent, event_id)
        assert event.seen_by == staff_id
        assert event.conversation_id != name
