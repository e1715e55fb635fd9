"""The conversation remembers danger for ten messages, and what the bot asked last."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from nlu_components.crisis import memory
from nlu_components.crisis.memory import Asked


def said(outcome: str = "none") -> UserUttered:
    return UserUttered("words", parse_data={"crisis": {"outcome": outcome}})


def asked(kind: str = "check_in", category: str = "suicide", language: str = "en") -> BotUttered:
    payload = {"type": kind, "category": category, "language": language}
    return BotUttered("Are you safe?", {"custom": payload})


def answered(payload: object = None) -> BotUttered:
    return BotUttered("It depends.", {"custom": payload})


LISTEN = ActionExecuted("action_listen")


@pytest.mark.parametrize("outcome", ["hard", "soft"])
@pytest.mark.parametrize(("since", "left"), [(0, 10), (1, 9), (9, 1), (10, 0), (11, 0), (50, 0)])
def test_ten_messages_after_danger_or_a_hint_are_read_with_care(
    outcome: str, since: int, left: int
) -> None:
    events = [said(outcome), *[said() for _ in range(since)]]

    assert memory.turns_to_watch(events) == left


def test_help_lines_before_a_question_of_a_form_ask_nothing_themselves() -> None:
    card = {"type": "check_in", "category": "suicide", "language": "en", "recorded": True}
    events = [said(), answered(card), answered({"type": "question", "field": "suicide_now"})]

    assert memory.asked_last(events) is None
    assert memory.open_check_in(events) is None


OPTIONS = {"type": "question", "field": "heart", "options": ["Angina", "Stroke"]}


@pytest.mark.parametrize(
    ("text", "pressed"),
    [
        ("Angina", True),
        ("Angina; Angina", True),
        ("Angina and I want to die", False),
        ("Angina; I want to die", False),
        ("angina", False),
        ("", False),
    ],
)
def test_a_pressed_button_is_known_from_what_was_offered(text: str, pressed: bool) -> None:
    assert memory.is_pressed(text, [said(), answered(OPTIONS)]) is pressed


def test_an_older_question_offers_nothing_any_more() -> None:
    events = [said(), answered(OPTIONS), said(), answered()]

    assert not memory.is_pressed("Angina", events)


@pytest.mark.parametrize(
    ("field", "label", "pressed"),
    [
        ("heart", "Yes", False),
        ("heart", "I'm not sure", False),
        ("review", "Yes, send it", True),
        ("review", "Yes", False),
    ],
)
def test_after_a_safety_question_only_the_wish_to_send_is_a_button(
    field: str, label: str, pressed: bool
) -> None:
    options = ["Yes, send it", "Change an answer"] if field == "review" else ["Yes", "I'm not sure"]
    question = {"type": "question", "field": field, "options": options}

    assert memory.is_pressed(label, [said(), answered(question), asked()]) is pressed


def likely(outcome: str = "soft", *, only_likely: bool = True) -> UserUttered:
    heard = {"outcome": outcome, "only_likely": only_likely}
    return UserUttered("for myself", parse_data={"crisis": heard})


PLAIN = SlotSet("plain_answer", True)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([likely(), PLAIN], True),
        ([likely()], False),
        ([likely(), SlotSet("plain_answer", None)], False),
        ([likely(only_likely=False), PLAIN], False),
        ([likely(), PLAIN, likely()], False),
    ],
)
def test_what_only_the_classifier_finds_in_a_plain_answer_is_no_hint(
    events: list[Event], expected: bool
) -> None:
    assert memory.is_only_an_answer(events) is expected
    assert (memory.turns_to_watch(events) == 0) is expected


def test_a_phrase_in_a_plain_answer_is_still_watched() -> None:
    events = [likely("hard", only_likely=False), PLAIN, said(), said()]

    assert memory.turns_to_watch(events) == 8


def test_danger_heard_again_starts_the_count_anew() -> None:
    events = [said("hard"), said(), said(), said("soft"), said()]

    assert memory.turns_to_watch(events) == 9


def test_only_the_visitors_messages_count() -> None:
    events: list[Event] = [said("soft")]
    for _ in range(20):
        events += [ActionExecuted("action_answer"), answered(), SlotSet("questionnaire", "x")]

    assert memory.turns_to_watch([*events, LISTEN]) == 10


def test_a_new_session_forgets_nothing() -> None:
    started = [ActionExecuted("action_session_start"), SessionStarted(), LISTEN]

    assert memory.turns_to_watch([said("hard"), *started, said()]) == 9


@pytest.mark.parametrize(("since", "left"), [(0, 4), (3, 1), (4, 0), (5, 0)])
def test_what_outlived_a_restart_is_counted_on(since: int, left: int) -> None:
    events = [Restarted(), SlotSet("crisis_watch", 4), *[said() for _ in range(since)]]

    assert memory.turns_to_watch(events) == left


def test_danger_after_a_restart_counts_more_than_what_was_left() -> None:
    events = [Restarted(), SlotSet("crisis_watch", 2), said(), said("soft"), said()]

    assert memory.turns_to_watch(events) == 9


@pytest.mark.parametrize(
    "events",
    [
        [],
        [said(), said()],
        [SlotSet("crisis_watch", None)],
        [SlotSet("questionnaire", "screening")],
        [UserUttered("hello")],
        [UserUttered("hello", parse_data={"crisis": None})],
    ],
    ids=["nothing", "calm", "no watch", "another slot", "never judged", "no judgement"],
)
def test_without_danger_nothing_is_watched(events: list[Event]) -> None:
    assert memory.turns_to_watch(events) == 0


@pytest.mark.parametrize("kind", ["check_in", "crisis"])
def test_what_was_asked_last_is_in_the_payload_since_the_last_message(kind: str) -> None:
    events = [said("soft"), answered({"type": "answer"}), asked(kind, "overdose", "es"), LISTEN]

    assert memory.asked_last(events) == Asked(kind, "overdose", "es")


@pytest.mark.parametrize("kind", ["check_in", "crisis"])
def test_what_the_bot_asks_beside_a_person_stays_open_until_the_person_has_spoken(
    kind: str,
) -> None:
    while_live = UserUttered("words", metadata={"live": True, "answers": "bot"})
    to_the_person = UserUttered("words", metadata={"live": True, "answers": "staff"})

    assert memory.asked_last([said("soft"), while_live, asked(kind), LISTEN]) is not None
    assert memory.open_check_in([said("soft"), asked(), to_the_person]) is None


def test_the_later_of_two_questions_counts() -> None:
    events = [said("hard"), asked("check_in", "suicide"), asked("crisis", "overdose")]

    assert memory.asked_last(events) == Asked("crisis", "overdose", "en")


@pytest.mark.parametrize(
    "events",
    [
        [],
        [said(), answered(), LISTEN],
        [said(), answered({"type": "answer", "category": "suicide"})],
        [said("soft"), asked(), said()],
        [BotUttered("Hello.", None)],
    ],
    ids=["nothing", "plain words", "another payload", "answered since", "no payload at all"],
)
def test_else_nothing_was_asked_last(events: list[Event]) -> None:
    assert memory.asked_last(events) is None


def test_what_was_asked_before_a_message_stays_known_while_it_is_answered() -> None:
    question = [said("soft"), asked("check_in", "psychosis"), LISTEN]
    answer = [said(), ActionExecuted("utter_greet"), answered(), asked("crisis", "overdose")]

    assert memory.asked_before([*question, *answer]) == Asked("check_in", "psychosis", "en")


@pytest.mark.parametrize(
    "events",
    [[], [asked()], [said()], [said("soft"), asked(), said(), answered(), said()]],
    ids=["nothing", "no message", "first message", "a message ago"],
)
def test_else_nothing_was_asked_before(events: list[Event]) -> None:
    assert memory.asked_before(events) is None


def test_a_reply_was_said_before_only_if_kind_and_category_are_the_same() -> None:
    events = [said("soft"), asked("check_in", "suicide"), said("hard"), asked("crisis", "overdose")]

    assert memory.was_said_before(events, "check_in", "suicide")
    assert memory.was_said_before(events, "crisis", "overdose")
    assert not memory.was_said_before(events, "crisis", "suicide")
    assert not memory.was_said_before(events, "check_in", "overdose")
    assert not memory.was_said_before([], "crisis", "suicide")


def test_the_judgement_is_read_from_the_message_and_is_empty_if_nobody_judged() -> None:
    assert memory.judgement_of(said("hard")) == {"outcome": "hard"}
    assert memory.judgement_of(UserUttered("hello")) == {}
    assert memory.judgement_of(None) == {}


def test_the_actions_of_a_turn_are_those_since_the_last_message() -> None:
    events = [
        ActionExecuted("utter_greet"),
        said(),
        ActionExecuted("action_answer"),
        answered(),
        ActionExecuted("utter_check_in"),
    ]

    assert list(memory.actions_of_turn(events)) == ["utter_check_in", "action_answer"]
