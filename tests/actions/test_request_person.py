"""Who wants a person gets staff into the chat, or a call; and knows that this is no person yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.events import FollowupAction
from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import request_person
from actions.request_person import CALL_INSTEAD, STAYS, RequestPerson, nobody_here
from actions.wish_for_a_person import refuses_a_person, wants_a_call
from clinic import conversations, handoff_endings, handoffs
from clinic.clock import now
from clinic.database import transaction
from clinic.facts import facts
from clinic.questionnaires import CALLBACK
from clinic.tables import Handoff, Staff
from clinic.week import read_holidays, read_week
from tests.actions.builders import VISITOR, Conversation, Ran, tracker

WISHES: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "wishes_for_a_person.yml").read_text("utf-8")
)
TAKES_A_CALLBACK = [
    {"event": "slot", "timestamp": None, "name": "questionnaire", "value": CALLBACK},
    FollowupAction("questionnaire_form"),
]


@pytest.fixture
def somebody_is_here(database_url: str) -> None:
    with transaction() as session:
        session.add(Staff(username="ben", password_hash="-", is_here=True, last_seen_at=now()))


def ask(text: str = "can I talk to a person") -> Ran:
    return Ran(RequestPerson(), tracker(text, intent="human_handoff"))


def states(ran: Ran) -> list[str]:
    return [payload["state"] for payload in ran.payloads if payload["type"] == "handoff"]


def handoff(session: Session) -> Handoff | None:
    session.expire_all()
    return session.scalar(select(Handoff).where(Handoff.ended_at.is_(None)))


@pytest.mark.usefixtures("somebody_is_here")
def test_staff_who_are_here_are_called_and_the_assistant_goes_on(session: Session) -> None:
    ran = ask()

    found = handoff(session)
    assert found is not None
    assert (found.conversation_id, handoffs.state_of(found)) == (VISITOR, "waiting")
    assert states(ran) == ["waiting"]
    assert ran.suggestions == [CALL_INSTEAD]
    assert ran.events == []


@pytest.mark.usefixtures("somebody_is_here")
def test_who_waits_is_told_that_this_is_no_person_and_no_help_in_an_emergency() -> None:
    words = ask().words

    for part in ("automated", "a few minutes", "not for emergencies", "911", "988", "kept"):
        assert part in words


@pytest.mark.usefixtures("somebody_is_here")
def test_who_asks_again_hears_that_staff_were_called_already(session: Session) -> None:
    conversation = Conversation()
    conversation.turn(RequestPerson(), "agent", intent="human_handoff")

    again = conversation.turn(RequestPerson(), "agent!!", intent="human_handoff")

    assert len(session.scalars(select(Handoff)).all()) == 1
    assert states(again) == ["waiting"]
    assert "have been called" in again.words
    assert "I have called" not in again.words


@pytest.mark.usefixtures("somebody_is_here")
def test_who_asks_again_still_waits_though_nobody_is_here_any_more(session: Session) -> None:
    ask()
    session.scalars(select(Staff)).one().is_here = False
    session.commit()

    assert states(ask()) == ["waiting"]


@pytest.mark.usefixtures("database_url")
def test_with_nobody_there_a_callback_is_taken() -> None:
    ran = ask()

    assert states(ran) == ["offered"]
    assert "automated" in ran.words
    assert facts().phone in ran.words
    assert ran.events == TAKES_A_CALLBACK


@pytest.mark.usefixtures("database_url")
def test_staff_whose_console_is_closed_are_not_there(session: Session) -> None:
    long_ago = now() - timedelta(minutes=10)
    session.add(Staff(username="ben", password_hash="-", is_here=True, last_seen_at=long_ago))
    session.commit()

    assert states(ask()) == ["offered"]


@pytest.mark.usefixtures("somebody_is_here")
def test_a_wish_to_be_called_is_a_callback_though_somebody_is_here(session: Session) -> None:
    ran = ask("Call me back")

    assert ran.replies == ["utter_human_handoff"]
    assert ran.events == TAKES_A_CALLBACK
    assert handoff(session) is None


@pytest.mark.usefixtures("somebody_is_here")
def test_who_would_rather_be_called_waits_no_longer(session: Session) -> None:
    ask()

    ran = ask(CALL_INSTEAD)

    assert ran.events == TAKES_A_CALLBACK
    assert handoff(session) is None


@pytest.mark.usefixtures("somebody_is_here")
def test_a_chat_that_is_live_is_not_ended_by_a_word_that_came_late(session: Session) -> None:
    ask()
    ben = session.scalars(select(Staff)).one()
    waiting = handoff(session)
    assert waiting is not None
    handoffs.take(session, waiting.id, ben.id)
    session.commit()

    ask(CALL_INSTEAD)

    assert handoffs.state_of(handoff(session)) == "live"


@pytest.mark.usefixtures("somebody_is_here")
def test_a_later_wish_for_a_person_calls_staff_anew(session: Session) -> None:
    ask()
    handoff_endings.leave(session, VISITOR)
    session.commit()

    assert "I have called" in ask().words


@pytest.mark.usefixtures("somebody_is_here")
def test_who_is_under_age_gets_the_phone_number_and_no_questions(session: Session) -> None:
    conversations.forget(session, VISITOR, under_age=True)
    session.commit()

    ran = ask()

    assert facts().phone in ran.words
    assert ran.events == []
    assert handoff(session) is None


@pytest.mark.usefixtures("somebody_is_here")
def test_who_wants_no_person_gets_none_and_the_assistant_goes_on(session: Session) -> None:
    ran = ask("I dont want to talk to a person")

    assert ran.words == STAYS
    assert ran.events == []
    assert handoff(session) is None


@pytest.mark.usefixtures("somebody_is_here")
def test_who_wants_no_person_any_more_waits_no_longer(session: Session) -> None:
    ask()

    ask("no human please, the bot is fine")

    assert handoff(session) is None


def test_a_broken_database_is_admitted_with_the_numbers(broken_database: None) -> None:
    ran = ask()

    assert ran.events == []
    for part in ("could not call our staff", facts().phone, "911", "988"):
        assert part in ran.words


# --- When nobody is there: the hours -------------------------------------------------------------


@pytest.fixture
def clinic(monkeypatch: pytest.MonkeyPatch) -> Any:
    def _clinic(**changes: Any) -> None:
        changed = facts().model_copy(update=changes)
        monkeypatch.setattr("clinic.opening_hours.facts", lambda: changed)

    return _clinic


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=facts().zone)


def test_when_closed_the_hours_and_the_next_opening_are_told() -> None:
    words = nobody_here(at("2026-11-22T20:00"))

    assert "Our hours: Monday to Friday, 9 am to 5 pm. We open again tomorrow at 9 am." in words


def test_within_the_hours_no_opening_is_promised() -> None:
    words = nobody_here(at("2026-11-23T10:00"))

    assert "Our hours: Monday to Friday, 9 am to 5 pm. They can call" in words
    assert "open again" not in words


def test_a_holiday_is_told_by_its_name(clinic: Any) -> None:
    closed: list[Any] = [{at("2026-11-26T00:00").date(): "Thanksgiving"}]
    clinic(holidays=read_holidays(closed))

    words = nobody_here(at("2026-11-26T10:00"))

    assert "We are closed today for Thanksgiving. Our hours" in words
    assert "We open again tomorrow at 9 am." in words


def test_a_clinic_without_hours_tells_none(clinic: Any) -> None:
    clinic(hours=None, opening_hours=None, holidays={})

    assert "chat right now. They can call you back" in nobody_here(at("2026-11-22T20:00"))


def test_hours_that_are_only_data_are_told_as_well(clinic: Any) -> None:
    clinic(hours=None, opening_hours=read_week({"monday": "9:00-12:00"}))

    assert "Our hours: Monday, 9 am to noon." in nobody_here(at("2026-11-22T20:00"))


@pytest.mark.parametrize(
    "words",
    [request_person.CALLED, request_person.CALLED_ALREADY, request_person.NOBODY_HERE],
)
def test_no_words_promise_a_time(words: str) -> None:
    for promise in ("soon", "shortly", "within", "in a moment", "right away", "will come"):
        assert promise not in words


# --- A call, or a person now ----------------------------------------------------------------------


@pytest.mark.parametrize("text", WISHES["a_call"])
def test_these_words_ask_for_a_call(text: str) -> None:
    assert wants_a_call(text)


@pytest.mark.parametrize("text", WISHES["no_person"])
def test_these_words_want_no_person(text: str) -> None:
    assert refuses_a_person(text)


@pytest.mark.parametrize("text", [*WISHES["a_person_now"], *WISHES["a_call"], *WISHES["no_bot"]])
def test_these_words_refuse_nobody(text: str) -> None:
    assert not refuses_a_person(text)


@pytest.mark.parametrize("text", WISHES["a_person_now"])
def test_these_words_ask_for_a_person(text: str) -> None:
    assert not wants_a_call(text)
