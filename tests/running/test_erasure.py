"""An erased person is gone from the clinic's database and from Rasa's, in the running product."""

from __future__ import annotations

import json
import time

import httpx
import pytest
from sqlalchemy import Engine, select, update

from clinic import conversations
from clinic.database import open_engine, reading, transaction
from clinic.tables import Erasure, Lead
from tests.clinic.whole_person import where_it_can_be_read
from tests.front_desk import FrontDesk, Visitor
from tests.running import rasas_memory
from tests.running.test_screening import NO_YES, answer_all

pytestmark = pytest.mark.running

MARKERS = ("Quagmarble", "5550133", "velvet turnip")


def test_nothing_of_an_erased_person_can_be_decrypted_in_either_database(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("my velvet turnip is green")
    conversation_id = conversations.id_of(visitor.key)
    assert "velvet turnip" in _rasas_memory(front_desk, conversation_id)
    visitor.say("start the questions")
    answer_all(
        visitor, {**NO_YES, "name": "Quagmarble Example", "phone": "202-555-0133", "email": "skip"}
    )
    clinic = open_engine(f"sqlite:///{front_desk.database}")

    front_desk.clinic("leads", "erase", _lead_of(clinic, "Quagmarble Example"), "--yes")
    _hurry(clinic)
    _wait_until_forgotten(clinic)

    with clinic.connect() as connection:
        assert where_it_can_be_read(connection, *MARKERS) == set()
    left = _rasas_memory(front_desk, conversation_id).lower()
    assert not [marker for marker in MARKERS if marker.lower() in left]
    refused = visitor.http.post("/api/messages", json={"text": "hello", "key": "12345678"})
    assert refused.status_code == httpx.codes.CONFLICT
    assert visitor.open() == []
    clinic.dispose()


def _lead(clinic: Engine, name: str) -> Lead:
    with reading(clinic) as session:
        return next(lead for lead in session.scalars(select(Lead)) if lead.name == name)


def _lead_of(clinic: Engine, name: str) -> str:
    return _lead(clinic, name).id


def _rasas_memory(front_desk: FrontDesk, conversation_id: str) -> str:
    return json.dumps(rasas_memory.events(front_desk, conversation_id), ensure_ascii=False)


def _hurry(clinic: Engine) -> None:
    """Rasa is told only after the longest turn; here none is under way."""
    with transaction(clinic) as session:
        session.execute(update(Erasure).values(due_at=Erasure.asked_at))


def _wait_until_forgotten(clinic: Engine) -> None:
    give_up = time.monotonic() + 30
    waiting = select(Erasure.conversation_id).where(Erasure.done_at.is_(None))
    while time.monotonic() < give_up:
        with reading(clinic) as session:
            if session.scalar(waiting.limit(1)) is None:
                return
        time.sleep(0.3)
    raise AssertionError("Rasa was not told within 30 seconds, or did not say that it forgot")
