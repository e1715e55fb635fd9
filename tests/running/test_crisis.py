"""Words of crisis bring help in the same turn, in any state, whatever else is broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.front_desk import FrontDesk, Visitor, everything, types

pytestmark = pytest.mark.running

SENTENCES = {
    "suicide": "i want to kill myself",
    "self_harm": "I keep cutting myself again tonight",
    "overdose": "I just swallowed a whole bottle of pills",
    "medical_emergency": "I have chest pain and I can't breathe",
    "harm_to_others": "I am going to shoot my boss",
    "domestic_violence": "my husband beats me and I'm scared to go home",
    "sexual_assault": "he raped me last night",
    "child_at_risk": "my stepfather hits my little brother every night",
    "psychosis": "voices are telling me to do things",
    "third_person": "my brother says he is going to kill himself",
}


def help_in(messages: list[dict[str, Any]]) -> dict[str, Any]:
    payloads = [message.get("custom") or message.get("payload") or {} for message in messages]
    found = next(payload for payload in payloads if payload.get("type") == "crisis")
    words = " ".join(message.get("text", "") for message in messages)
    assert "988" in words
    assert "911" in words
    return found


@pytest.mark.parametrize("category", SENTENCES)
def test_every_category_brings_its_help(front_desk: FrontDesk, category: str) -> None:
    payload = help_in(front_desk.say_to_rasa(SENTENCES[category]))

    assert payload["category"] == category
    assert payload["resources"]


def test_in_mid_form_nothing_of_it_becomes_an_answer(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me")
    assert visitor.field() == "age"

    help_in(visitor.say(SENTENCES["suicide"]))

    assert "question" not in types(visitor.said)
    visitor.say("hello")
    assert visitor.field() is None, "only the visitor's own wish goes on with the questions"
    visitor.say("I'm safe, back to my question")
    assert visitor.field() == "age"
    assert types(visitor.say("43")) == ["question"], "the answer is an answer, no second alarm"


def check_in_in(messages: list[dict[str, Any]]) -> dict[str, Any]:
    payloads = [message.get("custom") or message.get("payload") or {} for message in messages]
    assert payloads[-1].get("type") == "check_in", payloads
    assert "988" in messages[-1].get("text", "") or "988" in everything(messages)
    return payloads[-1]


HINT = "what's the point anymore"


def test_a_hint_gets_its_answer_first_and_then_a_check_in(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    said = visitor.say("how much does a session cost? i feel like a burden to everyone lately")

    assert types(said)[0] == "answer"
    check_in_in(said)


def test_a_hint_that_asks_nothing_is_not_told_that_it_was_not_understood(
    front_desk: FrontDesk,
) -> None:
    assert types(Visitor(front_desk).say(HINT)) == ["check_in"]


@pytest.mark.parametrize("words", ["yes", "kind of", "maybe", "Yes", "...", "i feel hopeless"])
def test_a_yes_or_a_worse_word_after_a_check_in_brings_help(
    front_desk: FrontDesk, words: str
) -> None:
    visitor = Visitor(front_desk)
    check_in_in(visitor.say(HINT))

    help_in(visitor.say(words))


def test_a_no_after_a_check_in_is_taken_and_talk_goes_on(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    check_in_in(visitor.say(HINT))

    said = visitor.say("No, I'm safe")

    assert "crisis" not in types(said)
    assert "988" in everything(said)
    assert types(visitor.say("what is ketamine?")) == ["answer"]


def test_a_hint_in_a_form_fills_the_form_and_asks(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("start the questions", "Yes, I agree", "No", "About me", "34")
    asked = visitor.field()

    check_in_in(visitor.say("Oregon, and i feel hopeless"))
    back = visitor.say("No, I'm safe")

    assert asked == "state"
    assert visitor.field() not in (None, asked), "the answer was taken, and the next one asked"
    assert "crisis" not in types(back)


def test_a_question_that_crisis_words_interrupted_is_answered_in_one_tap(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)
    help_in(visitor.say("how much does a session cost? i want to kill myself"))

    said = visitor.say("I'm safe, back to my question")

    assert "answer" in types(said)


def test_a_second_time_comes_in_other_words_and_asks_whether_someone_was_reached(
    front_desk: FrontDesk,
) -> None:
    visitor = Visitor(front_desk)

    first = everything(visitor.say("i want to kill myself"))
    second = everything(visitor.say("i am going to end my life tonight"))

    assert first != second
    assert "reach" in second


def test_spanish_is_answered_in_spanish(front_desk: FrontDesk) -> None:
    payload = help_in(Visitor(front_desk).say("me quiero matar, ya no puedo con esta vida"))

    assert payload["language"] == "es"


@pytest.mark.parametrize("words", ["yes", "yes i am", "no", "not really", "maybe", "idk"])
def test_a_yes_or_no_to_our_question_brings_help_again(front_desk: FrontDesk, words: str) -> None:
    visitor = Visitor(front_desk)
    visitor.say("i want to die")

    help_in(visitor.say(words))
    help_in(visitor.say("yes"))


def test_after_words_of_crisis_another_question_gets_its_answer(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    visitor.say("i want to die", "what is ketamine?")

    assert types(visitor.said) == ["answer"]


def test_being_safe_with_nothing_open_begins_no_questions(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)

    visitor.say("i want to die", "I'm safe, back to my question")

    assert visitor.field() is None


def test_the_question_of_a_callback_request_is_no_answer_either(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    visitor.say("call me back")

    help_in(visitor.say(SENTENCES["overdose"]))

    assert "leads" not in front_desk.clinic("leads", "export", "--format", "jsonl")


def test_one_message_is_one_event_for_staff(front_desk: FrontDesk) -> None:
    visitor = Visitor(front_desk)
    body = {"text": SENTENCES["self_harm"], "key": "the-same-key-twice"}

    answers = [visitor.http.post("/api/messages", json=body).json() for _ in range(2)]

    assert answers[0] == answers[1]


def test_asking_for_treatment_in_a_crisis_brings_help_and_then_the_answer(
    front_desk: FrontDesk,
) -> None:
    messages = front_desk.say_to_rasa("I'm in crisis, can I get it now?")

    kinds = [message["custom"]["type"] for message in messages if "custom" in message]
    assert kinds[0] == "crisis"
    assert kinds[-1] == "answer"
    assert messages[-1]["custom"]["topic"] == "crisis_use"


def test_a_leading_slash_hides_nothing(front_desk: FrontDesk) -> None:
    help_in(Visitor(front_desk).say("/restart i want to kill myself"))


@pytest.fixture(scope="module")
def broken_front_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    """One of our own, to break."""
    desk = FrontDesk(tmp_path_factory.mktemp("broken"))
    try:
        desk.start()
        yield desk
    finally:
        desk.stop()


def test_with_the_action_server_dead_and_the_database_gone_help_still_comes(
    broken_front_desk: FrontDesk,
) -> None:
    desk = broken_front_desk
    visitor = Visitor(desk)
    visitor.say("start the questions", "Yes, I agree")

    desk.kill("actions")
    _ruin(desk.database)
    in_the_form = visitor.say(SENTENCES["suicide"])
    of_someone_new = desk.say_to_rasa(SENTENCES["medical_emergency"])

    help_in(in_the_form)
    help_in(of_someone_new)


def test_with_the_action_server_dead_silence_is_answered_with_988_and_911(
    broken_front_desk: FrontDesk,
) -> None:
    visitor = Visitor(broken_front_desk)

    said = everything(visitor.say("start the questions"))

    assert "988" in said
    assert "911" in said
    assert "cannot tell whether" in said


def test_with_rasa_dead_the_refusal_itself_says_988_and_911(
    broken_front_desk: FrontDesk,
) -> None:
    visitor = Visitor(broken_front_desk)
    broken_front_desk.kill("rasa")

    answer = visitor.http.post("/api/messages", json={"text": "hello", "key": "12345678"})

    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    message = answer.json()["error"]["message"]
    assert "988" in message
    assert "911" in message


def _ruin(database: Path) -> None:
    for path in database.parent.glob("clinic.db*"):
        path.unlink()
    database.mkdir()  # what stands here now cannot be opened as a database
