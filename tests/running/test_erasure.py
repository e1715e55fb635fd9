"""An erased person is gone from the clinic's database and from Rasa's, in the running product."""

from __future__ import annotations

import time

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, create_engine, select, text, update

from clinic.database import open_engine, reading, transaction
from clinic.tables import Erasure, Lead
from tests.clinic.whole_person import where_it_can_be_read
from tests.front_desk import FrontDesk, Visitor
from tests.running.test_screening import NO_YES, answer_all

pytestmark = pytest.mark.running

MARKERS = ("Quagmarble", "5550133", "velvet turnip")


def test_nothing_of_an_erased_person_can_be_decrypted_in_either_database(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("my velvet turnip is green", "start the questions")
    answer_all(
        visitor, {**NO_YES, "name": "Quagmarble Example", "phone": "202-555-0133", "email": "skip"}
    )
    clinic = open_engine(f"sqlite:///{front_desk.database}")
    conversation_id = _conversation_of(clinic, "Quagmarble Example")
    assert "velvet turnip" in _rasas_memory(front_desk, conversation_id)

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


def _conversation_of(clinic: Engine, name: str) -> str:
    return _lead(clinic, name).conversation_id


def _rasas_memory(front_desk: FrontDesk, conversation_id: str) -> str:
    """Every event that Rasa keeps of a conversation, decrypted."""
    cipher = Fernet(front_desk.env["RASA_TRACKER_KEYS"])
    engine = create_engine(front_desk.env["RASA_TRACKER_URL"])
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT data FROM events WHERE sender_id = :id"), {"id": conversation_id}
        )
        kept = [cipher.decrypt(data.encode()).decode() for (data,) in rows]
    engine.dispose()
    return "\n".join(kept)


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
