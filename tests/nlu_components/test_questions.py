"""Two questions in a message are taken apart; one question never is."""

from __future__ import annotations

import pytest

from nlu_components.questions import FEWEST_LETTERS, MOST_PARTS, parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How much is it? Is it safe?", ["How much is it?", "Is it safe?"]),
        ("how much is it and is it safe", ["how much is it", "is it safe"]),
        ("How much is it, AND DOES it hurt", ["How much is it", "DOES it hurt"]),
        ("is it safe, how long does it take", ["is it safe", "how long does it take"]),
        ("I have PTSD but can I drive", ["I have PTSD", "can I drive"]),
        ("does it hurt\nwho gives it", ["does it hurt", "who gives it"]),
        ("does it hurt - who gives it", ["does it hurt", "who gives it"]),
        ("does it hurt; also who gives it", ["does it hurt", "who gives it"]),
        ("is it safe or will I get sick", ["is it safe", "will I get sick"]),
        ("how long is it oh and what does it cost", ["how long is it", "what does it cost"]),
    ],
)
def test_questions_of_one_message_are_taken_apart(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("cost and side effects", ["cost", "side effects"]),
        ("cost, risks, hours", ["cost", "risks", "hours"]),
        ("side effects/price", ["side effects", "price"]),
        ("price & hours plus parking", ["price", "hours", "parking"]),
    ],
)
def test_a_few_words_may_be_a_list_of_subjects(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?!",
        "🐙 - 🐙",
        "how much is it",
        "How much is it?",
        "and also how long does it take?",
        "can my husband and my sister come along with me",
        "does it help with depression and anxiety in older people",
        "standing by the window",
    ],
)
def test_one_question_is_not_taken_apart(text: str) -> None:
    assert parts_of(text) == []


def test_a_part_does_not_begin_with_the_word_that_joined_it() -> None:
    assert parts_of("I am scared. So is it safe? And, what does it cost?") == [
        "I am scared",
        "is it safe?",
        "what does it cost?",
    ]


def test_what_only_tells_does_not_push_a_question_out() -> None:
    text = "How much is it? Is it safe? Does it hurt?! I am 43. I live in Oregon. I have PTSD."

    assert parts_of(text) == ["How much is it?", "Is it safe?", "Does it hurt?!"]


def test_a_word_that_only_begins_like_a_joint_is_kept() -> None:
    assert parts_of("Android phones work? Some do") == ["Android phones work?", "Some do"]


def test_what_is_too_short_to_ask_anything_is_no_part() -> None:
    short = "a" * (FEWEST_LETTERS - 1)

    assert parts_of(f"{short}. how much is it? is it safe?") == ["how much is it?", "is it safe?"]
    assert parts_of(f"{short}. is it safe?") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "My doctor spoke of it. Some swear by it. How much is it? Is it safe?",
            ["How much is it?", "Is it safe?"],
        ),
        (
            "Is it safe? My mother worries. My aunt too. What does it cost",
            ["Is it safe?", "What does it cost"],
        ),
        ("My doctor spoke of it. Some swear by it. My aunt too. is it safe", ["is it safe"]),
        ("My doctor spoke of it. Some swear by it. My aunt too. The price?", ["The price?"]),
    ],
)
def test_of_many_parts_only_those_that_ask_count(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


def test_of_few_parts_all_count_whether_they_ask_or_not() -> None:
    assert parts_of("My mother worries. Is it safe?") == ["My mother worries", "Is it safe?"]


def test_of_many_questions_the_last_are_read() -> None:
    questions = [f"is it question {n}?" for n in range(MOST_PARTS + 3)]

    assert parts_of(" ".join(questions)) == questions[-MOST_PARTS:]


def test_of_a_long_message_that_asks_nothing_the_last_parts_are_read() -> None:
    sentences = [f"this is sentence {n}." for n in range(MOST_PARTS + 3)]

    parts = parts_of(" ".join(sentences))

    assert parts == [sentence.rstrip(".") for sentence in sentences[-MOST_PARTS:]]


def test_a_very_long_message_is_taken_apart_as_well() -> None:
    parts = parts_of("and is it, " * 20_000)

    assert len(parts) <= MOST_PARTS
