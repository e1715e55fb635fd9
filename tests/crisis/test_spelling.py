"""Slips, slang, stars and run-together words are read as the words they mean."""

from __future__ import annotations

import pytest

from nlu_components.crisis.spelling import UNKNOWN, Spelling

SPELLING = Spelling(
    known=frozenset({"i", "want", "to", "die", "kill", "myself", "suicide", "rapist", "the"}),
    read_as={"wanna": ("want", "to"), "kms": ("kill", "myself")},
    often_mistyped=("suicide", "myself"),
    often_starred=("suicide", "kill", "die"),
    never_split=frozenset({"therapist"}),
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("i wanna die", ["i", "want", "to", "die"]),
        ("kms", ["kill", "myself"]),
        ("kiiiilllll mysefl", ["kill", "myself"]),
        ("sucide", ["suicide"]),
        ("s**cide", ["suicide"]),
        ("k*ll", ["kill"]),
        ("*die*", ["die"]),
        ("iwanttodie", ["i", "want", "to", "die"]),
        ("therapist", [UNKNOWN]),
        ("tomorrow", [UNKNOWN]),
        ("***", [UNKNOWN]),
        ("x" * 10_000, [UNKNOWN]),
    ],
)
def test_a_word_is_read_as_meant(written: str, read: list[str]) -> None:
    assert SPELLING.read(written) == read
