"""Who wants a person gets one if one is there; beside them Rasa is silent, and then goes on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from clinic import conversations, handoff_endings, handoffs
from clinic.clock import now
from clinic.tables import CrisisEvent, Handoff, Staff
from tests.front_desk import FrontDesk, Visitor, everything, types
from tests.running import rasas_memory

pytestmark = pytest.mark.running

TO_A_PERSON = (
    *("hello", "how much does it cost?", "what is ketamine", "can I talk to a person", "stop"),
    *("skip", "go back", "Yes, I agree", "43", "No", "Yes", "how do I delete my data?", "..."),
    *("start the questions", "call me back", "I'm safe, back to my question", "change my age"),
    *("thanks, bye", "/restart", "/greet", "/session_start", "x" * 4000, "🙂"),
    "my name is Ann, call 202-555-0143",
)
HINT = "what's the point anymore"
CRY = "i want to kill myself"


class Chat:
    """A conversation with Rasa itself, over its REST channel."""

    def __init__(self, front_desk: FrontDesk) -> None:
        self.front_desk, self.id = front_desk, uuid.uuid4().hex

    def say(
        self, *texts: str, live: bool = False, answers: str | None = None
    ) -> list[dict[str, Any]]:
        """What is answered to the last text, as payloads; the words themselves are `plain`."""
        url = f"{self.front_desk.env['CLINIC_RASA_URL']}/webhooks/rest/webhook"
        for text in texts:
            metadata = {"key": uuid.uuid4().hex, "live": live, "answers": answers}
            body = {"sender": self.id, "message": text, "metadata": metadata}
            answer = httpx.post(url, json=body, timeout=30)
            answer.raise_for_status()
        return [entry.get("custom") or {"type": "plain", **entry} for entry in answer.json()]

    def events(self) -> list[dict[str, Any]]:
        """What Rasa keeps of this conversation, read with its key."""
        return rasas_memory.events(self.front_desk, self.id)


def field(payloads: list[dict[str, Any]]) -> str | None:
    """The question that was asked last."""
    return next((p["field"] for p in reversed(payloads) if p["type"] == "question"), None)


@contextmanager
def database(front_desk: FrontDesk) -> Iterator[Session]:
    engine = create_engine(front_desk.env["CLINIC_DATABASE_URL"])
    with Session(engine) as session:
        yield session
        session.commit()
    engine.dispose()


@pytest.fixture
def ben(front_desk: FrontDesk) -> Iterator[int]:
    """The id of a member of staff who takes chats; he leaves afterwards, for all others' sake."""
    with database(front_desk) as session:
        staff = session.scalar(select(Staff).where(Staff.username == "ben-of-the-takeover"))
        staff = staff or Staff(username="ben-of-the-takeover", password_hash="-")
        session.add(staff)
        staff.is_here, staff.last_seen_at = True, now()
        session.flush()
        staff_id = staff.id
    yield staff_id
    with database(front_desk) as session:
        session.get_one(Staff, staff_id).is_here = False


@pytest.fixture
def chat(front_desk: FrontDesk) -> Chat:
    return Chat(front_desk)


def heard(front_desk: FrontDesk, conversation_id: str) -> list[tuple[str, str]]:
    with database(front_desk) as session:
        found = select(CrisisEvent).where(CrisisEvent.conversation_id == conversation_id)
        return [(e.outcome, e.category) for e in session.scalars(found.order_by(CrisisEvent.id))]


def handoff_of(session: Session, conversation_id: str) -> Handoff:
    found = select(Handoff).where(Handoff.conversation_id == conversation_id)
    handoff = session.scalars(found.order_by(Handoff.id.desc())).first()
    assert handoff is not None
    return handoff


# --- Beside a person: silence ---------------------------------------------------------------------


def test_outside_of_questions_nothing_gets_a_reply(chat: Chat) -> None:
    chat.say("hello")

    for text in TO_A_PERSON:
        assert chat.say(text, live=True) == [], text


def test_in_the_middle_of_questions_nothing_gets_a_reply_or_is_an_answer(chat: Chat) -> None:
    asked = chat.say("start the questions", "Yes, I agree", "No", "About me")
    assert field(asked) == "age"

    for text in TO_A_PERSON:
        assert chat.say(text, live=True) == [], text
        slots = {e["name"]: e["value"] for e in chat.events() if e["event"] == "slot"}
        assert slots["questionnaire_answer"] is None, text

    assert field(chat.say("fortyish, wait: purple")) == "age", "the same question is open still"
    assert field(chat.say("43")) == "state"


def test_a_restart_said_to_a_person_forgets_nothing(chat: Chat) -> None:
    chat.say("start the questions", "Yes, I agree", "No", "About me")

    chat.say("/restart", live=True)

    assert not [event for event in chat.events() if event["event"] == "restart"]
    assert field(chat.say("43")) == "state"


def test_words_of_danger_bring_help_and_staff_and_the_questions_stay_open(
    front_desk: FrontDesk, chat: Chat
) -> None:
    chat.say("start the questions", "Yes, I agree", "No", "About me")

    said = chat.say(CRY, live=True)

    assert {payload["type"] for payload in said} == {"plain", "crisis"}
    assert heard(front_desk, chat.id) == [("hard", "suicide")]
    assert chat.say("yes", live=True, answers="staff") == []
    assert field(chat.say("43")) == "state"


@pytest.mark.parametrize("words", ["yes", "nope", "maybe"])
def test_what_is_said_to_the_bots_own_help_brings_it_again_until_staff_write(
    chat: Chat, words: str
) -> None:
    chat.say(CRY, live=True)

    said = chat.say(words, live=True, answers="bot")

    assert "crisis" in [payload["type"] for payload in said]
    assert chat.say(words, live=True, answers="staff") == []


@pytest.mark.parametrize(("words", "kind"), [("Yes", "crisis"), ("No", "text")])
def test_the_check_in_before_the_person_came_is_still_answered(
    chat: Chat, words: str, kind: str
) -> None:
    assert chat.say(HINT)[-1]["type"] == "check_in"

    assert kind in [payload["type"] for payload in chat.say(words, live=True, answers="bot")]


def test_who_is_safe_is_told_so_and_the_questions_are_not_asked_beside_a_person(
    chat: Chat,
) -> None:
    chat.say("start the questions", "Yes, I agree", "No", "About me")
    chat.say(CRY, live=True)

    said = chat.say("I'm safe, back to my question", live=True, answers="bot")

    assert [payload["type"] for payload in said] == ["plain", "text"]
    assert field(chat.say("43")) == "state"


def test_a_late_yes_is_believed_after_the_person_left_without_a_word(chat: Chat) -> None:
    chat.say(HINT)
    assert chat.say("are you there", live=True, answers="bot") == []

    assert "crisis" in [payload["type"] for payload in chat.say("yes")]


def test_an_order_to_erase_is_carried_out_beside_a_person(chat: Chat) -> None:
    chat.say("my umbrella is green", "start the questions", "Yes, I agree", "No", "About me")

    said = chat.say("delete my answers", live=True, answers="staff")

    assert "erased" in json.dumps(said)
    assert "umbrella" not in json.dumps(chat.events())
    assert field(chat.say("43")) is None


def test_a_hint_is_recorded_for_staff_and_nothing_is_said(
    front_desk: FrontDesk, chat: Chat
) -> None:
    assert chat.say(HINT, live=True) == []

    ((outcome, _),) = heard(front_desk, chat.id)
    assert outcome == "soft"


def test_a_yes_to_a_person_is_no_answer_to_the_bots_own_question(
    front_desk: FrontDesk, chat: Chat
) -> None:
    assert chat.say(HINT)[-1]["type"] == "check_in"

    assert chat.say("yes", live=True, answers="staff") == []
    assert chat.say("no", live=True, answers="staff") == []
    assert "crisis" not in [payload["type"] for payload in chat.say("yes")]
    assert [outcome for outcome, _ in heard(front_desk, chat.id)] == ["soft"]


def test_after_it_a_question_gets_its_answer(chat: Chat) -> None:
    chat.say("hello", "what is ketamine?", live=True)

    assert chat.say("what is ketamine?")[-1]["type"] == "answer"


# --- Asking for a person --------------------------------------------------------------------------


def test_staff_who_are_here_are_called_and_the_assistant_goes_on(
    front_desk: FrontDesk, ben: int
) -> None:
    visitor = Visitor(front_desk)

    said = visitor.say("can I talk to a person please")

    assert types(said) == ["handoff"]
    assert said[0]["payload"]["state"] == "waiting"
    assert types(visitor.say("what is ketamine?")) == ["answer"]
    assert "have been called" in everything(visitor.say("human please"))


def test_who_would_rather_be_called_gets_the_callback_request(
    front_desk: FrontDesk, ben: int
) -> None:
    visitor = Visitor(front_desk)
    offered = visitor.say("can I talk to a person please")[0]["payload"]["suggestions"]

    said = visitor.say(offered[0])

    assert offered == ["Call me back instead"]
    assert visitor.field() == "consent"
    assert "waiting" not in everything(said)
    with database(front_desk) as session:
        conversation_id = conversations.id_of(visitor.key)
        assert handoffs.open_of(session, conversation_id) is None


def test_a_call_is_a_call_though_somebody_is_here(front_desk: FrontDesk, ben: int) -> None:
    visitor = Visitor(front_desk)

    assert types(visitor.say("Call me back")) == ["answer", "question"]
    assert visitor.field() == "consent"


def test_in_mid_form_staff_are_called_and_the_question_stays(
    front_desk: FrontDesk, ben: int
) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")

    said = visitor.say("can I talk to a person please")

    assert types(said) == ["handoff", "question"]
    assert visitor.field() == "age"
    visitor.say("43")
    assert visitor.field() == "state"


def test_with_nobody_there_the_hours_are_told_and_a_callback_is_taken(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)

    said = visitor.say("can I talk to a person please")

    assert types(said) == ["handoff", "question"]
    assert said[0]["payload"]["state"] == "offered"
    assert "Monday to Friday, 9 am to 5 pm" in said[0]["text"]
    assert visitor.field() == "consent"


def test_a_hint_beside_the_wish_is_asked_about_too(front_desk: FrontDesk, ben: int) -> None:
    said = Visitor(front_desk).say(
        "can I talk to a person, i feel like a burden to everyone lately"
    )

    assert types(said) == ["handoff", "check_in"]


def test_taken_over_and_given_back_the_questions_go_on_where_they_were(
    front_desk: FrontDesk, ben: int
) -> None:
    visitor = Visitor(front_desk)
    conversation_id = conversations.id_of(visitor.key)
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "I want a human")
    with database(front_desk) as session:
        assert handoffs.take(session, handoff_of(session, conversation_id).id, ben)

    assert visitor.say("hello, is somebody there?", "43", "Yes", "/restart", "thanks") == []
    assert types(visitor.say(CRY)) == ["crisis"]

    with database(front_desk) as session:
        handoff = handoff_of(session, conversation_id)
        assert handoff_endings.give_back(session, handoff.id, ben, "called her")
    visitor.say("Continue the questions")
    assert visitor.field() == "age"
    visitor.say("43")
    assert visitor.field() == "state"


# --- Forgetting -----------------------------------------------------------------------------------


def in_the_middle(chat: Chat) -> None:
    chat.say("my umbrella is green", "start the questions", "Yes, I agree", "No", "About me")


def beside_a_person(chat: Chat) -> None:
    chat.say("my umbrella is green", "start the questions", "Yes, I agree", live=False)
    chat.say("my umbrella is blue", HINT, live=True)


def after_a_crisis(chat: Chat) -> None:
    chat.say("my umbrella is green", CRY)


def after_a_crisis_in_the_middle(chat: Chat) -> None:
    in_the_middle(chat)
    chat.say(CRY, "my umbrella")


def after_a_crisis_beside_a_person(chat: Chat) -> None:
    in_the_middle(chat)
    chat.say(CRY, "my umbrella", live=True)


def after_a_hint(chat: Chat) -> None:
    chat.say("my umbrella is green", HINT)


def who_waits(chat: Chat) -> None:
    chat.say("my umbrella is green", "can I talk to a person")


def in_the_callback_request(chat: Chat) -> None:
    chat.say("my umbrella is green", "call me back", "Yes, I agree", "Yes", "Ann Umbrella")


def nothing(chat: Chat) -> None:
    """Somebody who never said a word, or was forgotten before."""


@pytest.mark.parametrize(
    "state",
    [
        *(in_the_middle, beside_a_person, after_a_crisis, after_a_crisis_in_the_middle),
        *(after_a_crisis_beside_a_person, after_a_hint, who_waits, in_the_callback_request),
        nothing,
    ],
    ids=lambda state: state.__name__,
)
def test_a_restart_leaves_nothing_of_the_conversation_in_rasa(
    front_desk: FrontDesk, chat: Chat, ben: int, state: Any
) -> None:
    state(chat)

    url = f"{front_desk.env['CLINIC_RASA_URL']}/webhooks/rest/webhook"
    httpx.post(url, json={"sender": chat.id, "message": "/restart"}, timeout=30).raise_for_status()

    left = chat.events()
    assert left[0]["event"] == "restart"
    kinds = [event["event"] for event in left]
    assert set(kinds) <= {"restart", "session_started", "action", "bot", "slot"}
    # For how many more messages to listen closely: a number, and nothing a person said.
    assert {event["name"] for event in left if event["event"] == "slot"} <= {"crisis_watch"}
    kept = json.dumps(left).lower()
    for word in ("umbrella", "kill", "point anymore", "screening", "questionnaire", "suicide"):
        assert word not in kept, word
