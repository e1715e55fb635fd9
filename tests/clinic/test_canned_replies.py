"""Canned replies are the clinic's words: read strictly, and nothing a clinic must not say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic.canned_replies import FILE, load_canned_replies
from clinic.screening.hand_written import UnusableFileError

DOSE = re.compile(r"\d+\s*(?:mg|mcg|ml|milligram)|mg/kg|\bdos(?:e|age)\b", re.IGNORECASE)
PROMISE = re.compile(r"\b(?:guarantee|cure|will help you|will work|proven|safe for you)\b", re.I)
ORDER = re.compile(r"\b(?:stop|start|skip|double|halve) (?:taking|your)\b", re.IGNORECASE)


def test_ours_hold_no_dose_no_promise_and_no_order() -> None:
    replies = load_canned_replies(FILE)

    assert len(replies) >= 5
    for text in replies.values():
        assert not DOSE.search(text)
        assert not PROMISE.search(text)
        assert not ORDER.search(text)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("Hello There: hi\n", "Hello There"),
        ("hello: 12\n", "must be text"),
        ("hello: ''\n", "empty"),
        (f"hello: {'a' * 4001}\n", "4000"),
        ("- hello\n", "canned.yml"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "canned.yml"
    path.write_text(content, "utf-8")

    with pytest.raises(UnusableFileError, match=says):
        load_canned_replies(path)
