"""Two of staff reach for the same lead at once, on a real PostgreSQL: one wins, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from clinic import lead_assignment, lead_changes, lead_merge, leads
from clinic.crisis_events import record_crisis
from clinic.database import transaction
from clinic.tables import AuditEntry, Lead
from tests.clinic import lead_world

AT_ONCE = 8


@pytest.fixture
def lead_id(postgres: Engine, request: pytest.FixtureRequest) -> str:
    with transaction(postgres) as session:
        return lead_world.lead(session, request.node.name[-60:]).id


def at_once(engine: Engine, *deeds: Callable[[Session], None]) -> None:
    """Each deed in a thread and a transaction of its own, all begun together."""
    ready = threading.Barrier(len(deeds))

    def do(deed: Callable[[Session], None]) -> None:
        with transaction(engine) as session:
            ready.wait(timeout=10)
            deed(session)

    threads = [threading.Thread(target=do, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive(), "they wait for each other"


def test_of_many_who_take_one_lead_exactly_one_has_it(postgres: Engine, lead_id: str) -> None:
    with transaction(postgres) as session:
        members = [lead_world.member(session, f"member{number}") for number in range(AT_ONCE)]
    told: dict[int, bool] = {}

    def take(session: Session, who: int) -> None:
        lead = session.get_one(Lead, lead_id)
        told[who] = lead_assignment.assign(session, lead, to=who, was=None, staff_id=who)

    at_once(postgres, *(lambda session, who=who: take(session, who) for who in members))

    with transaction(postgres) as session:
        assert [who for who, has_it in told.items() if has_it] == [
            session.get_one(Lead, lead_id).assignee_id
        ]
        taken = select(AuditEntry).where(
            AuditEntry.subject == f"lead:{lead_id}", AuditEntry.action == "lead.assigned"
        )
        assert len(session.scalars(taken).all()) == 1


def test_of_two_who_change_a_status_the_slower_sees_the_other(
    postgres: Engine, lead_id: str
) -> None:
    refused: list[str] = []

    def change(session: Session, status: str) -> None:
        lead = session.get_one(Lead, lead_id)
        lead_changes.locked(session, lead)
        if lead_changes.since(session, [lead], 0):
            refused.append(status)
            return
        leads.set_status(session, lead, status, reason="other", staff_id=1)

    at_once(
        postgres,
        lambda session: change(session, "booked"),
        lambda session: change(session, "closed"),
    )

    with transaction(postgres) as session:
        assert {session.get_one(Lead, lead_id).status, *refused} == {"booked", "closed"}


def test_urgency_is_the_highest_of_what_is_heard_at_once(postgres: Engine, lead_id: str) -> None:
    with transaction(postgres) as session:
        conversation = session.get_one(Lead, lead_id).conversation_id

    def hear(session: Session, urgency: int) -> None:
        record_crisis(
            session, conversation_id=conversation, message_key=f"key-{urgency}",
            category="suicide", urgency=urgency,
        )  # fmt: skip

    at_once(postgres, lambda session: hear(session, 4), lambda session: hear(session, 3))

    with transaction(postgres) as session:
        assert session.get_one(Lead, lead_id).urgency == 4


def test_two_who_merge_the_same_pair_both_ways_merge_it_once(
    postgres: Engine, lead_id: str
) -> None:
    with transaction(postgres) as session:
        other_id = lead_world.lead(session, "the-other").id
    refused: list[str] = []

    def merge(session: Session, goes: str, into: str) -> None:
        pair = session.get_one(Lead, goes), session.get_one(Lead, into)
        try:
            lead_merge.merge(session, *pair, staff_id=1)
        except lead_merge.NotMergeable:
            refused.append(goes)

    at_once(
        postgres,
        lambda session: merge(session, other_id, lead_id),
        lambda session: merge(session, lead_id, other_id),
    )

    with transaction(postgres) as session:
        both = [session.get_one(Lead, each) for each in (lead_id, other_id)]
        assert len(refused) == 1
        assert len([lead for lead in both if lead.merged_into]) == 1
