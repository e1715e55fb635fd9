"""`make rotate-keys` turns both environments to the newest keys."""

from __future__ import annotations

import subprocess

import pytest

from setup import keys
from setup.commands import COMMANDS


@pytest.mark.parametrize(
    ("codes", "code"), [((0, 0), 0), ((1, 0), 1), ((0, 1), 1), ((-9, 0), 1), ((0, -9), 1)]
)
def test_both_are_rotated_and_one_that_has_something_to_tell_is_heard(
    monkeypatch: pytest.MonkeyPatch, codes: tuple[int, int], code: int
) -> None:
    asked: list[list[str]] = []

    def call(command: list[str], **_: object) -> int:
        asked.append(command[2:])
        return codes[len(asked) - 1]

    monkeypatch.setattr(subprocess, "call", call)

    assert COMMANDS["rotate-keys"]() == code

    assert asked == [["clinic", "keys", "rotate"], ["nlu_components.tracker_keys", "rotate"]]
    assert COMMANDS["rotate-keys"] is keys.rotate_keys
