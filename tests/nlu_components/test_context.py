"""A follow-up that only points is read with what it points at; nothing else is touched."""

from __future__ import annotations

import pytest

from nlu_components.context import LONGEST, in_context

SUBJECT = "an IM injection"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("is it safe?", "is an IM injection safe?"),
        ("IS IT SAFE?", "IS an IM injection SAFE?"),
        ("do they hurt", "do an IM injection hurt"),
        ("how much is that?", "how much is an IM injection?"),
        ("does this hurt", "does an IM injection hurt"),
        ("can I try one", "can I try an IM injection"),
        ("what happens during that session", "what happens during an IM injection session"),
        ("how do I prepare for that", "how do I prepare for an IM injection"),
        ("how much is it and is it safe", "how much is an IM injection and is it safe"),
    ],
)
def test_the_first_word_that_points_is_replaced(text: str, read: str) -> None:
    assert in_context(text, SUBJECT) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("how long?", "how long an IM injection"),
        ("and how often", "and how often an IM injection"),
        ("So why?!", "So why an IM injection"),
    ],
)
def test_a_question_of_few_words_gets_its_subject(text: str, read: str) -> None:
    assert in_context(text, SUBJECT) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "what does an infusion cost",
        "my sister is italian",
        "how long does a session take",
        "whole body pain",
        "that doctor was kind",
        "I think that you are open on Sunday",
    ],
)
def test_a_message_that_points_at_nothing_needs_no_context(text: str) -> None:
    assert in_context(text, SUBJECT) is None


@pytest.mark.parametrize(
    "text",
    [
        "is it possible to pay later",
        "is it really true",
        "would it be better to wait",
        "Is it too late to cancel",
        "it says you are closed",
    ],
)
def test_an_empty_it_is_no_pointer(text: str) -> None:
    assert in_context(text, SUBJECT) is None


def test_a_longer_message_speaks_for_itself() -> None:
    question = "does it hurt"
    longest = " ".join(["really"] * (LONGEST - 3)) + f" {question}"

    assert in_context(longest, SUBJECT) is not None
    assert in_context(f"really {longest}", SUBJECT) is None


def test_the_subject_is_taken_word_for_word() -> None:
    assert in_context("is it safe", "ECT (100 % safe)") == "is ECT (100 % safe) safe"
